// SPDX-License-Identifier: MIT
// The only file that loads the native addon. Not for browsers.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { BridgeError } from "../../model/errors.ts";
import type { AddonModule } from "./addon-module.ts";

/** From the sources, and from `dist`; made by cmake-js when the package is installed, or by node-gyp. */
const PLACES = [
  "../../../build/addon/Release/structwire_addon.node",
  "../../../../build/addon/Release/structwire_addon.node",
  "../../../build/Release/structwire_addon.node",
  "../../../../build/Release/structwire_addon.node",
];

/** The addon; the same each time. Throws `addon_missing` where it is not built or does not load. */
export function loadAddon(): AddonModule {
  const path = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((file) => existsSync(file));
  const advice = "build it with `npm run install` in the package's folder (a C++ compiler and CMake are needed)";
  if (path === undefined) throw new BridgeError("addon_missing", `the native addon is not built: ${advice}`);
  try {
    return createRequire(import.meta.url)(path) as AddonModule;
  } catch (cause) {
    throw new BridgeError("addon_missing", `the native addon at ${path} does not load: ${advice}`, { cause });
  }
}

// SPDX-License-Identifier: MIT
// The version of this package, as its package.json says.
import { readFileSync } from "node:fs";

/** From `dist/bridge/daemon`, and from the sources. */
const PLACES = ["../../../package.json", "../../package.json"];

/** `MAJOR.MINOR.PATCH` */
export const VERSION: string = readVersion();

function readVersion(): string {
  for (const place of PLACES) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(place, import.meta.url), "utf8")) as Record<
        string,
        unknown
      >;
      if (name === "structwire" && typeof version === "string") return version;
    } catch {
      // The other place.
    }
  }
  return "0.0.0";
}

// SPDX-License-Identifier: MIT
// Makes node_modules/structwire a link to this checkout, so that notebooks inside it can import "structwire": their TypeScript does not read `exports`.
import { lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const modules = join(dirname(dirname(fileURLToPath(import.meta.url))), "node_modules");
const link = join(modules, "structwire");
const found = lstatSync(link, { throwIfNoEntry: false });
if (!(found?.isSymbolicLink() && readlinkSync(link) === "..")) {
  // npm removes what the lock file does not list, so this runs again before every build.
  mkdirSync(modules, { recursive: true });
  rmSync(link, { recursive: true, force: true });
  symlinkSync("..", link, "dir");
}

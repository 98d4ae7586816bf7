// SPDX-License-Identifier: MIT
// Where things are in the checkout.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's folder. */
export const ROOT: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Tools that the scripts bring themselves; safe to delete. */
export const TOOLS: string = join(ROOT, "build", "tools");

/** A program of an installed package. */
export function packageProgram(name: string): string {
  return join(ROOT, "node_modules", ".bin", name);
}

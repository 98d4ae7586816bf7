// SPDX-License-Identifier: MIT
// Builds the parts named on the command line: ts, pages, native; all of them when none is named. A part whose sources are unchanged is left out.
import { availableParallelism } from "node:os";
import { buildPart, PARTS } from "./tools/parts.ts";

const wanted = process.argv.slice(2);
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const unknown = wanted.filter((name) => !PARTS.some((part) => part.name === name));
if (unknown.length > 0) {
  process.stderr.write(`no such part: ${unknown.join(", ")}; there are ${PARTS.map((part) => part.name).join(", ")}\n`);
  process.exitCode = 2;
} else {
  for (const part of PARTS) {
    if (wanted.length > 0 && !wanted.includes(part.name)) continue;
    try {
      await buildPart(part, { show: true, jobs: availableParallelism(), say });
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
      break;
    }
  }
}

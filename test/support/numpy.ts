// SPDX-License-Identifier: MIT
// What numpy sees in bytes, with a module that the generator wrote.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../../scripts/tools/paths.ts";
import { pythonProgram } from "../../scripts/tools/python.ts";

/** The Python program that reads structs with a generated module. */
export const READER: string = join(ROOT, "test", "support", "python", "read_structs.py");

/** What to read: structs of a type in a file. */
export interface Reading {
  /** Path of the generated module. */
  readonly module: string;
  /** Path of the schema JSON. */
  readonly schema: string;
  readonly struct: string;
  /** Path of the file, and where in it how many structs stand. */
  readonly bytes: string;
  readonly offset: number;
  readonly count: number;
}

/** What Python saw; numbers as little-endian bytes in hex. */
export interface Seen {
  /** The layout hash as Python computes it from the schema. */
  readonly hash: string;
  /** SHA-256 of the schema file. */
  readonly schemaHash: string;
  readonly itemsize: number;
  readonly columns: Readonly<Record<string, { readonly hex: string } | { readonly texts: readonly string[] }>>;
  /** The structs, written field by field, in hex; bitfields are zero. */
  readonly written: string;
}

/** Reads all of them in one process; throws with what Python complained about. */
export function readWithNumpy(readings: readonly Reading[]): readonly Seen[] {
  const input = readings.map((reading) => `${JSON.stringify(reading)}\n`).join("");
  const output = runPython("python", ["-W", "error", READER], input);
  return output
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Seen);
}

/** Runs a program of the environment with numpy to its end; throws with its output when it fails. */
export function runPython(program: string, args: readonly string[], input = ""): string {
  const done = spawnSync(pythonProgram("numpy", program), args, { encoding: "utf8", input, maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(`${program} ${args.join(" ")}\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

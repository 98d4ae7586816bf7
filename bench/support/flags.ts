// SPDX-License-Identifier: MIT
// The command line of `npm run bench`.
import { parseArgs } from "node:util";

/** What was asked for. */
export interface Flags {
  readonly names: readonly string[];
  readonly json: boolean;
  readonly tiny: boolean;
  readonly write: boolean;
  readonly rounds: number;
}

/** Quartiles of fewer rounds say little. */
export const ROUNDS = 9;

/** Reads the arguments. Throws a `TypeError` or a `RangeError` with what is wrong with them. */
export function readFlags(args: readonly string[], known: readonly string[]): Flags {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      tiny: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      rounds: { type: "string" },
    },
  });
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new RangeError(`no such benchmark: ${unknown.join(", ")}; there are ${known.join(", ")}`);
  const rounds = Number(values.rounds ?? (values.tiny ? 1 : ROUNDS));
  if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError("--rounds takes a whole number from 1 on");
  const names = positionals.length === 0 ? known : positionals;
  return { names, json: values.json, tiny: values.tiny, write: values.write, rounds };
}

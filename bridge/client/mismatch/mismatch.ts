// SPDX-License-Identifier: MIT
// How one struct differs from what a program was built for, as the program meets it: fields that it must not use, and fields of another name.
import { compileLayout } from "../../layout/compile.ts";
import { compareStructs, type StructOf } from "../../layout/compat/compare-structs.ts";
import type { Difference } from "../../layout/compat/verdict.ts";

/** What is to be heeded for one struct. Paths are those that the program was built for. */
export interface Mismatch {
  /** `motor/state`. */
  readonly name: string;
  /** Fields that break, with everything inside of them: path → what became of it. */
  readonly broken: ReadonlyMap<string, string>;
  /** Fields that are called otherwise now: path → path. */
  readonly renamed: ReadonlyMap<string, string>;
  /** The leaves of the struct that the program was built for, by path. */
  readonly leaves: readonly string[];
  /** All that is worth telling, in one sentence; empty when there is nothing. */
  readonly notice: string;
}

/** Compares what a program was built for with what is there now. `fields`: the only ones that were asked for; the others are no loss. */
export function mismatchOf(name: string, built: StructOf, now: StructOf, fields?: readonly string[]): Mismatch {
  const { differences: all, renamed } = compareStructs(built, now);
  const differences =
    fields === undefined ? all : all.filter(({ path }) => fields.some((field) => overlap(field, path)));
  const broken = new Map<string, string>();
  for (const { path, verdict, why } of differences) {
    if (verdict === "break" && !broken.has(path)) broken.set(path, why);
  }
  const leaves = compileLayout(built.schema, built.type).leaves.map(({ path }) => path);
  return { name, broken, renamed, leaves, notice: noticeOf(name, differences) };
}

/** Whether there is anything to guard: a field that breaks, or one of another name. */
export function mustGuard({ broken, renamed }: Mismatch): boolean {
  return broken.size + renamed.size > 0;
}

/** What to tell whoever uses a field that breaks, or one inside of it; undefined for any other. */
export function breakAt({ name, broken }: Mismatch, path: string): string | undefined {
  if (broken.size === 0) return undefined;
  const parts = path.split(".");
  for (let length = parts.length; length > 0; length--) {
    const field = parts.slice(0, length).join(".");
    const why = broken.get(field);
    if (why !== undefined) {
      return `${name}: ${field} ${why}, and this program was built for what it was`;
    }
  }
  return undefined;
}

/** Whether one path is the other, or inside of it. */
function overlap(one: string, other: string): boolean {
  return `${one}.`.startsWith(`${other}.`) || `${other}.`.startsWith(`${one}.`);
}

function noticeOf(name: string, differences: readonly Difference[]): string {
  const told = differences
    .filter(({ verdict }) => verdict !== "ok")
    .map(({ path, verdict, why }) => `${path} ${why} (${verdict})`);
  return told.length === 0 ? "" : `${name} is not what this program was built for: ${told.join("; ")}`;
}

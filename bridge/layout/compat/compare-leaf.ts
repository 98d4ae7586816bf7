// SPDX-License-Identifier: MIT
// How a field that is no struct differs between two schemas: by type, shape, labels, limits.
import type { JsonInteger, Leaf } from "../../model/schema.ts";
import { SCALARS } from "../scalars.ts";
import type { Finding, Verdict } from "./verdict.ts";

/** Everything that differs between the leaf that a reader was built for and the one that is there now, but for place, unit and annotations. */
export function compareLeaves(before: Leaf, now: Leaf): readonly Finding[] {
  const kinds = compareKinds(before, now);
  if (kinds.some(({ verdict }) => verdict === "break")) return kinds;
  const shape = compareDims(lengthsOf(before), lengthsOf(now));
  if (shape?.verdict === "break") return [shape];
  return [
    ...(shape === undefined ? [] : [shape]),
    ...kinds,
    ...compareLabels(before, now),
    ...compareLimits(before, now),
  ];
}

/** How the dimensions of an array differ; none are a single value. */
export function compareDims(before: readonly number[], now: readonly number[]): Finding | undefined {
  if (before.length !== now.length) return finding("break", `is ${shapeText(now)}, was ${shapeText(before)}`);
  if (before.every((length, at) => length === now[at])) return undefined;
  return finding("warn", `is ${shapeText(now)}, was ${shapeText(before)}`);
}

function lengthsOf({ dims }: Leaf): readonly number[] {
  return dims.map(({ length }) => length);
}

function shapeText(lengths: readonly number[]): string {
  return lengths.length === 0 ? "a single value" : `an array of ${lengths.join(" × ")}`;
}

function compareKinds(before: Leaf, now: Leaf): readonly Finding[] {
  if (before.kind === now.kind) {
    if (before.kind === "text" || before.kind === "bytes") return compareCapacities(before, now);
    return before.kind === "bool" ? [] : compareNumbers(before, now);
  }
  const [was, is] = [typeText(before), typeText(now)];
  // The values that a reader gets of an enum without a label are its numbers.
  if (before.kind === "enum" && isNumber(now) && isWide(before) === isWide(now)) {
    return [finding("warn", `is ${is} without labels, was ${was}`)];
  }
  const grew = before.kind === "number" && now.kind === "bigint";
  return [finding("break", `is ${is}${grew ? " and so a bigint" : ""}, was ${was}`)];
}

function compareCapacities(before: Leaf, now: Leaf): readonly Finding[] {
  if (before.capacity === now.capacity) return [];
  const unit = now.kind === "text" ? "characters" : "bytes";
  return [finding("warn", `has room for ${String(now.capacity)} ${unit}, had for ${String(before.capacity)}`)];
}

/** Two numbers, both with labels or without. */
function compareNumbers(before: Leaf, now: Leaf): readonly Finding[] {
  const [was, is] = [typeText(before), typeText(now)];
  if (isWide(before) !== isWide(now)) return [finding("break", `is ${is}, was ${was}`)];
  const verdict = numberVerdict(before, now);
  return verdict === "ok" ? [] : [finding(verdict, `is ${is}, was ${was}`)];
}

function numberVerdict(before: Leaf, now: Leaf): Verdict {
  const [was, is] = [SCALARS[before.type], SCALARS[now.type]];
  const [wasBits, isBits] = [bitsOf(before), bitsOf(now)];
  if (was.float && is.float) return compare(wasBits, isBits);
  if (was.float) return "warn";
  // A float holds whole numbers as far as its fraction reaches.
  if (is.float) return wasBits <= (isBits === 32 ? 24 : 53) ? "note" : "warn";
  return was.signed === is.signed ? compare(wasBits, isBits) : "warn";
}

function compare(before: number, now: number): Verdict {
  if (before === now) return "ok";
  return now > before ? "note" : "warn";
}

function bitsOf({ bits, type }: Leaf): number {
  return bits?.[2] ?? SCALARS[type].bytes * 8;
}

function isNumber({ kind }: Leaf): boolean {
  return kind === "number" || kind === "bigint";
}

/** Whether JavaScript has it as a bigint. */
function isWide({ type }: Leaf): boolean {
  return type === "i64" || type === "u64";
}

function typeText(leaf: Leaf): string {
  const bits = leaf.bits === undefined ? leaf.type : `${String(leaf.bits[2])} bits of ${leaf.type}`;
  const labelled = leaf.kind === "enum" ? `an enum of ${bits}` : bits;
  const element = leaf.kind === "text" || leaf.kind === "bytes" ? leaf.kind : labelled;
  return (
    element +
    lengthsOf(leaf)
      .map((length) => `[${String(length)}]`)
      .join("")
  );
}

function compareLabels(before: Leaf, now: Leaf): readonly Finding[] {
  if (before.labels === undefined || now.labels === undefined) return [];
  const findings: Finding[] = [];
  for (const [label, value] of before.labels) {
    const current = now.labels.get(label);
    if (current === undefined) findings.push(finding("warn", `has no label ${label} any more`));
    else if (current !== value)
      findings.push(finding("note", `has ${label} as ${String(current)}, had it as ${String(value)}`));
  }
  const added = [...now.labels.keys()].filter((label) => before.labels?.has(label) !== true);
  if (added.length > 0) findings.push(finding("ok", `has new labels: ${added.join(", ")}`));
  return findings;
}

function compareLimits(before: Leaf, now: Leaf): readonly Finding[] {
  if (before.min === now.min && before.max === now.max) return [];
  return [finding("note", `goes ${limitsText(now)}, went ${limitsText(before)}`)];
}

function limitsText({ min, max }: Leaf): string {
  const text = (limit: JsonInteger | undefined, none: string): string => (limit === undefined ? none : String(limit));
  return `from ${text(min, "-∞")} to ${text(max, "∞")}`;
}

function finding(verdict: Verdict, why: string): Finding {
  return { verdict, why };
}

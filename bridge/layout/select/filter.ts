// SPDX-License-Identifier: MIT
// Compiles a filter against a layout: comparisons become ranges of exact values, the whole a flat program that both codecs run.
import { BridgeError } from "../../model/errors.ts";
import type { Layout, Leaf } from "../../model/schema.ts";
import { assignments, type Assignment } from "../encode/names.ts";
import { integerRange, SCALARS } from "../scalars.ts";
import { readFilter, refuseFilter, type Filter, type Operator } from "./filter-node.ts";

/**
 * Operations in the order of `structwire::Test` in native/decode/filter.h, each with three operands: an element of a leaf (a, b) within bounds c; equal to
 * text c; then what puts the two last results together or turns the last one; a constant a.
 */
export const TESTS = { range: 0, text: 1, and: 2, or: 3, not: 4, constant: 5 } as const;

/** A filter compiled for a layout. */
export interface CompiledFilter {
  readonly layout: Layout;
  /** Four numbers a step: an operation of {@link TESTS} and its operands. */
  readonly steps: Uint32Array;
  /** Pairs of the least and greatest value that pass, as the bits of a double, or of a signed or unsigned integer, by the type of the leaf. */
  readonly bounds: BigUint64Array;
  readonly texts: readonly Uint8Array[];
}

/** How the elements of a leaf compare. */
export type Comparing = "double" | "signed" | "unsigned";

/** How the elements of a leaf compare that is neither text nor bytes. */
export function comparing(leaf: Leaf): Comparing {
  const { float, signed } = SCALARS[leaf.type];
  return float ? "double" : signed ? "signed" : "unsigned";
}

/**
 * Compiles a filter of any origin. Values are rounded to the type of a float field and compared exactly with integers; a NaN passes `!=` alone.
 * Throws `bad_filter`, `unknown_field`.
 */
export function makeFilter(layout: Layout, filter: unknown): CompiledFilter {
  const program = new Program(layout);
  program.add(readFilter(filter));
  return program.compiled();
}

class Program {
  readonly #layout: Layout;
  readonly #steps: number[] = [];
  readonly #bounds: bigint[] = [];
  readonly #texts: Uint8Array[] = [];

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  compiled(): CompiledFilter {
    return {
      layout: this.#layout,
      steps: Uint32Array.from(this.#steps),
      bounds: BigUint64Array.from(this.#bounds),
      texts: this.#texts,
    };
  }

  add(filter: Filter): void {
    if ("and" in filter)
      this.#all(
        filter.and,
        (each) => {
          this.add(each);
        },
        TESTS.and,
      );
    else if ("or" in filter)
      this.#all(
        filter.or,
        (each) => {
          this.add(each);
        },
        TESTS.or,
      );
    else if ("not" in filter) {
      this.add(filter.not);
      this.#steps.push(TESTS.not, 0, 0, 0);
    } else this.#compare(filter.field, filter.op, filter.value);
  }

  /** Two at a time, so that no more than two results wait beside those of the parts around. */
  #all<T>(parts: readonly T[], add: (part: T) => void, operation: number): void {
    parts.forEach((part, i) => {
      add(part);
      if (i > 0) this.#steps.push(operation, 0, 0, 0);
    });
  }

  #compare(field: string, op: Operator, value: unknown): void {
    const element = elementOf(this.#layout, field);
    if (op === "!=") {
      this.#compare(field, "=", value);
      this.#steps.push(TESTS.not, 0, 0, 0);
    } else if (op === "in") {
      this.#all(
        value as readonly unknown[],
        (each) => {
          this.#test(element, "=", each);
        },
        TESTS.or,
      );
    } else this.#test(element, op, value);
  }

  #test(element: Assignment, op: Operator, value: unknown): void {
    const { index, leaf, element: at } = element;
    if (leaf.kind === "bytes") refuseFilter(`${element.name} is bytes, which do not compare`);
    if (leaf.kind === "text") {
      const text = textOf(element, op, value);
      if (text.length > leaf.capacity) this.#steps.push(TESTS.constant, 0, 0, 0);
      else this.#steps.push(TESTS.text, index, at, this.#texts.push(text) - 1);
      return;
    }
    const bounds = SCALARS[leaf.type].float ? floatBounds(element, op, value) : integerBounds(element, op, value);
    if (bounds === undefined) this.#steps.push(TESTS.constant, 0, 0, 0);
    else this.#steps.push(TESTS.range, index, at, (this.#bounds.push(...bounds) - 2) / 2);
  }
}

function elementOf(layout: Layout, field: string): Assignment {
  try {
    const [found] = assignments(layout, { [field]: null });
    if (found !== undefined) return found;
  } catch (cause) {
    if (!(cause instanceof BridgeError) || cause.code !== "bad_value") throw cause;
  }
  return refuseFilter(`${field.slice(0, 200)} is a struct or an array: name one of its elements, like "a.b" or "a[2]"`);
}

function textOf({ name }: Assignment, op: Operator, value: unknown): Uint8Array {
  if (op !== "=") refuseFilter(`${name} is a text, which takes = != in`);
  if (typeof value !== "string" || value.includes("\0")) return refuseFilter(`${name} compares with a text`);
  return new TextEncoder().encode(value);
}

/** The bits of the least and greatest double that pass, or undefined when none does. */
function floatBounds({ leaf, name }: Assignment, op: Operator, value: unknown): readonly [bigint, bigint] | undefined {
  const number = (each: unknown): number => {
    if (typeof each !== "number" || Number.isNaN(each)) return refuseFilter(`${name} compares with a number`);
    return leaf.type === "f32" ? Math.fround(each) : each;
  };
  const [from, to] = op === "between" ? (value as readonly unknown[]).map(number) : [number(value), number(value)];
  if (from === undefined || to === undefined) return undefined;
  const least = op === "<" || op === "<=" ? -Infinity : op === ">" ? next(from, 1n) : from;
  const greatest = op === ">" || op === ">=" ? Infinity : op === "<" ? next(to, -1n) : to;
  return least === undefined || greatest === undefined || least > greatest
    ? undefined
    : [bitsOf(least), bitsOf(greatest)];
}

/** The next double above (1) or below (-1), or undefined beyond the infinities. */
function next(value: number, direction: 1n | -1n): number | undefined {
  if (value === (direction === 1n ? Infinity : -Infinity)) return undefined;
  if (value === 0) return direction === 1n ? Number.MIN_VALUE : -Number.MIN_VALUE;
  return doubleOf(bitsOf(value) + (value > 0 ? direction : -direction));
}

function bitsOf(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

function doubleOf(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

/** The least and greatest integer that pass as 64-bit patterns, or undefined when none does. */
function integerBounds(element: Assignment, op: Operator, value: unknown): readonly [bigint, bigint] | undefined {
  const { signed } = SCALARS[element.leaf.type];
  const type = integerRange(signed, 64);
  const [from, to] = op === "between" ? (value as readonly unknown[]) : [value, value];
  const [low, high] = [integers(element, from), integers(element, to)];
  let { least, greatest } = type;
  if (op === "=" || op === ">=" || op === "between") least = low.above;
  if (op === ">") least = low.below + 1n;
  if (op === "=" || op === "<=" || op === "between") greatest = high.below;
  if (op === "<") greatest = high.above - 1n;
  if (least < type.least) least = type.least;
  if (greatest > type.greatest) greatest = type.greatest;
  return least > greatest ? undefined : [BigInt.asUintN(64, least), BigInt.asUintN(64, greatest)];
}

/** The integers next to a value, below and above: both are the value itself when it is whole. */
function integers({ leaf, name }: Assignment, value: unknown): { readonly below: bigint; readonly above: bigint } {
  const exact = exactly(leaf, value);
  if (exact !== undefined) return { below: exact, above: exact };
  if (typeof value !== "number" || !Number.isFinite(value)) {
    const expected =
      leaf.kind === "bool" ? "true or false" : leaf.labels === undefined ? "a number" : "one of its labels or a number";
    return refuseFilter(`${name} compares with ${expected}`);
  }
  return { below: BigInt(Math.floor(value)), above: BigInt(Math.ceil(value)) };
}

function exactly(leaf: Leaf, value: unknown): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "boolean") return leaf.kind === "bool" ? BigInt(value) : undefined;
  if (typeof value !== "string") return undefined;
  return leaf.labels?.get(value) ?? (/^-?[0-9]{1,20}$/.test(value) ? BigInt(value) : undefined);
}

/** The value that bits of {@link CompiledFilter.bounds} stand for. */
export function boundOf(leaf: Leaf, bits: bigint): number | bigint {
  const by = comparing(leaf);
  return by === "double" ? doubleOf(bits) : by === "signed" ? BigInt.asIntN(64, bits) : bits;
}

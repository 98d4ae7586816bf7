// SPDX-License-Identifier: MIT
// Numbers written in annotations, brought to the type of their field.
import { integerRange, SCALARS } from "../../layout/scalars.ts";
import type { JsonInteger, ScalarType } from "../../model/schema.ts";

/** What a number is for decides how it is rounded: a limit never outwards. */
export type Rounding = "up" | "down" | "nearest";

/** The type that a number has to fit. */
export interface NumberTarget {
  readonly scalar: ScalarType;
  /** Width of a bitfield. */
  readonly bits?: number;
  readonly labels?: ReadonlyMap<string, bigint>;
}

/**
 * Reads `text` as a value of the field. Floats are rounded to the field's own type, so that 0.1 as a `float` does not refuse itself.
 * null is an infinite limit, undefined what is no number or does not fit.
 */
export function readNumber(text: string, target: NumberTarget, rounding: Rounding): JsonInteger | null | undefined {
  // In C++ it may be written as there, Mode::On.
  const label = target.labels?.get(text.replace(/^.*:/s, ""));
  if (label !== undefined) return jsonInteger(label);
  const { scalar } = target;
  if (scalar === "c8") return undefined;
  if (/^[-+]?(?:inf|infinity)$/i.test(text)) return rounding === "nearest" ? undefined : null;
  if (scalar === "bool") {
    const value = { true: 1, false: 0, "1": 1, "0": 0 }[text];
    return value;
  }
  if (SCALARS[scalar].float) {
    const value = parseFloating(text);
    if (value === undefined) return undefined;
    const rounded = scalar === "f32" ? Math.fround(value) : value;
    return Number.isFinite(rounded) ? rounded : undefined;
  }
  const exact = parseInteger(text, rounding);
  const { least, greatest } = integerRange(SCALARS[scalar].signed, target.bits ?? SCALARS[scalar].bytes * 8);
  return exact === undefined || exact < least || exact > greatest ? undefined : jsonInteger(exact);
}

/** An integer as JSON writes it: a number while that is exact, else its digits. */
export function jsonInteger(value: bigint): JsonInteger {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

function parseFloating(text: string): number | undefined {
  if (/^[-+]?0x[0-9a-f]+$/i.test(text)) return Number(parseInteger(text, "nearest"));
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?f?$/i.test(text) ? Number.parseFloat(text) : undefined;
}

function parseInteger(text: string, rounding: Rounding): bigint | undefined {
  const match = /^([-+]?)(0x[0-9a-f]+|0b[01]+|\d+)(?:u|l|ul|ll|ull)?$/i.exec(text);
  if (match !== null) {
    const value = BigInt(match[2] ?? "0");
    return match[1] === "-" ? -value : value;
  }
  const value = parseFloating(text);
  if (value === undefined || !Number.isFinite(value)) return undefined;
  if (rounding === "nearest") return Number.isInteger(value) ? BigInt(value) : undefined;
  return BigInt(rounding === "up" ? Math.ceil(value) : Math.floor(value));
}

// SPDX-License-Identifier: MIT
// Rules of number fields: what a typed text means, how far an arrow key goes, where a slider's steps lie.
import type { JsonInteger } from "../../../model/schema.ts";
import type { FieldEntry, Json } from "../../../session/messages.ts";
import { isInteger } from "../fields/value-text.ts";

/** What a typed text is for a field, or why it is nothing. */
export type Typed =
  { readonly ok: true; readonly value: number | string } | { readonly ok: false; readonly reason: string };

/** A slider's range; null when the field has no limits on both sides. */
export interface SliderRange {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** Steps of a slider whose field names none. */
const SLIDER_STEPS = 200;

/** Reads what a person typed. Limits are the driver's to check: a value outside is sent, and its refusal shown. */
export function readNumber(text: string, entry: FieldEntry): Typed {
  const trimmed = text
    .trim()
    .replace("−", "-")
    .replaceAll(/[,_\s]/g, "");
  const value = Number(trimmed);
  if (trimmed === "" || !Number.isFinite(value)) return { ok: false, reason: `"${text}" is not a number` };
  if (!isInteger(entry.type)) return { ok: true, value };
  if (!Number.isInteger(value)) return { ok: false, reason: `${entry.name} takes whole numbers only` };
  // Beyond 2⁵³ only the digits themselves are exact.
  return { ok: true, value: Number.isSafeInteger(value) ? value : trimmed };
}

/** How a number stands in an input: all its digits, none that are rounding. */
export function inputText(value: Json | undefined, entry: FieldEntry): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "number") return typeof value === "string" ? value : JSON.stringify(value);
  // A float that was widened to a double shows digits that nobody typed.
  return String(entry.type === "f32" ? Number(value.toPrecision(7)) : value);
}

/** The range of the field's slider. */
export function sliderRange(entry: FieldEntry): SliderRange | null {
  const min = Number(entry.min ?? NaN);
  const max = Number(entry.max ?? NaN);
  if (!(min < max) || !Number.isFinite(max - min)) return null;
  return { min, max, step: stepOf(entry) };
}

/** How far one arrow key press goes. */
export function stepOf(entry: FieldEntry): number {
  const step = Number(entry.step ?? NaN);
  if (step > 0) return step;
  const range = Number(entry.max ?? NaN) - Number(entry.min ?? NaN);
  if (!(range > 0) || !Number.isFinite(range)) return isInteger(entry.type) ? 1 : 0.1;
  const rough = 10 ** Math.floor(Math.log10(range / SLIDER_STEPS) + 1e-9);
  const nice = [1, 2, 5, 10].map((factor) => factor * rough).find((size) => range / size <= SLIDER_STEPS) ?? rough;
  return isInteger(entry.type) ? Math.max(1, Math.round(nice)) : nice;
}

/** `value` moved by `steps`, on the grid of the step, inside the limits. */
export function stepped(value: number, steps: number, entry: FieldEntry): number {
  const step = stepOf(entry);
  const moved = Number(((Math.round(value / step) + steps) * step).toPrecision(12));
  return Math.min(Number(entry.max ?? Infinity), Math.max(Number(entry.min ?? -Infinity), moved));
}

/** How many steps a key goes; Shift makes ten times as many. */
const KEY_STEPS: Readonly<Record<string, number>> = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

/** How many steps a pressed key moves a number; undefined: it is another key. */
export function keySteps(event: Pick<KeyboardEvent, "key" | "shiftKey">): number | undefined {
  const steps = KEY_STEPS[event.key];
  return steps === undefined ? undefined : steps * (event.shiftKey ? 10 : 1);
}

/** The limits in words, for a title. */
export function limitsText(entry: FieldEntry): string {
  const unit = entry.unit === undefined ? "" : ` ${entry.unit}`;
  const text = (limit: JsonInteger): string => String(limit).replace("-", "−");
  const { min, max } = entry;
  if (min !== undefined && max !== undefined) return `${text(min)} … ${text(max)}${unit}`;
  if (min !== undefined) return `at least ${text(min)}${unit}`;
  return max === undefined ? "" : `at most ${text(max)}${unit}`;
}

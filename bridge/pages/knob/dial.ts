// SPDX-License-Identifier: MIT
// The arithmetic of a round knob: steps, limits, and which turn of a pointer is which value.

/** What a knob can be turned to. */
export interface DialRange {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** The knob's ends stand at so many degrees from the top, on either side. */
export const END_DEGREES = 135;

/** The value on the grid of the steps (which begins at `min`) and inside the limits that is nearest to `value`. */
export function snapped(value: number, { min, max, step }: DialRange): number {
  const inside = Math.min(max, Math.max(min, value));
  const onGrid = min + Math.round((inside - min) / step) * step;
  // The top may lie between two steps, and decimals of sums are not those of the grid.
  return Math.min(max, Number(onGrid.toPrecision(12)));
}

/** `value` turned by so many steps. */
export function turned(value: number, steps: number, range: DialRange): number {
  return snapped(value + steps * range.step, range);
}

/** Where a value stands: degrees from the top, clockwise. */
export function degreesOf(value: number, { min, max }: DialRange): number {
  const part = Math.min(1, Math.max(0, (value - min) / (max - min)));
  return (2 * part - 1) * END_DEGREES;
}

/** By how much a turn of `degrees` changes a value. */
export function valueOfTurn(degrees: number, { min, max }: DialRange): number {
  return (degrees / (2 * END_DEGREES)) * (max - min);
}

/** The direction of a point from the knob's middle: degrees from the top, clockwise; `down` grows downwards as on screens. */
export function directionOf(right: number, down: number): number {
  return (Math.atan2(right, -down) * 180) / Math.PI;
}

/** From one direction to another the shorter way, −180 to 180: a pointer that crosses the bottom turns on and does not jump. */
export function turnBetween(from: number, to: number): number {
  const turn = (((to - from) % 360) + 540) % 360;
  return turn - 180;
}

/** How many steps a key turns, `Infinity` to the end; undefined: another key. Shift makes ten of one. */
export function keySteps(key: string, isShift: boolean): number | undefined {
  const steps = KEY_STEPS.get(key);
  return steps !== undefined && Math.abs(steps) === 1 && isShift ? steps * 10 : steps;
}

const KEY_STEPS: ReadonlyMap<string, number> = new Map([
  ["ArrowUp", 1],
  ["ArrowRight", 1],
  ["ArrowDown", -1],
  ["ArrowLeft", -1],
  ["PageUp", 10],
  ["PageDown", -10],
  ["Home", -Infinity],
  ["End", Infinity],
]);

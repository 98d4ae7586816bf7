// SPDX-License-Identifier: MIT
// Round numbers along an axis, and how they are written.

/** About `wanted` round numbers from `least` to `greatest`, both finite. */
export function ticksOf(least: number, greatest: number, wanted: number): number[] {
  const span = greatest - least;
  if (!(span > 0)) return [least];
  const rough = span / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(least / step);
  const count = Math.floor(greatest / step) - first + 1;
  // By whole multiples, so that no error adds up.
  return Array.from({ length: Math.max(0, Math.min(count, 100)) }, (_, i) => (first + i) * step);
}

/** A number of an axis, short. */
export function tickText(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(1).replace(".0e", "e").replace("e+", "e");
  return String(Number(value.toPrecision(6)));
}

/** The range of some numbers with a little room; of none, and of one, a range around it. */
export function rangeOf(values: Iterable<number>): readonly [number, number] {
  let least = Infinity;
  let greatest = -Infinity;
  for (const value of values) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  if (least > greatest) return [0, 1];
  const room = greatest > least ? (greatest - least) * 0.05 : Math.max(Math.abs(greatest) * 0.05, 0.5);
  return [least - room, greatest + room];
}

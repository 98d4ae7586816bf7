// SPDX-License-Identifier: MIT
// Numbers as text that people can read while they change: a steady count of digits, digits in groups, short axis labels.

const GROUPED = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const COUNTED = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });
const STEPS = [
  { from: 1e15, divisor: 1e15, suffix: "P" },
  { from: 1e12, divisor: 1e12, suffix: "T" },
  { from: 1e9, divisor: 1e9, suffix: "G" },
  { from: 1e6, divisor: 1e6, suffix: "M" },
  { from: 1e4, divisor: 1e3, suffix: "k" },
];

/** An integer with its digits in groups of three. */
export function groupedText(value: number | bigint): string {
  return GROUPED.format(value);
}

/** A count or a rate for a header: whole numbers, one decimal below 100. */
export function countText(value: number): string {
  return value < 100 ? COUNTED.format(value) : GROUPED.format(value);
}

/** A rate in samples a second. */
export function rateText(perSecond: number): string {
  return `${countText(perSecond)}/s`;
}

/** What is not a finite number, as text. */
function oddText(value: number): string {
  return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
}

/** A number with about five digits that count, as short as that allows. */
export function plainText(value: number): string {
  if (!Number.isFinite(value)) return oddText(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return minus(groupedText(value));
  const size = Math.abs(value);
  if (size >= 1e9 || size < 1e-5) return minus(value.toExponential(4));
  return minus(String(Number(value.toPrecision(6))));
}

/** Writes the numbers of one field so that the count of decimals stays the same while they move. */
export class SteadyNumber {
  #peak = 0;

  /** The text for `value`, with decimals for the largest number seen of late. */
  text(value: number): string {
    if (!Number.isFinite(value)) return oddText(value);
    // The peak fades slowly: after a spike the decimals come back within a minute or two, not at once.
    this.#peak = Math.max(Math.abs(value), this.#peak * 0.999);
    if (this.#peak >= 1e9 || (this.#peak < 1e-6 && this.#peak > 0)) return minus(value.toExponential(3));
    const digits = this.#peak === 0 ? 1 : Math.floor(Math.log10(this.#peak)) + 1;
    return minus(value.toFixed(Math.min(9, Math.max(0, 5 - digits))));
  }
}

/** The labels of an axis whose ticks are `step` apart. */
export function axisTexts(ticks: readonly number[], step: number): string[] {
  const size = Math.max(...ticks.map(Math.abs));
  if (size !== 0 && (size < 1e-4 || size >= 1e18))
    return ticks.map((tick) => minus(tick === 0 ? "0" : tick.toExponential(1)));
  const scale = STEPS.find((entry) => size >= entry.from);
  const divisor = scale?.divisor ?? 1;
  const decimals = decimalsOf(step / divisor);
  return ticks.map((tick) => minus((tick / divisor).toFixed(decimals)) + (tick === 0 ? "" : (scale?.suffix ?? "")));
}

/** How many decimals write `step` without rounding, at most 8. */
export function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < 8; decimals++) {
    const scaled = step * 10 ** decimals;
    if (scaled >= 1 - 1e-9 && Math.abs(scaled - Math.round(scaled)) < 1e-6) return decimals;
  }
  return 8;
}

/** A duration in ms as people say it. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${String(Math.round(ms))} ms`;
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : secondsText(ms);
}

/** A delay in ms, to a hundredth where it is short; a dash while it is not known. */
export function delayText(ms: number | undefined): string {
  if (ms === undefined) return "–";
  return minus(`${ms.toFixed(Math.abs(ms) < 10 ? 2 : 0)} ms`);
}

/** A duration in ms in whole seconds, or minutes and seconds. */
export function secondsText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return seconds < 60 ? `${String(seconds)} s` : `${String(Math.floor(seconds / 60))} min ${String(seconds % 60)} s`;
}

/** The time of day of `ms` since 1970, in the user's zone, with `decimals` of a second. */
export function clockText(ms: number, decimals: number): string {
  const date = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, "0");
  const fraction = ms / 1000 - Math.floor(ms / 1000);
  const tail = decimals === 0 ? "" : fraction.toFixed(6).slice(1, 2 + decimals);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}${tail}`;
}

/** A true minus sign: as wide as a digit's plus, unlike the hyphen. */
function minus(text: string): string {
  return text.replace("-", "−");
}

// SPDX-License-Identifier: MIT
// The vertical range of a live plot: grows at once, so that nothing is cut off, and shrinks calmly.

const PAD = 0.08;
/** The range shrinks when the line fills less than this part of it … */
const TIGHT = 0.7;
/** … by this part of the difference each frame. */
const EASE = 0.08;

/** Beyond this the length of an axis would be infinite. */
const LARGEST = 1e300;

export interface Span {
  readonly min: number;
  readonly max: number;
}

/** One axis's range, moved a little with every frame. */
export class YRange {
  #span: Span | null = null;

  /** The range for a line between `least` and `greatest`; infinite ones mean that there is no line now. `jump`: without easing. */
  next(least: number, greatest: number, jump: boolean): Span {
    if (!(least <= greatest)) return this.#span ?? { min: 0, max: 1 };
    const wanted = padded(Math.max(least, -LARGEST), Math.min(greatest, LARGEST));
    const now = this.#span;
    if (now === null || jump) return (this.#span = wanted);
    let { min, max } = now;
    if (least < min) min = wanted.min;
    if (greatest > max) max = wanted.max;
    if (greatest - least < TIGHT * (max - min)) {
      min += Math.max(0, wanted.min - min) * EASE;
      max -= Math.max(0, max - wanted.max) * EASE;
    }
    return (this.#span = { min, max });
  }

  reset(): void {
    this.#span = null;
  }
}

function padded(least: number, greatest: number): Span {
  const size = Math.max(Math.abs(least), Math.abs(greatest));
  // A line that is flat to within rounding gets room of its own size, or ±1 around zero.
  if (greatest - least <= size * 1e-9) {
    const room = size === 0 ? 1 : size * 0.1;
    return { min: least - room, max: greatest + room };
  }
  const pad = (greatest - least) * PAD;
  return { min: least - pad, max: greatest + pad };
}

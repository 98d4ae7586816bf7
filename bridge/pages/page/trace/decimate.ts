// SPDX-License-Identifier: MIT
// Thins a line to what the screen can show, without losing an extreme: per pixel column the first, least, greatest and last sample.

/** A line to draw, in arrays that are used again for the next frame. */
export class Polyline {
  xs: Float64Array = new Float64Array(1024);
  ys: Float64Array = new Float64Array(1024);
  /** 1 where a new stroke begins. */
  breaks: Uint8Array = new Uint8Array(1024);
  length = 0;
  /** Samples that the line stands for. */
  samples = 0;
  least: number = Infinity;
  greatest: number = -Infinity;

  clear(): void {
    this.length = 0;
    this.samples = 0;
    this.least = Infinity;
    this.greatest = -Infinity;
  }

  /** Makes room for `count` more points. */
  reserve(count: number): void {
    if (this.length + count <= this.xs.length) return;
    const capacity = Math.max(this.xs.length * 2, this.length + count);
    const xs = new Float64Array(capacity);
    const ys = new Float64Array(capacity);
    const breaks = new Uint8Array(capacity);
    xs.set(this.xs);
    ys.set(this.ys);
    breaks.set(this.breaks);
    this.xs = xs;
    this.ys = ys;
    this.breaks = breaks;
  }

  add(x: number, y: number, broken: boolean): void {
    const at = this.length++;
    this.xs[at] = x;
    this.ys[at] = y;
    this.breaks[at] = broken ? 1 : 0;
  }
}

/** The rings that a line is read from; see `Recorder`. */
export interface LineSource {
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly breaks: Uint8Array;
}

/**
 * Reads samples `from` to `to` (running indices) of `source` into `line`. `columnMs` is the width of a pixel column; columns are
 * cut at multiples of it, not at the view's edge, so that a point belongs to the same column while the view moves on.
 */
export function decimate(source: LineSource, from: number, to: number, columnMs: number, line: Polyline): void {
  const { times, values, breaks } = source;
  const mask = times.length - 1;
  line.clear();
  let broken = true;
  let index = from;
  while (index < to) {
    const first = index & mask;
    const time = times[first] ?? NaN;
    const value = values[first] ?? NaN;
    if (breaks[first] === 1) broken = true;
    index++;
    if (Number.isNaN(value)) {
      broken = true;
      continue;
    }
    const end = (Math.floor(time / columnMs) + 1) * columnMs;
    let least = value;
    let leastTime = time;
    let greatest = value;
    let greatestTime = time;
    let last = value;
    let lastTime = time;
    let count = 1;
    // Within a column only a break or a NaN ends the run early; both begin a new stroke with the next sample.
    while (index < to) {
      const at = index & mask;
      const t = times[at] ?? NaN;
      const v = values[at] ?? NaN;
      if (!(t < end) || breaks[at] === 1 || Number.isNaN(v)) break;
      if (v < least) {
        least = v;
        leastTime = t;
      } else if (v > greatest) {
        greatest = v;
        greatestTime = t;
      }
      last = v;
      lastTime = t;
      count++;
      index++;
    }
    line.reserve(4);
    line.add(time, value, broken);
    broken = false;
    if (count > 2) {
      const rising = leastTime < greatestTime;
      const [t1, v1, t2, v2] = rising
        ? [leastTime, least, greatestTime, greatest]
        : [greatestTime, greatest, leastTime, least];
      if (t1 > time && t1 < lastTime) line.add(t1, v1, false);
      if (t2 > time && t2 < lastTime) line.add(t2, v2, false);
    }
    if (count > 1) line.add(lastTime, last, false);
    line.samples += count;
    if (least < line.least) line.least = least;
    if (greatest > line.greatest) line.greatest = greatest;
  }
}

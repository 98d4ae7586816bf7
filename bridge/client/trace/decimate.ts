// SPDX-License-Identifier: MIT
// Thins a line to what the screen can show, without losing an extreme: per pixel column the first, least, greatest and last sample.

/** A line to draw. The arrays are used again; only the first `length` entries hold. */
export class Polyline {
  xs: Float64Array = new Float64Array(1024);
  ys: Float64Array = new Float64Array(1024);
  /** 1 where a new stroke begins. */
  breaks: Uint8Array = new Uint8Array(1024);
  length = 0;

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

/** Where the last column begins: it may get more samples, all before it are as they will stay. */
export interface OpenColumn {
  /** Running index of its first sample. */
  readonly index: number;
  /** Points of the line before it. */
  readonly length: number;
  /** Whether its first sample begins a new stroke. */
  readonly broken: boolean;
}

/**
 * Adds samples `from` to `to` (running indices) of `source` to `line`; `broken` says whether the first begins a new stroke. `columnMs` is the
 * width of a pixel column; columns are cut at multiples of it, not at the view's edge, so that a sample stays in its column while the view moves on.
 */
export function decimate(
  source: LineSource,
  from: number,
  to: number,
  columnMs: number,
  line: Polyline,
  broken = true,
): OpenColumn {
  const { times, values, breaks } = source;
  const mask = times.length - 1;
  let open: OpenColumn = { index: from, length: line.length, broken };
  let index = from;
  while (index < to) {
    const at = index & mask;
    const time = times[at] ?? NaN;
    const value = values[at] ?? NaN;
    if (breaks[at] === 1) broken = true;
    // Also infinities: there is no place for them.
    if (!Number.isFinite(value)) {
      broken = true;
      index++;
      continue;
    }
    open = { index, length: line.length, broken };
    index = addColumn(source, index, to, (Math.floor(time / columnMs) + 1) * columnMs, line, broken);
    broken = false;
  }
  return open;
}

/** Adds the samples from `index` up to the time `end`, or up to a break, as at most four points. Returns the index after them. */
function addColumn(
  { times, values, breaks }: LineSource,
  index: number,
  to: number,
  end: number,
  line: Polyline,
  broken: boolean,
): number {
  const mask = times.length - 1;
  const firstTime = times[index & mask] ?? NaN;
  const first = values[index & mask] ?? NaN;
  let least = first;
  let leastTime = firstTime;
  let greatest = first;
  let greatestTime = firstTime;
  let last = first;
  let lastTime = firstTime;
  let next = index + 1;
  for (; next < to; next++) {
    const at = next & mask;
    const time = times[at] ?? NaN;
    const value = values[at] ?? NaN;
    if (!(time < end) || breaks[at] === 1 || !Number.isFinite(value)) break;
    if (value < least) {
      least = value;
      leastTime = time;
    } else if (value > greatest) {
      greatest = value;
      greatestTime = time;
    }
    last = value;
    lastTime = time;
  }
  line.reserve(4);
  line.add(firstTime, first, broken);
  const leastIsFirst = leastTime < greatestTime;
  const early = leastIsFirst ? leastTime : greatestTime;
  const late = leastIsFirst ? greatestTime : leastTime;
  if (early > firstTime && early < lastTime) line.add(early, leastIsFirst ? least : greatest, false);
  if (late > firstTime && late < lastTime && late !== early) line.add(late, leastIsFirst ? greatest : least, false);
  if (next > index + 1) line.add(lastTime, last, false);
  return next;
}

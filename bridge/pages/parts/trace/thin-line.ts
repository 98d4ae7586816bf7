// SPDX-License-Identifier: MIT
// One thinned line from frame to frame: only what came since the last frame is read, so a minute of samples costs no more than a second.
import { decimate, Polyline, type OpenColumn } from "../../../client/trace/decimate.ts";
import type { Recorder } from "../../../client/trace/recorder.ts";

/** Follows one field of one recorder. */
export class ThinLine {
  readonly #line = new Polyline();
  #recorder: Recorder | null = null;
  #values: Float64Array | null = null;
  #columnMs = 0;
  #from = 0;
  #open: OpenColumn = { index: 0, length: 0, broken: true };
  /** First point of the line that is needed for the view. */
  first = 0;
  /** Samples that the view shows. */
  samples = 0;

  get line(): Polyline {
    return this.#line;
  }

  /** Brings the line up to the samples of `recorder` between two times, at `columnMs` a pixel column. */
  update(recorder: Recorder, label: string, leftMs: number, rightMs: number, columnMs: number): void {
    const values = recorder.lane(label);
    if (values === null) {
      this.#recorder = null;
      this.#line.length = this.first = this.samples = 0;
      return;
    }
    // One sample more on either side, so that the line reaches the edges.
    const from = Math.max(recorder.start, recorder.indexAt(leftMs) - 1);
    const to = Math.min(recorder.head, recorder.indexAt(rightMs) + 1);
    const isSame = recorder === this.#recorder && values === this.#values && columnMs === this.#columnMs;
    // What lies to the left is dropped once it is as much as what is shown.
    const isNear =
      from >= this.#from && from <= this.#open.index && to >= this.#open.index && from - this.#from <= to - from;
    if (!isSame || !isNear) {
      this.#recorder = recorder;
      this.#values = values;
      this.#columnMs = columnMs;
      this.#from = from;
      this.#open = { index: from, length: 0, broken: true };
    }
    const { index, length, broken } = this.#open;
    this.#line.length = length;
    const source = { times: recorder.times, breaks: recorder.breaks, values };
    this.#open = decimate(source, index, to, columnMs, this.#line, broken);
    this.samples = to - from;
    this.first = this.#firstAfter(leftMs);
  }

  /** Least and greatest value of the points in view; infinite when there are none. */
  extremes(): { readonly least: number; readonly greatest: number } {
    let least = Infinity;
    let greatest = -Infinity;
    const { ys, length } = this.#line;
    for (let i = this.first; i < length; i++) {
      const y = ys[i] ?? NaN;
      if (y < least) least = y;
      if (y > greatest) greatest = y;
    }
    return { least, greatest };
  }

  /** The last point before `leftMs`, or the first of all. */
  #firstAfter(leftMs: number): number {
    const { xs, length } = this.#line;
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((xs[middle] ?? NaN) < leftMs) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}

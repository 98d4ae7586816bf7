// SPDX-License-Identifier: MIT
// The thinned line: as few points as the screen shows, no extreme lost, no gap closed.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { describe, it } from "mocha";
import { decimate, Polyline, type LineSource } from "../../../../bridge/client/trace/decimate.ts";

function source(values: readonly number[], times: readonly number[], breaks: readonly number[] = []): LineSource {
  const size = 2 ** Math.ceil(Math.log2(Math.max(1, values.length)));
  const ring = <T extends Float64Array | Uint8Array>(array: T, from: readonly number[]): T => {
    array.set(from);
    return array;
  };
  return {
    values: ring(new Float64Array(size), values),
    times: ring(new Float64Array(size), times),
    breaks: ring(new Uint8Array(size), breaks),
  };
}

function thin(values: readonly number[], times: readonly number[], columnMs: number, breaks?: readonly number[]) {
  const line = new Polyline();
  decimate(source(values, times, breaks), 0, values.length, columnMs, line);
  return {
    points: Array.from({ length: line.length }, (_, i) => [line.xs[i], line.ys[i]] as const),
    breaks: [...line.breaks.subarray(0, line.length)],
  };
}

describe("decimate", () => {
  it("passes samples on as they are while there is room for them", () => {
    const { points, breaks } = thin([3, 1, 2], [0, 10, 20], 4);
    assert.deepEqual(points, [
      [0, 3],
      [10, 1],
      [20, 2],
    ]);
    assert.deepEqual(breaks, [1, 0, 0]);
  });

  it("keeps first, least, greatest and last of a pixel column, in the order of their times", () => {
    const { points } = thin([5, 9, 1, 4, 6], [0, 1, 2, 3, 4], 10);
    assert.deepEqual(points, [
      [0, 5],
      [1, 9],
      [2, 1],
      [4, 6],
    ]);
  });

  it("cuts columns at multiples of their width, wherever the view begins", () => {
    const whole = thin([0, 1, 2, 3, 4, 5], [8, 9, 10, 11, 19, 20], 10).points;
    const later = thin([2, 3, 4, 5], [10, 11, 19, 20], 10).points;
    assert.deepEqual(whole.slice(-later.length), later);
  });

  it("draws no line through a gap, a NaN or an infinity", () => {
    const { breaks, points } = thin(
      [1, 2, 3, NaN, 4, 5, Infinity, 6],
      [0, 1, 2, 3, 4, 5, 6, 7],
      100,
      [0, 0, 1, 0, 0, 0, 0, 0],
    );
    assert.deepEqual(
      points.map(([, y]) => y),
      [1, 2, 3, 4, 5, 6],
    );
    assert.deepEqual(breaks, [1, 0, 1, 1, 0, 1]);
  });

  it("never loses an extreme and never draws more than four points a column", () => {
    const samples = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 50 }), (values, columnMs) => {
        const times = values.map((_, i) => i * 0.7);
        const { points } = thin(values, times, columnMs);
        const columns = new Map<number, { seen: number[]; drawn: number[] }>();
        const column = (time: number) => {
          const key = Math.floor(time / columnMs);
          const known = columns.get(key) ?? { seen: [], drawn: [] };
          columns.set(key, known);
          return known;
        };
        values.forEach((value, i) => column(times[i]!).seen.push(value));
        for (const [x, y] of points) column(x!).drawn.push(y!);
        for (const { seen, drawn } of columns.values()) {
          // As numbers: a line at 0 and one at -0 are the same.
          assert.ok(Math.min(...drawn) === Math.min(...seen));
          assert.ok(Math.max(...drawn) === Math.max(...seen));
          assert.ok(drawn.length <= 4);
        }
      }),
    );
  });
});

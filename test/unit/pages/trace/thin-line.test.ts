// SPDX-License-Identifier: MIT
// The line that is kept from frame to frame is the line that would be drawn from the beginning.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { describe, it } from "mocha";
import { fieldRef } from "../../../../bridge/client/trace/field-ref.ts";
import { Recorder } from "../../../../bridge/client/trace/recorder.ts";
import { ThinLine } from "../../../../bridge/pages/parts/trace/thin-line.ts";

const FIELD = fieldRef("x", { name: "v", type: "f64" });

/** The points of a line in view, and where strokes begin; the point to the left of the view depends on the past and is left out. */
function visible(thin: ThinLine, leftMs: number) {
  const { xs, ys, breaks, length } = thin.line;
  const points: [number, number, number][] = [];
  for (let i = thin.first; i < length; i++) if (xs[i]! >= leftMs) points.push([xs[i]!, ys[i]!, breaks[i]!]);
  return points;
}

/** One thing that happens between two frames. */
const STEPS = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("batch" as const),
      values: fc.array(fc.oneof(fc.integer(), fc.constant(NaN)), { minLength: 1, maxLength: 60 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("lost" as const), ms: fc.integer({ min: 1, max: 50 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("clear" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 400 }) }) },
);

describe("thin line", () => {
  it("is at every frame what it would be without its memory", () => {
    fc.assert(
      fc.property(
        fc.array(STEPS, { maxLength: 60 }),
        fc.integer({ min: 20, max: 300 }),
        fc.integer({ min: 1, max: 15 }),
        (steps, spanMs, columnMs) => {
          const recorder = new Recorder("x", { keepMs: 1000, maxSamples: 8192 });
          recorder.track(FIELD);
          const kept = new ThinLine();
          let now = 1000;
          for (const step of steps) {
            if (step.kind === "batch") {
              const times = Float64Array.from(step.values, () => (now += 0.7));
              recorder.append({ count: times.length, times, columns: { v: Float64Array.from(step.values) } });
            } else if (step.kind === "clear") recorder.clear();
            else {
              now += step.ms;
              if (step.kind === "lost") recorder.mark("lost", 1, "unknown");
            }
            kept.update(recorder, "v", now - spanMs, now, columnMs);
            const fresh = new ThinLine();
            fresh.update(recorder, "v", now - spanMs, now, columnMs);
            const left = Math.ceil((now - spanMs) / columnMs) * columnMs;
            assert.deepEqual(visible(kept, left), visible(fresh, left));
            assert.equal(kept.samples, fresh.samples);
          }
        },
      ),
    );
  });

  it("reads only what is new, and stays short", () => {
    const recorder = new Recorder("x");
    recorder.track(FIELD);
    const thin = new ThinLine();
    for (let first = 0; first < 100_000; first += 16) {
      const times = Float64Array.from({ length: 16 }, (_, i) => first + i);
      recorder.append({ count: 16, times, columns: { v: times } });
      thin.update(recorder, "v", first + 15 - 10_000, first + 15, 10);
      assert.ok(thin.line.length <= 2 * 4 * 1001, String(thin.line.length));
    }
    assert.equal(thin.samples, 10_002);
    assert.deepEqual(thin.extremes(), { least: 89_990, greatest: 99_999 });
  });

  it("begins anew for another view or another recorder", () => {
    const recorder = new Recorder("x");
    recorder.track(FIELD);
    const times = Float64Array.from({ length: 1000 }, (_, i) => i);
    recorder.append({ count: 1000, times, columns: { v: times } });
    const thin = new ThinLine();
    const shown = (leftMs: number, rightMs: number, columnMs: number, from = recorder): number[] => {
      thin.update(from, "v", leftMs, rightMs, columnMs);
      return visible(thin, leftMs).map(([x]) => x);
    };
    shown(0, 999, 10);
    assert.deepEqual(shown(500, 503.5, 0.1), [500, 501, 502, 503, 504]);
    assert.deepEqual(shown(100, 101.5, 0.1), [100, 101, 102]);
    const copy = recorder.snapshot();
    recorder.clear();
    assert.deepEqual(shown(100, 101.5, 0.1), []);
    assert.deepEqual(shown(100, 101.5, 0.1, copy), [100, 101, 102]);
    copy.untrack("v");
    assert.deepEqual(shown(100, 101.5, 0.1, copy), []);
  });
});

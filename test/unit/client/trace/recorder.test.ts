// SPDX-License-Identifier: MIT
// The rings of the page: every sample kept for as long as the longest window, gaps and restarts in their place.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { fieldRef } from "../../../../bridge/client/trace/field-ref.ts";
import { Recorder } from "../../../../bridge/client/trace/recorder.ts";

const SPEED = fieldRef("motor/state", { name: "speed", type: "f64" });
const WINDING = fieldRef("motor/state", { name: "winding", type: "f32", dims: [3] }, 1);
const TICKS = fieldRef("motor/state", { name: "ticks", type: "u64" });

function batch(first: number, count: number, stepMs = 1) {
  const of = (value: (i: number) => number): number[] => Array.from({ length: count }, (_, i) => value(first + i));
  return {
    count,
    times: Float64Array.from(of((i) => i * stepMs)),
    columns: {
      speed: Float64Array.from(of((i) => i / 2)),
      winding: Float32Array.from(of((i) => i).flatMap((i) => [i, -i, 0])),
      ticks: BigUint64Array.from(of((i) => i).map(BigInt)),
    },
  };
}

function values(recorder: Recorder, label: string): number[] {
  return Array.from({ length: recorder.head - recorder.start }, (_, i) => recorder.value(label, recorder.start + i));
}

describe("recorder", () => {
  it("keeps every sample of a minute at 1 kHz, although it began small", () => {
    const recorder = new Recorder("motor/state");
    recorder.track(SPEED);
    for (let first = 0; first < 70_000; first += 8) recorder.append(batch(first, 8));
    const from = recorder.indexAt(10_000);
    assert.equal(recorder.time(from), 10_000);
    assert.equal(recorder.head - from, 60_000);
    for (let index = from; index < recorder.head; index++) {
      assert.equal(recorder.time(index), index);
      assert.equal(recorder.value("speed", index), index / 2);
    }
  });

  it("stays within its limit, oldest samples first out", () => {
    const recorder = new Recorder("x", { keepMs: 1e9, maxSamples: 8192 });
    recorder.track(SPEED);
    for (let first = 0; first < 30_000; first += 1000) recorder.append(batch(first, 1000));
    assert.equal(recorder.head - recorder.start, 8192);
    assert.equal(recorder.time(recorder.start), 30_000 - 8192);
    assert.equal(recorder.value("speed", recorder.head - 1), 29_999 / 2);
  });

  it("takes a batch that is larger than all it may hold", () => {
    const recorder = new Recorder("x", { keepMs: 1e9, maxSamples: 4096 });
    recorder.track(SPEED);
    recorder.append(batch(0, 10_000));
    assert.equal(recorder.head - recorder.start, 4096);
    assert.equal(recorder.time(recorder.start), 10_000 - 4096);
  });

  it("does not grow for samples older than the longest window", () => {
    const recorder = new Recorder("x", { keepMs: 65_000, maxSamples: 1 << 20 });
    for (let first = 0; first < 20_000; first += 100) recorder.append(batch(first, 100, 1000));
    assert.equal(recorder.times.length, 4096);
  });

  it("reads one element of an array, and 64-bit integers", () => {
    const recorder = new Recorder("x");
    recorder.track(WINDING);
    recorder.track(TICKS);
    recorder.append(batch(5, 3));
    assert.deepEqual(values(recorder, "winding[1]"), [-5, -6, -7]);
    assert.deepEqual(values(recorder, "ticks"), [5, 6, 7]);
  });

  it("has nothing of a field before it was tracked, nor of one that is gone", () => {
    const recorder = new Recorder("x");
    recorder.append(batch(0, 2));
    recorder.track(SPEED);
    recorder.append(batch(2, 1));
    recorder.append({ ...batch(3, 1), columns: {} });
    assert.deepEqual(values(recorder, "speed"), [NaN, NaN, 1, NaN]);
  });

  it("breaks the line where samples were lost, and closes the mark with the next sample", () => {
    const recorder = new Recorder("x");
    recorder.append(batch(0, 4));
    recorder.mark("lost", 3, "slow_reader");
    recorder.mark("lost", 2, "slow_reader");
    assert.deepEqual(recorder.marks, [{ kind: "lost", from: 3, to: NaN, count: 5, reason: "slow_reader" }]);
    recorder.append(batch(9, 2));
    assert.equal(recorder.marks[0]?.to, 9);
    assert.deepEqual([...recorder.breaks.subarray(0, 6)], [0, 0, 0, 0, 1, 0]);
  });

  it("notes a set once, though it is told twice, and in the order of time", () => {
    const recorder = new Recorder("x");
    recorder.note({ atMs: 20, text: "kp 2" });
    recorder.note({ atMs: 10, text: "kp 1" });
    recorder.note({ atMs: 20, text: "kp 2" });
    assert.deepEqual(
      recorder.notes.map(({ text }) => text),
      ["kp 1", "kp 2"],
    );
    recorder.clear();
    assert.deepEqual(recorder.notes, []);
  });

  it("starts anew when a producer's clock goes back", () => {
    const recorder = new Recorder("x");
    recorder.append(batch(100, 10));
    recorder.append(batch(50, 10));
    assert.equal(recorder.head - recorder.start, 10);
    assert.equal(recorder.time(recorder.start), 50);
  });

  it("holds a snapshot still while recording goes on", () => {
    const recorder = new Recorder("x");
    recorder.track(SPEED);
    recorder.append(batch(0, 10));
    const copy = recorder.snapshot();
    recorder.append(batch(10, 5000));
    recorder.mark("lost", 1, "unknown");
    assert.equal(copy.head, 10);
    assert.equal(copy.value("speed", 9), 4.5);
    assert.deepEqual(copy.marks, []);
  });

  it("gives the cursor the nearest sample, and none inside a gap or beyond the ends", () => {
    const recorder = new Recorder("x");
    recorder.append(batch(10, 3, 10));
    recorder.mark("lost", 5, "unknown");
    recorder.append(batch(18, 2, 10));
    const time = (at: number | null): number | null => (at === null ? null : recorder.time(at));
    assert.equal(time(recorder.near(104, 2)), 100);
    assert.equal(time(recorder.near(106, 2)), 110);
    assert.equal(time(recorder.near(150, 2)), null);
    assert.equal(time(recorder.near(121, 2)), 120);
    assert.equal(time(recorder.near(179, 2)), 180);
    assert.equal(time(recorder.near(90, 2)), null);
    assert.equal(time(recorder.near(199, 2)), 190, "the next sample is not due yet");
    assert.equal(time(recorder.near(230, 2)), null);
    assert.equal(time(recorder.before(119)), 110);
    assert.equal(time(recorder.before(110)), 110);
    assert.equal(recorder.before(99), null);
  });
});

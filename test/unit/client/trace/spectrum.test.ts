// SPDX-License-Identifier: MIT
// The spectrum of a field has its peaks where the samples have them.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { fieldRef } from "../../../../bridge/client/trace/field-ref.ts";
import { Recorder } from "../../../../bridge/client/trace/recorder.ts";
import { type Spectrum, SpectrumMaker } from "../../../../bridge/client/trace/spectrum.ts";

const SPEED = fieldRef("rig/state", { name: "speed", type: "f64" });

/** A recorder with a sine of `hz` and `amplitude` on an offset, sampled at 1 kHz. */
function sine(recorder: Recorder, fromMs: number, count: number, hz: number, amplitude: number, jitterMs = 0): void {
  const times = Float64Array.from({ length: count }, (_, at) => fromMs + at + (at % 2 === 0 ? 0 : jitterMs));
  const speed = times.map((time) => 5 + amplitude * Math.sin((2 * Math.PI * hz * time) / 1000));
  recorder.append({ count, times, columns: { speed } });
}

function made(recorder: Recorder): Spectrum {
  const spectrum = new SpectrumMaker().make(recorder, "speed", 0, 1e9);
  assert.ok(spectrum !== null);
  return spectrum;
}

function peak({ source }: Spectrum): { readonly hz: number; readonly amplitude: number } {
  const amplitude = Math.max(...source.values);
  return { hz: source.times[source.values.indexOf(amplitude)] ?? NaN, amplitude };
}

describe("the spectrum of a field", () => {
  const recorded = (...args: [count: number, hz: number, amplitude: number, jitterMs?: number]): Recorder => {
    const recorder = new Recorder("rig/state");
    recorder.track(SPEED);
    sine(recorder, 1000, ...args);
    return recorder;
  };

  it("shows a sine at its frequency with its amplitude, whatever it swings about", () => {
    const spectrum = made(recorded(4096, 125, 3));
    const { hz, amplitude } = peak(spectrum);
    assert.ok(Math.abs(hz - 125) < 0.5, String(hz));
    assert.ok(Math.abs(amplitude - 3) < 0.05, String(amplitude));
    assert.ok(Math.abs(spectrum.maxHz - 500) < 1);
  });

  it("takes the newest power of two of samples", () => {
    assert.equal(made(recorded(5000, 50, 1)).samples, 4096);
  });

  it("takes samples at uneven times for what they are", () => {
    const { hz, amplitude } = peak(made(recorded(4096, 20, 2, 0.4)));
    assert.ok(Math.abs(hz - 20) < 0.5, String(hz));
    assert.ok(Math.abs(amplitude - 2) < 0.1, String(amplitude));
  });

  it("begins after the last gap", () => {
    const recorder = recorded(1000, 50, 1);
    recorder.mark("lost", 500, "slow_reader");
    sine(recorder, 2500, 300, 50, 1);
    assert.equal(made(recorder).samples, 256);
  });

  it("is none of fewer than 16 samples, nor of a field that is not there", () => {
    assert.equal(new SpectrumMaker().make(recorded(15, 50, 1), "speed", 0, 1e9), null);
    assert.equal(new SpectrumMaker().make(recorded(100, 50, 1), "gone", 0, 1e9), null);
  });
});

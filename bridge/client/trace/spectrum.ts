// SPDX-License-Identifier: MIT
// The spectrum of one line: how large its vibrations are at each frequency, in the line's own unit.
import FFT from "fft.js";
import type { LineSource } from "./decimate.ts";
import type { Recorder } from "./recorder.ts";

/** Amplitudes at frequencies that are `stepHz` apart, from 0 to half the rate of the samples. */
export interface Spectrum {
  readonly stepHz: number;
  /** Samples that it was made from: the newest without a gap. */
  readonly samples: number;
  readonly maxHz: number;
  /** As a line over Hz; its arrays are used again by the next spectrum. */
  readonly source: LineSource;
}

/** More samples than this give frequencies closer than a screen can show, and take longer than a frame. */
const MAX_SAMPLES = 1 << 15;
const MIN_SAMPLES = 16;

/**
 * Computes spectra by a Fourier transform of the newest power of two of samples, without their mean, under a Hann window. Amplitudes are scaled so that a
 * sine of amplitude 1 in the middle of a step shows as 1. Samples are taken at even times between the first and the last, on straight lines between them.
 */
export class SpectrumMaker {
  #size = 0;
  #transform: FFT = new FFT(2);
  #output: number[] = [];
  #input: Float64Array = new Float64Array(0);
  #window: Float64Array = new Float64Array(0);
  #source: LineSource = { times: new Float64Array(0), values: new Float64Array(0), breaks: new Uint8Array(0) };

  /** The spectrum of a field between two times; null where there are fewer than 16 samples without a gap. */
  make(recorder: Recorder, label: string, leftMs: number, rightMs: number): Spectrum | null {
    const values = recorder.lane(label);
    if (values === null) return null;
    const mask = recorder.mask;
    const to = recorder.indexAt(rightMs);
    const oldest = Math.max(recorder.start, recorder.indexAt(leftMs), to - MAX_SAMPLES);
    let from = to;
    while (from > oldest && Number.isFinite(values[(from - 1) & mask])) {
      from--;
      if (recorder.breaks[from & mask] === 1) break;
    }
    const size = 2 ** Math.floor(Math.log2(to - from));
    if (!(size >= MIN_SAMPLES)) return null;
    from = to - size;
    const stepMs = (recorder.time(to - 1) - recorder.time(from)) / (size - 1);
    if (!(stepMs > 0)) return null;
    this.#resize(size);
    this.#read(recorder, values, from, stepMs);
    this.#transform.realTransform(this.#output, this.#input);
    const stepHz = 1000 / (size * stepMs);
    this.#amplitudes(stepHz);
    return { stepHz, samples: size, maxHz: 500 / stepMs, source: this.#source };
  }

  #resize(size: number): void {
    if (size === this.#size) return;
    this.#size = size;
    this.#transform = new FFT(size);
    this.#output = this.#transform.createComplexArray();
    this.#input = new Float64Array(size);
    this.#window = Float64Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size));
    const half = size / 2;
    this.#source = { times: new Float64Array(half), values: new Float64Array(half), breaks: new Uint8Array(half) };
  }

  /** Reads the samples from `from` on at even times, less their mean, under the window. */
  #read(recorder: Recorder, values: Float64Array, from: number, stepMs: number): void {
    const mask = recorder.mask;
    const last = from + this.#size - 1;
    const firstTime = recorder.time(from);
    let before = from;
    let sum = 0;
    for (let i = 0; i < this.#size; i++) {
      const time = firstTime + i * stepMs;
      while (before + 1 < last && recorder.time(before + 1) <= time) before++;
      const next = Math.min(before + 1, last);
      const span = recorder.time(next) - recorder.time(before);
      const part = span > 0 ? Math.min(1, Math.max(0, (time - recorder.time(before)) / span)) : 0;
      const first = values[before & mask] ?? 0;
      const value = first + part * ((values[next & mask] ?? 0) - first);
      this.#input[i] = value;
      sum += value;
    }
    const mean = sum / this.#size;
    for (let i = 0; i < this.#size; i++) this.#input[i] = ((this.#input[i] ?? 0) - mean) * (this.#window[i] ?? 0);
  }

  #amplitudes(stepHz: number): void {
    const { times, values } = this.#source;
    // The window's mean is a half, and a real sine has half of itself at the negative frequency.
    const scale = 4 / this.#size;
    for (let i = 0; i < values.length; i++) {
      times[i] = i * stepHz;
      values[i] = scale * Math.hypot(this.#output[2 * i] ?? 0, this.#output[2 * i + 1] ?? 0);
    }
  }
}

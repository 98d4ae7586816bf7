// SPDX-License-Identifier: MIT
// The view of amplitudes over frequency: what vibrates in the window, and how much.
import { decimate, Polyline } from "../../../../client/trace/decimate.ts";
import { fieldKey, type FieldRef } from "../../../../client/trace/field-ref.ts";
import { rowsOf } from "../../../../client/trace/plot-rows.ts";
import { type Spectrum, SpectrumMaker } from "../../../../client/trace/spectrum.ts";
import { YRange } from "../../../parts/plot/y-range.ts";
import type { Chart, ChartLine, ChartRow } from "../chart.ts";
import { type ChartView, lineName, type Scene, shownFields } from "../scene.ts";

interface Kept {
  readonly maker: SpectrumMaker;
  readonly line: Polyline;
  spectrum: Spectrum | null;
}

/** Draws the spectra of the newest samples in the window, each by its own transform. */
export class SpectrumView implements ChartView {
  readonly everyMs = 100;
  readonly name: ChartView["name"] = lineName;
  readonly #kept = new Map<string, Kept>();
  readonly #ranges = new Map<string, YRange>();
  readonly #greatest = new Map<string, number>();
  #turn = -1;

  chart(scene: Scene): Chart {
    const shown = new Map(shownFields(scene).map((each) => [each.key, each]));
    for (const { field, key } of shown.values()) this.#transform(scene, field, key);
    const maxHz = Math.max(0, ...[...shown.keys()].map((key) => this.#kept.get(key)?.spectrum?.maxHz ?? 0));
    const x = scene.zoom?.x ?? { min: 0, max: maxHz === 0 ? 1 : maxHz };
    const rows: ChartRow[] = [];
    for (const row of rowsOf(scene.fields)) {
      let greatest = 0;
      const lines = row.lines.flatMap((field): ChartLine[] => {
        const each = shown.get(fieldKey(field));
        const kept = each === undefined ? undefined : this.#kept.get(each.key);
        if (each === undefined || kept === undefined) return [];
        greatest = Math.max(greatest, thin(kept, x, scene.columns));
        const name = lineName(field, scene.fields);
        const stroke = { line: kept.line, first: 0, samples: Infinity };
        return [{ key: each.key, name, unit: field.unit, color: each.color, form: "straight", stroke }];
      });
      if (lines.length === 0) continue;
      const key = row.lines.map(fieldKey).join("\n");
      const range = this.#ranges.get(key) ?? new YRange();
      this.#ranges.set(key, range);
      // The transient of a start may be many times as large as all that comes after.
      const isSmall = greatest < (this.#greatest.get(key) ?? 0) / 2;
      this.#greatest.set(key, greatest);
      const { max } = range.next(0, greatest, isSmall || scene.turn !== this.#turn);
      rows.push({ key, title: row.title, labels: null, range: { min: 0, max }, lines });
    }
    this.#turn = scene.turn;
    return { x: { kind: "number", ...x, title: this.#title(), now: 0, names: [] }, rows, marks: [] };
  }

  value(_scene: Scene, line: ChartLine, x: number | null): number {
    const spectrum = this.#kept.get(line.key)?.spectrum;
    if (spectrum === undefined || spectrum === null || x === null) return NaN;
    return spectrum.source.values[Math.round(x / spectrum.stepHz)] ?? NaN;
  }

  #transform(scene: Scene, { channel, label }: FieldRef, key: string): void {
    const kept = this.#kept.get(key) ?? { maker: new SpectrumMaker(), line: new Polyline(), spectrum: null };
    this.#kept.set(key, kept);
    const recorder = scene.readings.recorder(channel);
    const { nowMs } = scene.readings;
    kept.spectrum = recorder === undefined ? null : kept.maker.make(recorder, label, nowMs - scene.windowMs, nowMs);
  }

  #title(): string {
    const samples = [...this.#kept.values()].map(({ spectrum }) => spectrum?.samples ?? 0);
    const most = Math.max(0, ...samples);
    const from = most === 0 ? "waits for 16 samples" : `${most.toLocaleString("en-US")} samples, Hann window`;
    return `frequency [Hz] · ${from}`;
  }
}

/** Thins a spectrum to the part that is looked at. Returns its greatest amplitude there. */
function thin({ line, spectrum }: Kept, x: { min: number; max: number }, columns: number): number {
  line.length = 0;
  if (spectrum === null) return 0;
  const { source, stepHz } = spectrum;
  const from = Math.max(0, Math.floor(x.min / stepHz));
  const to = Math.min(source.times.length, Math.ceil(x.max / stepHz) + 1);
  decimate(source, from, to, (x.max - x.min) / columns, line);
  let greatest = 0;
  for (let i = 0; i < line.length; i++) greatest = Math.max(greatest, line.ys[i] ?? 0);
  return greatest;
}

// SPDX-License-Identifier: MIT
// The view of the newest sample as bars: one for each number in it, with its name below and its colour in the legend.
import { fieldKey, type FieldRef } from "../../../../client/trace/field-ref.ts";
import { Polyline } from "../../../../client/trace/decimate.ts";
import { YRange } from "../../../parts/plot/y-range.ts";
import type { Chart, ChartLine } from "../chart.ts";
import { type ChartView, lineName, newestValue, type Scene, shownFields } from "../scene.ts";

/** Draws bars from zero, side by side. */
export class BarsView implements ChartView {
  readonly everyMs = 50;
  readonly #range = new YRange();
  #turn = -1;

  chart(scene: Scene): Chart {
    const fields = shownFields(scene);
    let least = 0;
    let greatest = 0;
    const lines = fields.map(({ field, key, color }, at): ChartLine => {
      const line = new Polyline();
      const value = newestValue(scene, field);
      if (Number.isFinite(value)) line.add(at, value, true);
      least = Math.min(least, value || 0);
      greatest = Math.max(greatest, value || 0);
      const stroke = { line, first: 0, samples: line.length };
      return { key, name: this.name(field, scene.fields), unit: field.unit, color, form: "bar", stroke };
    });
    const span = this.#range.next(least, greatest, scene.turn !== this.#turn);
    this.#turn = scene.turn;
    // Bars stand on the axis: without room on the side where there is none.
    const range = { min: least === 0 ? 0 : span.min, max: greatest === 0 && least < 0 ? 0 : span.max };
    const units = [...new Set(fields.map(({ field }) => field.unit))];
    const title = units.length === 1 && units[0] !== "" ? `[${units[0] ?? ""}]` : "";
    const names = lines.map(({ name }) => name);
    const x = { kind: "names", min: -0.5, max: Math.max(1, names.length) - 0.5, title: "", now: 0, names } as const;
    const rows = lines.length === 0 ? [] : [{ key: "bars", title, labels: null, range, lines }];
    return { x: { ...x, ...scene.zoom?.x }, rows, marks: [] };
  }

  /** What tells a bar from its neighbours: the last part of a path, unless another one has the same. */
  name(field: FieldRef, fields: readonly FieldRef[]): string {
    const short = shortName(field);
    return fields.filter((each) => shortName(each) === short).length === 1 ? short : lineName(field, fields);
  }

  value(scene: Scene, line: ChartLine): number {
    const field = scene.fields.find((each) => fieldKey(each) === line.key);
    return field === undefined ? NaN : newestValue(scene, field);
  }
}

function shortName({ label }: FieldRef): string {
  return label.slice(label.lastIndexOf(".") + 1);
}

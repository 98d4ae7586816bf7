// SPDX-License-Identifier: MIT
// A chart as plotly takes it: traces, axes below each other, bands and words where samples are missing.
import type { Annotation, Layout, Shape } from "plotly.js-dist-min";
import { bandsOf, wordsOf } from "../../parts/plot/draw-marks.ts";
import type { Chart, ChartAxis, ChartLine } from "./chart.ts";
import type { CellInk } from "./ink.ts";
import { onAxis } from "./on-axis.ts";

/** plotly's names of the rows' axes, and of their settings; as many as there can be rows. */
const AXES = [
  ["y", "yaxis"],
  ["y2", "yaxis2"],
  ["y3", "yaxis3"],
  ["y4", "yaxis4"],
  ["y5", "yaxis5"],
  ["y6", "yaxis6"],
  ["y7", "yaxis7"],
  ["y8", "yaxis8"],
] as const;

type AxisName = (typeof AXES)[number][0];

interface SharedTrace {
  readonly name: string;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly yaxis: AxisName;
  readonly hovertemplate: string;
}

/** One line for plotly. */
export interface LineTrace extends SharedTrace {
  readonly type: "scatter";
  readonly mode: "lines";
  readonly line: {
    readonly color: string;
    readonly width: number;
    readonly simplify: false;
    readonly shape: "linear" | "hv";
  };
  readonly connectgaps: false;
}

/** One bar for plotly. */
export interface BarTrace extends SharedTrace {
  readonly type: "bar";
  readonly width: number;
  readonly marker: { readonly color: string };
}

/** How a chart is shown. */
export interface Frame {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly ink: Pick<CellInk, "line" | "theme">;
  /** Changes when the reader's own changes of the picture shall be forgotten. */
  readonly key: string;
}

// Each shape costs as much as a line; where so many are in view the line itself shows its gaps.
const MAX_SHAPES = 40;

/** Room around the rows, in CSS pixels. */
export const MARGIN = { l: 64, r: 14, t: 8, b: 44 } as const;

/** Traces and layout of a chart; times are in seconds before now. */
export function figure(chart: Chart, frame: Frame): { traces: (LineTrace | BarTrace)[]; layout: Partial<Layout> } {
  const traces = chart.rows.flatMap((row, at) => {
    const [yaxis] = AXES[at] ?? AXES[0];
    return row.lines.map((line) => traceOf(line, chart.x, yaxis, frame.ink.line(line.color)));
  });
  return { traces, layout: layoutOf(chart, frame) };
}

function traceOf(line: ChartLine, axis: ChartAxis, yaxis: AxisName, color: string): LineTrace | BarTrace {
  const hovertemplate = `%{y:.6~g} ${plain(line.unit)}<extra>${plain(line.name)}</extra>`;
  const shared = { name: line.name, ...points(line, axis), yaxis, hovertemplate };
  if (line.form === "bar") return { ...shared, type: "bar", width: 0.7, marker: { color } };
  return {
    ...shared,
    type: "scatter",
    mode: "lines",
    line: { color, width: 1.6, simplify: false, shape: line.form === "steps" ? "hv" : "linear" },
    connectgaps: false,
  };
}

/** plotly reads its texts as HTML with placeholders. */
function plain(text: string): string {
  return text.replace(/[<>%{}]/g, "");
}

/** One line as two arrays, with NaN where the stroke is broken. */
function points({ stroke: { line, first } }: ChartLine, axis: ChartAxis): { x: Float64Array; y: Float64Array } {
  const x = new Float64Array(line.length * 2);
  const y = new Float64Array(line.length * 2);
  let length = 0;
  for (let i = first; i < line.length; i++) {
    if (line.breaks[i] === 1 && length > 0) {
      x[length] = x[length - 1] ?? 0;
      y[length++] = NaN;
    }
    x[length] = onAxis(axis, line.xs[i] ?? NaN);
    y[length++] = line.ys[i] ?? NaN;
  }
  return { x: x.subarray(0, length), y: y.subarray(0, length) };
}

function layoutOf(chart: Chart, { widthPx, heightPx, ink, key }: Frame): Partial<Layout> {
  const { theme } = ink;
  const { x, rows } = chart;
  const line = { gridcolor: theme.grid, zerolinecolor: theme.grid, linecolor: theme.grid };
  const names = x.kind === "names" ? { tickvals: x.names.map((_, at) => at), ticktext: x.names.map(plain) } : {};
  const layout: Partial<Layout> = {
    width: widthPx,
    height: heightPx,
    margin: MARGIN,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: theme.faint, size: 11 },
    hoverlabel: { bgcolor: theme.surface, bordercolor: theme.grid, font: { color: theme.text } },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: theme.faint, activecolor: theme.text },
    hovermode: x.kind === "time" ? "x unified" : "closest",
    showlegend: false,
    uirevision: key,
    ...marksOf(chart, theme.warning),
    xaxis: {
      ...line,
      ...names,
      range: [onAxis(x, x.min), onAxis(x, x.max)],
      title: { text: plain(x.title), font: { size: 11 } },
      anchor: (AXES[rows.length - 1] ?? AXES[0])[0],
      zeroline: false,
      ...{ spikecolor: theme.faint, spikethickness: 1, spikedash: "solid" },
      showgrid: x.kind !== "names",
    },
  };
  const gap = 0.06;
  const share = (1 - gap * (rows.length - 1)) / Math.max(1, rows.length);
  for (const [at, { key: name, title, labels, range }] of rows.entries()) {
    const top = 1 - at * (share + gap);
    const [, axis] = AXES[at] ?? AXES[0];
    layout[axis] = {
      ...line,
      title: { text: labels === null ? plain(title) : "", font: { size: 11 } },
      domain: [Math.max(0, top - share), top],
      range: [range.min, range.max],
      fixedrange: name !== "xy",
      ...(labels === null ? {} : { tickvals: [...labels.keys()], ticktext: [...labels.values()].map(plain) }),
    };
  }
  return layout;
}

/** A band with its words where samples are missing, a dashed line where the producer began anew. */
function marksOf({ x, marks }: Chart, color: string): { shapes: Partial<Shape>[]; annotations: Partial<Annotation>[] } {
  const shapes: Partial<Shape>[] = [];
  const annotations: Partial<Annotation>[] = [];
  for (const band of bandsOf(marks.slice(-MAX_SHAPES))) {
    const to = onAxis(x, Number.isNaN(band.to) ? x.max : band.to);
    const from = onAxis(x, band.from);
    const [left, right] = [onAxis(x, x.min), onAxis(x, x.max)];
    if (Number.isNaN(from) || to < left || from > right) continue;
    const across = { xref: "x", yref: "paper", y0: 0, y1: 1, layer: "below" } as const;
    if (band.isRestart)
      shapes.push({ ...across, type: "line", x0: to, x1: to, line: { color, width: 1.5, dash: "dash" } });
    if (!band.isRestart || band.lost > 0) {
      shapes.push({ ...across, type: "rect", x0: from, x1: to, fillcolor: color, opacity: 0.14, line: { width: 0 } });
    }
    const middle = (Math.max(from, left) + Math.min(to, right)) / 2;
    const place = { xref: "x", yref: "paper", x: middle, y: 1, yanchor: "top" } as const;
    annotations.push({ ...place, text: wordsOf(band), showarrow: false, font: { color, size: 11 } });
  }
  return { shapes, annotations };
}

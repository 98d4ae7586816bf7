// SPDX-License-Identifier: MIT
// One picture of a plot for plotly: what the recorder holds of the window, thinned to the pixels there are.
import type { Layout, Shape } from "plotly.js-dist-min";
import type { FieldRef } from "../../client/trace/field-ref.ts";
import { decimate, Polyline } from "../../client/trace/decimate.ts";
import type { Mark, Recorder } from "../../client/trace/recorder.ts";
import type { PlotRow } from "../../client/trace/plot-rows.ts";
import type { Theme } from "./theme.ts";

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

/** One line for plotly. */
export interface Trace {
  readonly type: "scatter";
  readonly mode: "lines";
  readonly name: string;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly yaxis: AxisName;
  readonly line: {
    readonly color: string;
    readonly width: number;
    readonly simplify: false;
    readonly shape: "linear" | "hv";
  };
  readonly connectgaps: false;
  readonly hovertemplate: string;
}

/** What is drawn and how. */
export interface View {
  readonly rows: readonly PlotRow[];
  readonly recorder: Recorder;
  /** The time at the right edge, in ms since 1970. */
  readonly nowMs: number;
  readonly windowMs: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly theme: Theme;
  /** Changes when the reader's own zoom shall be forgotten. */
  readonly zoomKey: string;
}

// Each shape costs as much as a line; where so many are in view the line itself shows its gaps.
const MAX_SHAPES = 40;

/** Traces and layout of a view; x is in seconds before now. */
export function figure(view: View): { traces: Trace[]; layout: Partial<Layout> } {
  const traces: Trace[] = [];
  for (const [row, { lines, labels }] of view.rows.entries()) {
    const [yaxis] = AXES[row] ?? AXES[0];
    for (const line of lines) {
      const color = view.theme.lines[traces.length % view.theme.lines.length] ?? view.theme.text;
      const { x, y } = points(view, line);
      traces.push({
        type: "scatter",
        mode: "lines",
        name: line.label,
        x,
        y,
        yaxis,
        line: { color, width: 1.6, simplify: false, shape: labels === null ? "linear" : "hv" },
        connectgaps: false,
        hovertemplate: `%{y:.6~g} ${line.unit.replace(/[<>%{}]/g, "")}<extra>${line.label}</extra>`,
      });
    }
  }
  return { traces, layout: layoutOf(view, traces.length) };
}

/** One line as two arrays, with NaN where the stroke is broken. */
function points(view: View, line: FieldRef): { x: Float64Array; y: Float64Array } {
  const { recorder, nowMs, windowMs } = view;
  const values = recorder.lane(line.label);
  if (values === null) return { x: new Float64Array(0), y: new Float64Array(0) };
  const polyline = new Polyline();
  // One sample before the window, so that the line comes in from the edge.
  const from = Math.max(recorder.start, recorder.indexAt(nowMs - windowMs) - 1);
  const columnMs = windowMs / Math.max(200, view.widthPx);
  decimate({ times: recorder.times, values, breaks: recorder.breaks }, from, recorder.head, columnMs, polyline);
  const x = new Float64Array(polyline.length * 2);
  const y = new Float64Array(polyline.length * 2);
  let length = 0;
  for (let i = 0; i < polyline.length; i++) {
    if (polyline.breaks[i] === 1 && length > 0) {
      x[length] = x[length - 1] ?? 0;
      y[length++] = NaN;
    }
    x[length] = ((polyline.xs[i] ?? NaN) - nowMs) / 1000;
    y[length++] = polyline.ys[i] ?? NaN;
  }
  return { x: x.subarray(0, length), y: y.subarray(0, length) };
}

function layoutOf(view: View, traceCount: number): Partial<Layout> {
  const { theme, rows } = view;
  const line = { gridcolor: theme.grid, zerolinecolor: theme.grid, linecolor: theme.grid, automargin: true };
  const layout: Partial<Layout> = {
    width: view.widthPx,
    height: view.heightPx,
    margin: { l: 56, r: 12, t: 8, b: 40 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: theme.text, size: 12 },
    hoverlabel: { font: { color: theme.dark ? "#000" : "#fff" } },
    hovermode: "x unified",
    showlegend: traceCount > 1,
    legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom" },
    uirevision: view.zoomKey,
    shapes: view.recorder.marks.slice(-MAX_SHAPES).flatMap((mark) => shape(mark, view)),
    xaxis: {
      ...line,
      range: [-view.windowMs / 1000, 0],
      title: { text: "time before now [s]" },
      anchor: (AXES[rows.length - 1] ?? AXES[0])[0],
      zeroline: false,
    },
  };
  const gap = 0.06;
  const share = (1 - gap * (rows.length - 1)) / Math.max(1, rows.length);
  for (const [row, { title, labels }] of rows.entries()) {
    const top = 1 - row * (share + gap);
    const [, key] = AXES[row] ?? AXES[0];
    layout[key] = {
      ...line,
      title: { text: title },
      domain: [Math.max(0, top - share), top],
      ...(labels === null ? {} : { tickvals: [...labels.keys()], ticktext: [...labels.values()] }),
    };
  }
  return layout;
}

/** A band where samples are missing, a dashed line where the producer began anew. */
function shape(mark: Mark, view: View): Partial<Shape>[] {
  const from = (mark.from - view.nowMs) / 1000;
  const to = Number.isNaN(mark.to) ? 0 : (mark.to - view.nowMs) / 1000;
  if (Number.isNaN(from) || to < -view.windowMs / 1000) return [];
  const across = { xref: "x", yref: "paper", y0: 0, y1: 1, layer: "below" } as const;
  const color = view.theme.warning;
  if (mark.kind === "restart") {
    return [{ ...across, type: "line", x0: to, x1: to, line: { color, width: 1.5, dash: "dash" } }];
  }
  return [{ ...across, type: "rect", x0: from, x1: to, fillcolor: color, opacity: 0.14, line: { width: 0 } }];
}

// SPDX-License-Identifier: MIT
// One row of a chart on a canvas: uPlot gives axes, scales and selection; the lines are drawn here, straight from their points.
import uPlot from "uplot";
import { axisTexts } from "../../parts/fields/number-text.ts";
import { type AxisState, valueAxis } from "../../parts/plot/axes.ts";
import { drawDot, drawLine, type Projection, type Stroke } from "../../parts/plot/draw-line.ts";
import { drawMarks } from "../../parts/plot/draw-marks.ts";
import {
  type Chart,
  type ChartAxis,
  type ChartLine,
  type ChartRow,
  type Cursor,
  type EngineEvents,
  spanOf,
} from "./chart.ts";
import type { CellInk } from "./ink.ts";
import { onAxis } from "./on-axis.ts";

/** Heights of the horizontal axis below the last row and of the edge below the others, in CSS pixels. */
export const BELOW_PX = 44;
export const EDGE_PX = 8;

/** Room at the left, and for the title of an axis. */
const LEFT_PX = 66;
const LABEL_PX = 18;

const LEAST_DRAG_PX = 6;
const BAR_WIDTH = 0.7;
/** A dot stands on a line where it has a point this close to the cursor. */
const DOT_REACH_PX = 6;

/** What one row shows in one frame. */
interface Shown {
  readonly chart: Chart;
  readonly row: ChartRow;
  readonly cursor: Cursor | null;
}

/** Owns a uPlot in `host`, until `close`. */
export class UplotPanel {
  readonly #plot: uPlot;
  readonly #ink: CellInk;
  readonly #events: EngineEvents;
  #shown: Shown;

  constructor(host: HTMLElement, ink: CellInk, events: EngineEvents, first: Omit<Shown, "cursor">, isLast: boolean) {
    this.#ink = ink;
    this.#events = events;
    this.#shown = { ...first, cursor: null };
    const state = (): AxisState => ({ labels: this.#shown.row.labels, hasTimes: isLast });
    const isPlane = first.chart.x.kind === "number";
    const font = `11px ${ink.font}`;
    // As wide with a title as without: the rows stand in line. Labels say themselves what they are.
    const { title, labels } = first.row;
    const left =
      title === "" || labels !== null
        ? { size: LEFT_PX }
        : { size: LEFT_PX - LABEL_PX, label: title, labelSize: LABEL_PX, labelGap: 0, labelFont: font };
    this.#plot = new uPlot(
      {
        width: 1,
        height: 1,
        pxAlign: false,
        legend: { show: false },
        padding: [8, 14, 0, 0],
        scales: { x: { time: false, auto: false }, y: { auto: false } },
        series: [{}, { scale: "y", show: false }],
        axes: [
          horizontalAxis(ink, isLast, () => this.#shown.chart.x),
          { ...valueAxis(ink, state), space: 16, ...left },
        ],
        cursor: {
          x: false,
          y: false,
          points: { show: false },
          drag: { x: true, y: isPlane && first.row.key === "xy", setScale: false, dist: LEAST_DRAG_PX },
          bind: {
            dblclick: () => () => {
              events.zoomed(null);
              return null;
            },
          },
        },
        hooks: {
          draw: [
            () => {
              this.#draw();
            },
          ],
          setSelect: [
            (plot) => {
              this.#selected(plot);
            },
          ],
        },
      },
      [
        [0, 1],
        [null, null],
      ],
      host,
    );
    const { over } = this.#plot;
    over.addEventListener("pointermove", ({ offsetX, offsetY }) => {
      events.pointed({ x: offsetX / over.clientWidth, y: 1 - offsetY / over.clientHeight });
    });
    over.addEventListener("pointerleave", () => {
      events.pointed(null);
    });
  }

  get canvas(): HTMLCanvasElement {
    return this.#plot.ctx.canvas;
  }

  resize(width: number, height: number): void {
    if (width !== this.#plot.width || height !== this.#plot.height) this.#plot.setSize({ width, height });
  }

  draw(shown: Shown): void {
    this.#shown = shown;
    const { x } = shown.chart;
    const { min, max } = shown.row.range;
    this.#plot.batch(() => {
      this.#plot.setScale("x", { min: onAxis(x, x.min), max: onAxis(x, x.max) });
      this.#plot.setScale("y", { min, max });
      this.#plot.redraw(false, false);
    });
  }

  close(): void {
    this.#plot.destroy();
  }

  #selected(plot: uPlot): void {
    const { left, top, width, height } = plot.select;
    if (width < LEAST_DRAG_PX) return;
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    const { chart, row } = this.#shown;
    const area = plot.over;
    const x = spanOf(chart.x, left / area.clientWidth, (left + width) / area.clientWidth);
    const isBox = height > 0 && height < area.clientHeight;
    const bottom = 1 - (top + height) / area.clientHeight;
    const y = isBox ? spanOf(row.range, bottom, 1 - top / area.clientHeight) : null;
    this.#events.zoomed({ x, y });
  }

  #draw(): void {
    const { chart, row, cursor } = this.#shown;
    const canvas = this.#plot.ctx;
    const to = this.#projection();
    canvas.save();
    canvas.beginPath();
    canvas.rect(to.left, to.top, to.width, to.height);
    canvas.clip();
    for (const line of row.lines) this.#drawOne(canvas, line, row, to);
    drawMarks(canvas, chart.marks, this.#ink, to);
    if (cursor !== null && chart.x.kind !== "names") this.#drawCursor(canvas, cursor, to);
    canvas.restore();
  }

  #drawOne(canvas: CanvasRenderingContext2D, line: ChartLine, row: ChartRow, to: Projection): void {
    const color = this.#ink.line(line.color);
    const { stroke, form } = line;
    if (form === "bar") {
      const x = stroke.line.xs[0] ?? NaN;
      const top = to.y(stroke.line.ys[0] ?? 0);
      const left = to.x(x - BAR_WIDTH / 2);
      canvas.fillStyle = color;
      if (stroke.line.length > 0) canvas.fillRect(left, top, to.x(x + BAR_WIDTH / 2) - left, to.y(0) - top);
      return;
    }
    drawLine(canvas, stroke, color, form, to);
    // Where a way is now: over time it is plain.
    const last = stroke.line.length - 1;
    if (row.key === "xy" && last >= 0) {
      const [x = NaN, y = NaN] = [stroke.line.xs[last], stroke.line.ys[last]];
      drawDot(canvas, to.x(x), to.y(y), color, this.#ink.surface, to.ratio);
    }
  }

  #drawCursor(canvas: CanvasRenderingContext2D, cursor: Cursor, to: Projection): void {
    canvas.fillStyle = this.#ink.muted;
    canvas.fillRect(Math.round(to.left + cursor.x * to.width), to.top, to.ratio, to.height);
    if (this.#shown.row.key === "xy") {
      canvas.fillRect(to.left, Math.round(to.top + (1 - cursor.y) * to.height), to.width, to.ratio);
      return;
    }
    const { chart, row } = this.#shown;
    const x = spanOf(chart.x, cursor.x, cursor.x).min;
    for (const { stroke, color } of row.lines) {
      const at = nearest(stroke, x);
      const left = at === null ? NaN : to.x(stroke.line.xs[at] ?? NaN);
      if (at === null || Math.abs(left - to.x(x)) > DOT_REACH_PX * to.ratio) continue;
      drawDot(canvas, left, to.y(stroke.line.ys[at] ?? NaN), this.#ink.line(color), this.#ink.surface, to.ratio);
    }
  }

  #projection(): Projection {
    const { left, top, width, height } = this.#plot.bbox;
    const { chart, row } = this.#shown;
    const perX = width / (chart.x.max - chart.x.min);
    const perY = height / (row.range.max - row.range.min);
    return {
      x: (value) => left + (value - chart.x.min) * perX,
      y: (value) => top + (row.range.max - value) * perY,
      ratio: devicePixelRatio,
      left,
      top,
      width,
      height,
    };
  }
}

/** The point of a line that is nearest to a place on its axis; null when there is none. */
function nearest({ line, first }: Stroke, x: number): number | null {
  let low = first;
  let high = line.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((line.xs[middle] ?? NaN) < x) low = middle + 1;
    else high = middle;
  }
  const before = low > first && x - (line.xs[low - 1] ?? NaN) < (line.xs[low] ?? Infinity) - x;
  const at = before || low >= line.length ? low - 1 : low;
  return at >= first ? at : null;
}

function horizontalAxis(ink: CellInk, isLast: boolean, axis: () => ChartAxis): uPlot.Axis {
  const font = `11px ${ink.font}`;
  const { kind, names } = axis();
  const label =
    isLast && kind !== "names" ? { label: () => axis().title, labelSize: LABEL_PX, labelGap: 0, labelFont: font } : {};
  return {
    scale: "x",
    stroke: () => ink.muted,
    font,
    ...label,
    size: !isLast ? EDGE_PX : kind === "names" ? BELOW_PX : BELOW_PX - LABEL_PX,
    gap: 6,
    space: 60,
    grid: { show: kind !== "names", stroke: () => ink.grid, width: 1 },
    ticks: { show: false },
    ...(kind === "names" ? { splits: () => axis().names.map((_, at) => at) } : {}),
    values: (_, ticks, _axis, _space, step) => {
      if (!isLast) return ticks.map(() => null);
      if (kind === "names") return ticks.map((tick) => axis().names[tick] ?? names[tick] ?? null);
      return axisTexts(ticks, step);
    },
  };
}

// SPDX-License-Identifier: MIT
// One panel on the screen: uPlot gives axes, scales and cursor; the lines are drawn here, straight from the rings.
import uPlot from "uplot";
import type { Recorder } from "../../../client/trace/recorder.ts";
import { ThinLine } from "../trace/thin-line.ts";
import { timeAxis, valueAxis, type AxisState } from "./axes.ts";
import { drawDot, drawLine, type Projection } from "./draw-line.ts";
import { drawMarks } from "./draw-marks.ts";
import { drawNotes } from "./draw-notes.ts";
import type { Ink } from "./ink.ts";
import type { Panel } from "./panel.ts";
import type { PlotCursor } from "./plot-cursor.ts";
import type { View } from "./plots.ts";
import { YRange } from "./y-range.ts";

/** What a figure shows in one frame. */
export interface Scene extends AxisState {
  readonly view: View;
  readonly panel: Panel;
  readonly recorder: (channel: string) => Recorder;
  /** Changes when easing from the old range would mislead. */
  readonly turn: number;
  /** Whether things may glide. */
  readonly isCalm: boolean;
}

/** Owns a uPlot in `host`, until `destroy`. */
export class Figure {
  readonly #plot: uPlot;
  readonly #ink: Ink;
  readonly #cursor: PlotCursor;
  readonly #range = new YRange();
  readonly #lines = new Map<string, ThinLine>();
  #scene: Scene | null = null;
  #stamp = "";
  #turn = -1;

  constructor(host: HTMLElement, ink: Ink, cursor: PlotCursor, zoomed: (view: View) => void) {
    this.#ink = ink;
    this.#cursor = cursor;
    const state = (): AxisState => this.#scene ?? { labels: null, hasTimes: true };
    this.#plot = new uPlot(
      {
        width: Math.max(1, host.clientWidth),
        height: Math.max(1, host.clientHeight),
        ms: 1,
        pxAlign: false,
        legend: { show: false },
        padding: [10, 14, 0, 0],
        scales: { x: { time: false, auto: false }, y: { auto: false } },
        series: [{}, { scale: "y", show: false }],
        axes: [timeAxis(ink, state), valueAxis(ink, state)],
        cursor: {
          x: false,
          y: false,
          points: { show: false },
          drag: { x: true, y: false, setScale: false, dist: 6 },
        },
        hooks: {
          draw: [
            () => {
              this.#draw();
            },
          ],
          setSelect: [
            (plot) => {
              if (plot.select.width < 6) return;
              const left = plot.posToVal(plot.select.left, "x");
              const right = plot.posToVal(plot.select.left + plot.select.width, "x");
              plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
              zoomed({ right, spanMs: right - left });
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
    over.addEventListener("pointermove", (event) => {
      cursor.place(event.offsetX / over.clientWidth);
    });
    over.addEventListener("pointerleave", () => {
      cursor.hide();
    });
  }

  /** Moves the cursor by CSS pixels. */
  moveCursor(by: number): void {
    this.#cursor.move(by / Math.max(1, this.#plot.over.clientWidth));
  }

  resize(width: number, height: number): void {
    if (width < 1 || height < 1 || (width === this.#plot.width && height === this.#plot.height)) return;
    this.#plot.setSize({ width, height });
    this.#stamp = "";
  }

  /** Draws `scene` if anything in it changed since the last frame. Returns whether it drew. */
  frame(scene: Scene): boolean {
    const before = this.#scene;
    const view = this.#snapped(scene.view);
    this.#cursor.at(view);
    const stamp = stampOf({ ...scene, view }, this.#ink, this.#cursor.timeMs);
    if (stamp === this.#stamp) return false;
    this.#stamp = stamp;
    this.#scene = { ...scene, view };
    const { least, greatest } = this.#thin(this.#scene);
    const jump = scene.isCalm || scene.turn !== this.#turn;
    this.#turn = scene.turn;
    const y = scene.labels === null ? this.#range.next(least, greatest, jump) : labelSpan(scene.labels);
    this.#plot.batch(() => {
      this.#plot.setScale("x", { min: view.right - view.spanMs, max: view.right });
      this.#plot.setScale("y", { ...y });
      this.#plot.redraw(false, before === null || before.hasTimes !== scene.hasTimes);
    });
    return true;
  }

  destroy(): void {
    this.#plot.destroy();
  }

  get #columnsAcross(): number {
    return Math.max(1, this.#plot.bbox.width);
  }

  /** Moves the view to whole pixel columns: the picture then shifts as a whole and does not shimmer. */
  #snapped({ right, spanMs }: View): View {
    const columnMs = spanMs / this.#columnsAcross;
    return { right: Math.ceil(right / columnMs) * columnMs, spanMs };
  }

  #thin(scene: Scene): { least: number; greatest: number } {
    const { right, spanMs } = scene.view;
    const columnMs = spanMs / this.#columnsAcross;
    let least = Infinity;
    let greatest = -Infinity;
    for (const { key, field } of scene.panel.series) {
      const line = this.#lines.get(key) ?? new ThinLine();
      this.#lines.set(key, line);
      line.update(scene.recorder(field.channel), field.label, right - spanMs, right, columnMs);
      const extremes = line.extremes();
      least = Math.min(least, extremes.least);
      greatest = Math.max(greatest, extremes.greatest);
    }
    return { least, greatest };
  }

  #draw(): void {
    const scene = this.#scene;
    if (scene === null) return;
    const canvas = this.#plot.ctx;
    const to = this.#projection(scene.view);
    canvas.save();
    canvas.beginPath();
    canvas.rect(to.left, to.top, to.width, to.height);
    canvas.clip();
    const joint = scene.labels === null ? "straight" : "steps";
    for (const { key, color } of scene.panel.series) {
      const line = this.#lines.get(key);
      if (line !== undefined) drawLine(canvas, line, this.#ink.line(color), joint, to);
    }
    for (const channel of new Set(scene.panel.series.map(({ field }) => field.channel))) {
      drawNotes(canvas, scene.recorder(channel).notes, this.#ink, to);
      drawMarks(canvas, scene.recorder(channel).marks, this.#ink, to);
    }
    this.#drawCursor(canvas, scene, to);
    canvas.restore();
  }

  #drawCursor(canvas: CanvasRenderingContext2D, scene: Scene, to: Projection): void {
    const { timeMs } = this.#cursor;
    if (timeMs === null) return;
    const left = Math.round(to.x(timeMs));
    canvas.fillStyle = this.#ink.muted;
    canvas.fillRect(left, to.top, to.ratio, to.height);
    for (const { field, color } of scene.panel.series) {
      const recorder = scene.recorder(field.channel);
      const at = recorder.near(timeMs, slackMs(scene.view));
      const value = at === null ? NaN : recorder.value(field.label, at);
      if (at === null || Number.isNaN(value)) continue;
      drawDot(canvas, to.x(recorder.time(at)), to.y(value), this.#ink.line(color), this.#ink.surface, to.ratio);
    }
  }

  #projection(view: View): Projection {
    const { left, top, width, height } = this.#plot.bbox;
    const { min = 0, max = 1 } = this.#plot.scales["y"] ?? {};
    const perMs = width / view.spanMs;
    const perUnit = height / (max - min);
    return {
      x: (timeMs) => left + width - (view.right - timeMs) * perMs,
      y: (value) => top + (max - value) * perUnit,
      ratio: devicePixelRatio,
      left,
      top,
      width,
      height,
    };
  }
}

/** How far from a line's end the cursor still means its last sample. */
export function slackMs(view: View): number {
  return view.spanMs / 200;
}

function stampOf(scene: Scene, ink: Ink, cursorMs: number | null): string {
  const heads = scene.panel.series.map(({ key, color, field }) => {
    const recorder = scene.recorder(field.channel);
    return `${key} ${String(color)} ${String(recorder.head)} ${String(recorder.start)} ${String(recorder.marks.length)} ${String(recorder.notes.length)}`;
  });
  const { right, spanMs } = scene.view;
  return [right, spanMs, scene.turn, scene.hasTimes, ink.version, cursorMs, ...heads].join(" ");
}

function labelSpan(labels: ReadonlyMap<number, string>): { min: number; max: number } {
  const values = [...labels.keys()];
  return { min: Math.min(...values) - 0.4, max: Math.max(...values) + 0.4 };
}

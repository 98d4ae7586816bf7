// SPDX-License-Identifier: MIT
// The rich engine: plotly, with its own hover labels, zoom and pan; drawn in tens of milliseconds.
import type { Config, PlotlyHTMLElement, PlotRelayoutEvent } from "plotly.js-dist-min";
import type { Span } from "../../parts/plot/y-range.ts";
import type { Chart, ChartAxis, Cursor, Engine, EngineEvents } from "./chart.ts";
import type * as Plotly from "../plotly.ts";
import type { CellInk } from "./ink.ts";
import { offAxis } from "./on-axis.ts";
import { figure, MARGIN } from "./plotly-figure.ts";

const SETTINGS: Partial<Config> = {
  displaylogo: false,
  // Named one by one: of all there are, one would send the chart to the makers of plotly.
  modeBarButtons: [["zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d"]],
};

/** Loads plotly, once for all plots of the page. */
export async function loadPlotly(): Promise<typeof Plotly> {
  return (await import(new URL("plotly.mjs", import.meta.url).href)) as typeof Plotly;
}

/** Draws into one element; while the reader drags on it nothing is drawn, or the drag would end. */
export class PlotlyEngine implements Engine {
  readonly #plotly: typeof Plotly;
  readonly #canvas: HTMLElement;
  readonly #ink: CellInk;
  readonly #events: EngineEvents;
  readonly #over = new AbortController();
  #size = { widthPx: 1, heightPx: 1 };
  #chart: Chart | null = null;
  #isHeard = false;
  #isDragged = false;
  #turns = 0;

  constructor(plotly: typeof Plotly, host: HTMLElement, ink: CellInk, events: EngineEvents) {
    this.#plotly = plotly;
    this.#ink = ink;
    this.#events = events;
    this.#canvas = document.createElement("div");
    host.append(this.#canvas);
    const { signal } = this.#over;
    this.#canvas.addEventListener("pointerdown", () => (this.#isDragged = true), { signal });
    window.addEventListener("pointerup", () => (this.#isDragged = false), { signal });
    this.#canvas.addEventListener(
      "pointermove",
      (event) => {
        events.pointed(this.#place(event));
      },
      { signal },
    );
    this.#canvas.addEventListener(
      "pointerleave",
      () => {
        events.pointed(null);
      },
      { signal },
    );
  }

  draw(chart: Chart): void {
    if (this.#isDragged) return;
    this.#chart = chart;
    const frame = { ...this.#size, ink: this.#ink, key: String(this.#turns) };
    const { traces, layout } = figure(chart, frame);
    void this.#plotly.react(this.#canvas, traces, layout, SETTINGS);
    if (!this.#isHeard) this.#listen(this.#canvas as PlotlyHTMLElement);
  }

  resize(widthPx: number, heightPx: number): void {
    this.#size = { widthPx, heightPx };
  }

  async picture(): Promise<HTMLImageElement> {
    const { widthPx: width, heightPx: height } = this.#size;
    const image = new Image();
    image.src = await this.#plotly.toImage(this.#canvas, { format: "png", width, height, scale: devicePixelRatio });
    await image.decode();
    return image;
  }

  close(): void {
    this.#over.abort();
    this.#plotly.purge(this.#canvas);
    this.#canvas.remove();
  }

  #listen(canvas: PlotlyHTMLElement): void {
    this.#isHeard = true;
    canvas.on("plotly_relayout", (event) => {
      this.#changed(event);
    });
  }

  /** The reader zoomed, moved or reset: the plot keeps it, and plotly forgets it. */
  #changed(event: PlotRelayoutEvent): void {
    const chart = this.#chart;
    if (chart === null) return;
    const x = spanIn(event, "xaxis");
    const y = spanIn(event, "yaxis");
    if (x !== null || y !== null) {
      const row = chart.rows[0];
      this.#events.zoomed({ x: x === null ? chart.x : unwritten(chart.x, x), y: y ?? row?.range ?? null });
    } else if (event["xaxis.autorange"] === true) this.#events.zoomed(null);
    else return;
    this.#turns++;
  }

  #place({ clientX, clientY }: PointerEvent): Cursor | null {
    const { left, top } = this.#canvas.getBoundingClientRect();
    const x = (clientX - left - MARGIN.l) / (this.#size.widthPx - MARGIN.l - MARGIN.r);
    const y = 1 - (clientY - top - MARGIN.t) / (this.#size.heightPx - MARGIN.t - MARGIN.b);
    return x >= 0 && x <= 1 && y >= 0 && y <= 1 ? { x, y } : null;
  }
}

function spanIn(event: PlotRelayoutEvent, axis: "xaxis" | "yaxis"): Span | null {
  const [min, max] = [event[`${axis}.range[0]`], event[`${axis}.range[1]`]];
  return typeof min === "number" && typeof max === "number" ? { min, max } : null;
}

function unwritten(axis: ChartAxis, { min, max }: Span): Span {
  return { min: offAxis(axis, min), max: offAxis(axis, max) };
}

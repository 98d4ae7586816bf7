// SPDX-License-Identifier: MIT
// The fast engine: a canvas for each row, drawn in about a millisecond.
import type { Chart, Cursor, Engine, EngineEvents } from "./chart.ts";
import type { CellInk } from "./ink.ts";
import { BELOW_PX, EDGE_PX, UplotPanel } from "./uplot-panel.ts";

/** Stacks one panel for each row of the charts it gets. */
export class UplotEngine implements Engine {
  readonly #host: HTMLElement;
  readonly #ink: CellInk;
  readonly #events: EngineEvents;
  #panels: readonly UplotPanel[] = [];
  #stamp = "";
  #size = { widthPx: 1, heightPx: 1 };

  constructor(host: HTMLElement, ink: CellInk, events: EngineEvents) {
    this.#host = host;
    this.#ink = ink;
    this.#events = events;
  }

  draw(chart: Chart, cursor: Cursor | null): void {
    const stamp = [chart.x.kind, ...chart.rows.map(({ key, title }) => `${key} ${title}`)].join("\n");
    if (stamp !== this.#stamp) this.#rebuild(chart, stamp);
    for (const [at, panel] of this.#panels.entries()) {
      const row = chart.rows[at];
      if (row !== undefined) panel.draw({ chart, row, cursor });
    }
  }

  resize(widthPx: number, heightPx: number): void {
    this.#size = { widthPx, heightPx };
    const rowPx = (heightPx - BELOW_PX + EDGE_PX) / Math.max(1, this.#panels.length);
    for (const [at, panel] of this.#panels.entries()) {
      const isLast = at === this.#panels.length - 1;
      panel.resize(Math.max(1, widthPx), Math.max(1, Math.floor(isLast ? rowPx + BELOW_PX - EDGE_PX : rowPx)));
    }
  }

  picture(): Promise<HTMLCanvasElement> {
    const whole = document.createElement("canvas");
    whole.width = Math.round(this.#size.widthPx * devicePixelRatio);
    whole.height = Math.round(this.#size.heightPx * devicePixelRatio);
    const canvas = whole.getContext("2d");
    let top = 0;
    for (const panel of this.#panels) {
      canvas?.drawImage(panel.canvas, 0, top);
      top += panel.canvas.height;
    }
    return Promise.resolve(whole);
  }

  close(): void {
    for (const panel of this.#panels) panel.close();
    this.#panels = [];
    this.#stamp = "";
  }

  #rebuild(chart: Chart, stamp: string): void {
    this.close();
    this.#stamp = stamp;
    const last = chart.rows.length - 1;
    this.#panels = chart.rows.map(
      (row, at) => new UplotPanel(this.#host, this.#ink, this.#events, { chart, row }, at === last),
    );
    this.resize(this.#size.widthPx, this.#size.heightPx);
  }
}

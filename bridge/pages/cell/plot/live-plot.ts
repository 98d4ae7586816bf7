// SPDX-License-Identifier: MIT
// A live plot in the output of a cell: every sample of its channels comes here, as many frames are drawn as the page can take.
import type { PlotSpec } from "../../../client/notebook/output.ts";
import { fieldKey } from "../../../client/trace/field-ref.ts";
import { groupedText } from "../../parts/fields/number-text.ts";
import { Link } from "../link.ts";
import { watchPresence } from "../presence.ts";
import type { LiveOutput } from "../shown.ts";
import { applyStyle } from "../style.ts";
import type { Chart, ChartLine, Cursor, Engine, EngineEvents } from "./chart.ts";
import { engineFor } from "./engine-choice.ts";
import { type EngineName, PlotFrame } from "./frame.ts";
import type { Drawn, Frames } from "./frames.ts";
import { CellInk } from "./ink.ts";
import { Legend, type LegendEntry } from "./legend.ts";
import { Look } from "./look.ts";
import { pictureOf, save } from "./picture.ts";
import { loadPlotly, PlotlyEngine } from "./plotly-engine.ts";
import type { ChartView, Scene } from "./scene.ts";
import { PlotSource } from "./source.ts";
import { UplotEngine } from "./uplot-engine.ts";
import { viewFor } from "./views/view.ts";
import { counted } from "../../../model/counted.ts";

/** How often text and colours are looked after, in ms. */
const TEXT_EVERY_MS = 100;

/** plotly redraws everything in tens of ms: more often than this the notebook itself would become slow. */
const PLOTLY_EVERY_MS = 33;

/** Shows a plot in its place and keeps it live while it is seen. */
export function showPlot(place: HTMLElement, spec: PlotSpec, frames: Frames): LiveOutput<PlotSpec> {
  return new LivePlot(place, spec, frames);
}

class LivePlot implements LiveOutput<PlotSpec>, Drawn {
  readonly #frames: Frames;
  readonly #source: PlotSource;
  readonly #look: Look;
  readonly #view: ChartView;
  readonly #frame: PlotFrame;
  readonly #legend: Legend;
  readonly #ink: CellInk;
  readonly #link: Link;
  readonly #events: EngineEvents;
  readonly #unwatch: () => void;
  readonly #sizes: ResizeObserver;
  #spec: PlotSpec;
  #trouble = "";
  #isClosed = false;
  #isSeen = false;
  #stop: (() => void) | null = null;
  /** The one that draws, and its name; while plotly is loaded there is none. */
  #engine: Engine | null = null;
  #engineName: EngineName | null = null;
  /** What the reader chose. */
  #chosen: EngineName | null = null;
  #size = { widthPx: 0, heightPx: 0 };
  #cursor: Cursor | null = null;
  #chart: Chart | null = null;
  #scene: Scene | null = null;
  /** Whether a picture that stands still has to be drawn again. */
  #isStale = true;
  /** Whether what is drawn is the held picture. */
  #isStill = false;
  #drawnMs = 0;
  #toldMs = 0;

  constructor(place: HTMLElement, spec: PlotSpec, frames: Frames) {
    this.#frames = frames;
    this.#spec = spec;
    this.#source = new PlotSource(spec.view, (reason) => {
      this.#trouble = reason;
    });
    this.#source.follow(spec.series);
    this.#look = new Look(this.#source, spec.windowMs);
    this.#view = viewFor(spec.view);
    this.#events = {
      pointed: (cursor) => {
        this.#cursor = cursor;
        this.#isStale = true;
      },
      zoomed: (zoom) => {
        this.#look.zoomTo(zoom, this.#chart?.x.kind === "time");
        this.#changed();
      },
    };
    // The legend's colours are those of what is behind the frame, which stands in its place only after this.
    this.#ink = new CellInk(place);
    this.#legend = new Legend(this.#ink, (key) => {
      this.#look.toggle(key);
      this.#changed();
    });
    this.#frame = new PlotFrame(spec, this.#legend.root, this.#controls());
    place.replaceChildren(this.#frame.root);
    applyStyle(this.#frame.root);
    if (spec.isPaused) this.#look.pause(true);
    this.#changed();
    const { canvas } = this.#frame;
    this.#sizes = new ResizeObserver(() => {
      this.#measure();
    });
    this.#sizes.observe(canvas);
    // Notebooks take outputs out of the page and put them back; while nobody looks nothing is drawn.
    this.#unwatch = watchPresence(this.#frame.root, (isSeen) => {
      this.#isSeen = isSeen;
      this.#run();
    });
    this.#link = new Link(this.#frame.root, spec, {
      joined: (client) => this.#source.join(client),
      left: () => {
        this.#source.leave();
      },
      told: (text) => {
        this.#trouble = text;
        this.#tell();
      },
    });
  }

  adopt(place: HTMLElement, spec: PlotSpec): void {
    const before = this.#spec;
    this.#spec = spec;
    place.replaceChildren(this.#frame.root);
    this.#link.renew(spec);
    this.#source.follow(spec.series);
    // What the reader did since stays, unless the program now says otherwise.
    if (spec.isPaused !== before.isPaused) this.#look.pause(spec.isPaused);
    if (spec.windowMs !== before.windowMs) this.#look.setWindow(spec.windowMs);
    if (spec.engine !== before.engine) this.#chosen = null;
    this.#frame.describe(spec);
    this.#measure();
    this.#changed();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#link.close();
    this.#source.leave();
    this.#unwatch();
    this.#sizes.disconnect();
    this.#stop?.();
    this.#frame.end();
    void this.#keepLast();
  }

  frame(nowMs: number): boolean {
    if (nowMs - this.#toldMs >= TEXT_EVERY_MS) {
      this.#toldMs = nowMs;
      this.#tell();
    }
    const { widthPx } = this.#size;
    const everyMs = Math.max(this.#view.everyMs, this.#engineName === "plotly" ? PLOTLY_EVERY_MS : 0);
    if (widthPx === 0 || this.#source.fields.length === 0 || nowMs - this.#drawnMs < everyMs) return false;
    if (this.#look.isPaused && !this.#isStale) return false;
    const engine = this.#engineNow();
    if (engine === null) return false;
    this.#drawnMs = nowMs;
    this.#isStale = false;
    this.#scene = this.#sceneNow();
    this.#chart = this.#view.chart(this.#scene);
    engine.draw(this.#chart, this.#cursor);
    if (this.#look.isPaused !== this.#isStill) {
      this.#isStill = this.#look.isPaused;
      this.#tell();
    }
    return true;
  }

  #controls(): ConstructorParameters<typeof PlotFrame>[2] {
    return {
      togglePause: () => {
        this.#look.pause(!this.#look.isPaused);
        this.#changed();
      },
      window: (windowMs) => {
        this.#look.setWindow(windowMs);
        this.#changed();
      },
      engine: (name) => {
        this.#chosen = name;
        this.#changed();
      },
      save: () => {
        void this.#save();
      },
      showAll: () => {
        this.#events.zoomed(null);
      },
      moveCursor: (by) => {
        const { x, y } = this.#cursor ?? { x: 1, y: 0.5 };
        this.#events.pointed({ x: Math.min(1, Math.max(0, x + by)), y });
      },
      zoom: (factor) => {
        this.#zoomBy(factor);
      },
      pan: (by) => {
        const x = this.#chart?.x;
        if (x === undefined) return;
        const step = by * (x.max - x.min);
        this.#events.zoomed({ x: { min: x.min + step, max: x.max + step }, y: this.#look.zoom?.y ?? null });
      },
    };
  }

  #zoomBy(factor: number): void {
    const x = this.#chart?.x;
    if (x === undefined) return;
    const place = this.#cursor?.x ?? 0.5;
    const size = x.max - x.min;
    const left = x.min + place * size * (1 - factor);
    this.#events.zoomed({ x: { min: left, max: left + factor * size }, y: this.#look.zoom?.y ?? null });
  }

  /** Draws while it is seen and not closed. */
  #run(): void {
    const wants = this.#isSeen && !this.#isClosed;
    if (wants) this.#stop ??= this.#frames.add(this);
    else {
      this.#stop?.();
      this.#stop = null;
    }
  }

  #changed(): void {
    this.#isStale = true;
    this.#frame.showPaused(this.#look.isPaused);
    this.#frame.showZoomed(this.#look.zoom !== null);
    this.#frame.showWindow(this.#look.windowMs);
    this.#tell();
  }

  #measure(): void {
    const { clientWidth: widthPx, clientHeight: heightPx } = this.#frame.canvas;
    // Not in the page now: the size is as it was when it comes back.
    if (widthPx === 0 || (widthPx === this.#size.widthPx && heightPx === this.#size.heightPx)) return;
    this.#size = { widthPx, heightPx };
    this.#engine?.resize(widthPx, heightPx);
    this.#isStale = true;
  }

  /** The engine that the reader, the program or the rate asks for; null while it is loaded. */
  #engineNow(): Engine | null {
    const asked = this.#spec.engine === "auto" ? null : this.#spec.engine;
    const name = this.#chosen ?? asked ?? engineFor(this.#source.rate, this.#source.fields.length, this.#engineName);
    if (name === this.#engineName) return this.#engine;
    this.#engine?.close();
    this.#engine = null;
    this.#engineName = name;
    this.#frame.showEngine(name);
    if (name === "uplot") this.#take(new UplotEngine(this.#frame.canvas, this.#ink, this.#events));
    else void this.#takePlotly();
    return this.#engine;
  }

  async #takePlotly(): Promise<void> {
    try {
      const plotly = await loadPlotly();
      if (this.#engineName !== "plotly" || this.#engine !== null || this.#isClosed) return;
      this.#take(new PlotlyEngine(plotly, this.#frame.canvas, this.#ink, this.#events));
    } catch {
      this.#chosen = "uplot";
    }
  }

  #take(engine: Engine): void {
    this.#engine = engine;
    engine.resize(this.#size.widthPx, this.#size.heightPx);
    this.#isStale = true;
  }

  #sceneNow(): Scene {
    const { readings, windowMs, zoom, turn, hidden } = this.#look;
    const columns = Math.max(100, Math.round(this.#size.widthPx * devicePixelRatio));
    return { fields: this.#source.fields, readings, windowMs, zoom, columns, turn, hidden };
  }

  #tell(): void {
    if (this.#ink.refresh()) this.#isStale = true;
    this.#legend.show(this.#entries());
    const isWarning = this.#trouble !== "" || this.#source.isEnded || this.#source.lost > 0;
    this.#frame.tell(this.#status(), isWarning && !this.#isClosed);
  }

  #entries(): LegendEntry[] {
    const { fields } = this.#source;
    const scene = this.#scene;
    const lines = new Map<string, ChartLine>(
      this.#chart?.rows.flatMap((row) => row.lines).map((line) => [line.key, line]),
    );
    const axis = this.#chart?.x;
    const x = this.#cursor === null || axis === undefined ? null : axis.min + this.#cursor.x * (axis.max - axis.min);
    return fields.flatMap((field, color) => {
      // The first of them is the horizontal axis.
      if (this.#spec.view === "xy" && color === 0) return [];
      const key = fieldKey(field);
      const line = lines.get(key);
      const value = scene === null || line === undefined ? NaN : this.#view.value(scene, line, x);
      const label = field.labels?.get(value) ?? (field.type === "bool" && value >= 0 ? String(value !== 0) : undefined);
      const isHidden = this.#look.hidden.has(key);
      return [{ key, name: this.#view.name(field, fields), unit: field.unit, color, isHidden, value, label }];
    });
  }

  #status(): string {
    const { samples, lost, restarts, fields, isEnded } = this.#source;
    if (!this.#isClosed) {
      if (this.#trouble !== "") return this.#trouble;
      if (fields.length === 0) return samples === 0 ? "waits for the driver" : "waits for a number to draw";
      if (isEnded) return "the driver is gone; the plot goes on when it is back";
    }
    const state = this.#isClosed ? "closed" : this.#isStill ? "paused" : "live";
    const parts = [state, counted(samples, "sample", groupedText(samples))];
    if (lost > 0) parts.push(`${groupedText(lost)} lost`);
    if (restarts > 0) parts.push(`restarted ${String(restarts)}×`);
    return parts.join(" · ");
  }

  async #save(): Promise<void> {
    const engine = this.#engine;
    if (engine === null) return;
    const picture = await pictureOf(await engine.picture(), this.#caption(), this.#ink);
    save(picture, `${this.#spec.title.replace(/[^\p{L}\p{N}._-]+/gu, "-")}.png`);
  }

  #caption(): { readonly title: string; readonly entries: readonly LegendEntry[] } {
    return { title: this.#spec.title, entries: this.#entries() };
  }

  /** The last frame as an image, so that nothing of the engine stays. */
  async #keepLast(): Promise<void> {
    const engine = this.#engine;
    this.#engine = null;
    if (engine === null) return;
    const drawn = await engine.picture().catch(() => null);
    engine.close();
    if (drawn === null) return;
    drawn.style.width = "100%";
    this.#frame.canvas.replaceChildren(drawn);
  }
}

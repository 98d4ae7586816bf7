// SPDX-License-Identifier: MIT
// A live plot in the output of a cell: every sample of the channel comes here, as many frames are drawn as the page can take.
import type { Config } from "plotly.js-dist-min";
import type { Client } from "../../client/client.ts";
import type { PlotSeries, PlotSpec } from "../../client/notebook/output.ts";
import { startFeed } from "../parts/trace/feed.ts";
import { ChannelTrace } from "../parts/trace/channel-trace.ts";
import { LossBook } from "../parts/trace/loss-book.ts";
import { SampleClock } from "../parts/trace/sample-clock.ts";
import { Link } from "./link.ts";
import { figure, type View } from "./plot-figure.ts";
import { plotFrame } from "./plot-frame.ts";
import { type PlotRow, plotRows } from "../../client/trace/plot-rows.ts";
import type * as Plotly from "./plotly.ts";
import { watchPresence } from "./presence.ts";
import type { LiveOutput } from "./shown.ts";
import { applyStyle } from "./style.ts";
import { themeOf } from "./theme.ts";

const SETTINGS: Partial<Config> = {
  displaylogo: false,
  modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
};

// plotly redraws everything in tens of ms: more often than this the notebook itself would become slow.
const MIN_FRAME_MS = 33;

/** Shows a plot in its place and keeps it live while it is seen. */
export function showPlot(place: HTMLElement, spec: PlotSpec): LiveOutput<PlotSpec> {
  return new LivePlot(place, spec).run();
}

class LivePlot {
  readonly #place: HTMLElement;
  readonly #spec: PlotSpec;
  readonly #series: PlotSeries;
  readonly #losses: LossBook = new LossBook();
  readonly #clock: SampleClock = new SampleClock();
  readonly #trace: ChannelTrace;
  #rows: readonly PlotRow[] = [];
  /** Whether the fields of the channel are known, or asked for. */
  #isLearned = false;
  #windowMs: number;
  #zooms = 0;
  #stopFeed: (() => void) | null = null;
  #trouble = "";
  /** The recording as it was when the plot was paused. */
  #held: { readonly recorder: ChannelTrace["recorder"]; readonly nowMs: number } | null = null;

  constructor(place: HTMLElement, spec: PlotSpec) {
    this.#place = place;
    this.#spec = spec;
    this.#series = spec.series[0] ?? { channel: "", fields: [] };
    this.#windowMs = spec.windowMs;
    this.#trace = new ChannelTrace(this.#series.channel, this.#losses, this.#clock);
  }

  run(): LiveOutput<PlotSpec> {
    const frame = plotFrame(this.#place, this.#spec, {
      pause: (paused) => {
        const nowMs = this.#clock.now(Date.now());
        this.#held = paused ? { recorder: this.#trace.recorder.snapshot(), nowMs } : null;
      },
      window: (windowMs) => {
        this.#windowMs = windowMs;
        this.#zooms++;
      },
    });
    applyStyle(frame.root);
    const link = new Link(frame.root, this.#spec, {
      joined: (client) => this.#join(client),
      left: () => {
        this.#leave();
      },
      told: (text) => {
        this.#trouble = text;
        frame.tell(this.#status(), this.#isWarning());
      },
    });
    void this.#draw(frame.canvas, frame.tell);
    return {
      adopt: (place, changed) => {
        place.replaceChildren(frame.root);
        link.renew(changed);
      },
      close: () => {
        link.close();
      },
    };
  }

  async #join(client: Client): Promise<void> {
    await this.#learn(client);
    this.#stopFeed = startFeed(
      client,
      this.#series.channel,
      { wait: true },
      {
        delivered: (delivery) => {
          this.#trace.record(delivery);
          // A new life may have other fields or units; of a channel that was waited for none are known yet.
          if (delivery.kind === "restart" || !this.#isLearned) void this.#learn(client).catch(() => undefined);
        },
        ended: (error) => {
          this.#stopFeed = null;
          // When the connection ended, the link says why.
          if (error !== null && client.state === "open") this.#trouble = `${error.message} (${error.code})`;
        },
      },
    ).stop;
  }

  #leave(): void {
    this.#stopFeed?.();
    this.#stopFeed = null;
    this.#trace.check.begin();
    this.#trace.recorder.mark("end", 0, "");
  }

  /** Asks which fields the channel has now. */
  async #learn(client: Client): Promise<void> {
    // Until the answer is here nobody else has to ask.
    this.#isLearned = true;
    const channel = (await client.list()).channels.find((entry) => entry.channel === this.#series.channel);
    this.#isLearned = channel !== undefined;
    if (channel === undefined) return;
    this.#rows = plotRows(channel, this.#series.fields);
    for (const field of this.#rows.flatMap((row) => row.lines)) {
      this.#trace.recorder.untrack(field.label);
      this.#trace.recorder.track(field);
    }
  }

  async #draw(canvas: HTMLElement, tell: (text: string, isWarning: boolean) => void): Promise<void> {
    const plotly = (await import(new URL("plotly.mjs", import.meta.url).href)) as typeof Plotly;
    let busyMs = 0;
    let due = 0;
    let request = 0;
    const frame = (now: number): void => {
      request = requestAnimationFrame(frame);
      if (now < due || canvas.clientWidth === 0) return;
      if (this.#rows.length === 0) {
        tell(this.#status(), this.#isWarning());
        due = now + MIN_FRAME_MS;
        return;
      }
      const began = performance.now();
      const { traces, layout } = figure(this.#view(canvas));
      void plotly.react(canvas, traces, layout, SETTINGS);
      tell(this.#status(), this.#isWarning());
      // At most a third of the page's time: several plots and the notebook share it.
      busyMs = 0.8 * busyMs + 0.2 * (performance.now() - began);
      due = now + Math.max(MIN_FRAME_MS, 3 * busyMs);
    };
    // Notebooks take outputs out of the page and put them back; while nobody looks nothing is drawn.
    watchPresence(canvas, (seen) => {
      cancelAnimationFrame(request);
      if (seen) request = requestAnimationFrame(frame);
    });
  }

  #view(canvas: HTMLElement): View {
    return {
      ...(this.#held ?? { recorder: this.#trace.recorder, nowMs: this.#clock.now(Date.now()) }),
      rows: this.#rows,
      windowMs: this.#windowMs,
      widthPx: canvas.clientWidth,
      heightPx: this.#spec.heightPx,
      theme: themeOf(canvas),
      zoomKey: String(this.#zooms),
    };
  }

  #isWarning(): boolean {
    return this.#trouble !== "" || this.#trace.isEnded || this.#losses.total > 0;
  }

  #status(): string {
    if (this.#trouble !== "") return this.#trouble;
    if (this.#rows.length === 0) return "waits for the driver";
    if (this.#trace.isEnded) return "the driver is gone; the plot goes on when it is back";
    const { samples, restarts } = this.#trace.check;
    const lost = this.#losses.total;
    const parts = [this.#held === null ? "live" : "paused", `${samples.toLocaleString("en-US")} samples`];
    if (lost > 0) parts.push(`${lost.toLocaleString("en-US")} lost`);
    if (restarts > 0) parts.push(`restarted ${String(restarts)}×`);
    return parts.join(" · ");
  }
}

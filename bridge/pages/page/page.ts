// SPDX-License-Identifier: MIT
// Puts the page together: the connection feeds the catalog, the traces, the knobs and the logs; the views read them.
import { computed, effect, signal, untracked, type ReadonlySignal, type Signal } from "@preact/signals";
import type { ChannelEntry, DirectoryEntry, ParameterEntry } from "../../session/messages.ts";
import { diagnose, type Diagnostics } from "./diagnostics.ts";
import { findField } from "./fields/field-ref.ts";
import { Knobs } from "./knobs/knobs.ts";
import { Catalog } from "./link/catalog.ts";
import type { Connect, PageClient } from "./link/client-port.ts";
import { Session } from "./link/session.ts";
import { LogBook } from "./logs/log-book.ts";
import { FrameLoop } from "./plot/frame-loop.ts";
import { Ink } from "./plot/ink.ts";
import { PlotCursor } from "./plot/plot-cursor.ts";
import { Plots, WINDOWS_S } from "./plot/plots.ts";
import { Calls } from "./services/calls.ts";
import { loadSettings, saveSettings, type SavedField, type Theme } from "./settings.ts";
import { Feeds, type Wanted } from "./trace/feeds.ts";
import { LossBook } from "./trace/loss-book.ts";
import { SampleClock } from "./trace/sample-clock.ts";
import { THIN_ABOVE_HZ, thinnedAt } from "./trace/thinned.ts";

/** The parts of the page that share a small screen by taking turns. */
export type Tab = "channels" | "plots" | "knobs" | "logs";

/** Everything behind the views; made once. */
export class Page {
  readonly session: Session;
  readonly catalog: Catalog = new Catalog();
  readonly losses: LossBook = new LossBook();
  readonly frames: FrameLoop = new FrameLoop();
  readonly logs: LogBook = new LogBook();
  readonly cursor: PlotCursor = new PlotCursor();
  readonly ink: Ink;
  readonly feeds: Feeds;
  readonly plots: Plots;
  readonly knobs: Knobs;
  readonly calls: Calls;
  readonly filter: Signal<string> = signal("");
  readonly tab: Signal<Tab> = signal<Tab>("channels");
  readonly theme: Signal<Theme>;
  readonly opened: Signal<ReadonlySet<string> | null>;
  readonly logsOpen: Signal<boolean>;
  /** Whether what is shown is what the bridge says now. */
  readonly isLive: ReadonlySignal<boolean>;
  /** Plotted on an earlier visit, and not seen yet on this one. */
  #awaited: readonly SavedField[];
  readonly #liveEdge = { localMs: 0 };
  /** Counts up when a plotted channel turns out to be too fast. */
  readonly #pace: Signal<number> = signal(0);
  readonly #busiest: Signal<string | null> = signal<string | null>(null);

  constructor(connect: Connect, url: string, fontFamily: string) {
    const saved = loadSettings(localStorage);
    const clock = new SampleClock();
    this.session = new Session(connect, url);
    this.feeds = new Feeds(this.losses, clock);
    this.isLive = computed(() => this.session.phase.value.kind === "open");
    // Without a connection time stands still: the picture is the last that was known.
    this.plots = new Plots(this.feeds, () => {
      if (this.isLive.peek() || this.#liveEdge.localMs === 0) this.#liveEdge.localMs = Date.now();
      return clock.now(this.#liveEdge.localMs);
    });
    const client = (): PageClient | null => this.session.client.peek();
    this.knobs = new Knobs(client, ({ channel, atMs, text }) => {
      this.feeds.trace(channel).recorder.note({ atMs, text });
    });
    this.calls = new Calls(client);
    this.ink = new Ink(fontFamily);
    this.theme = signal(saved.theme);
    this.opened = signal(saved.opened === null ? null : new Set(saved.opened));
    this.logsOpen = signal(saved.logsOpen);
    this.#awaited = saved.plotted;
    if (WINDOWS_S.includes(saved.windowS)) this.plots.setWindow(saved.windowS);
    this.#watchClient();
    this.#watchPlots();
    this.frames.onText(() => {
      this.logs.flush();
    });
  }

  /** Whether a channel's fields are listed; before anybody chose, those of the channel that brought most when the page first saw any. */
  isOpened(channel: string): boolean {
    return this.opened.value?.has(channel) ?? channel === this.#busiest.value;
  }

  setOpened(channel: string, isOpen: boolean): void {
    const known = this.catalog.directory.value.channels.map((entry) => entry.channel);
    const opened = new Set(this.opened.value ?? known.filter((name) => this.isOpened(name)));
    if (isOpen) opened.add(channel);
    else opened.delete(channel);
    this.opened.value = opened;
  }

  diagnostics(): Diagnostics {
    return diagnose(this.session, this.frames, this.feeds);
  }

  #watchClient(): void {
    effect(() => {
      const client = this.session.client.value;
      if (client === null) return;
      const fresh = (): void => {
        this.catalog.update(client.directory);
        this.knobs.update(client.directory.parameters);
      };
      const ends = [
        client.on("directory", ({ added, changed }) => {
          this.catalog.update(client.directory);
          if (this.#isTooFast()) this.#pace.value++;
          this.knobs.update([...added, ...changed].filter(isParameter));
        }),
        client.on("parameter", (event) => {
          this.knobs.changed(event);
        }),
        client.on("log", (event) => {
          this.logs.add(event);
        }),
        client.on("notice", ({ code, message }) => {
          this.logs.add({ op: "log", driver: "bridge", level: "warn", time: Date.now(), text: `${message} (${code})` });
        }),
      ];
      const endPhase = this.session.phase.subscribe((phase) => {
        if (phase.kind === "open") fresh();
      });
      return () => {
        endPhase();
        for (const end of ends) end();
      };
    });
  }

  /** Whether a plotted channel comes sample by sample and faster than it should. */
  #isTooFast(): boolean {
    const thinned = this.feeds.thinned.peek();
    return this.plots.series
      .peek()
      .some(({ field: { channel } }) => !thinned.has(channel) && this.catalog.rate(channel) >= THIN_ABOVE_HZ);
  }

  #watchPlots(): void {
    effect(() => {
      // Once only: what is open must not change under somebody's hand when another driver comes.
      this.#busiest.value ??= busiestOf(this.catalog.directory.value.channels);
    });
    let known: unknown = null;
    let pace = 0;
    effect(() => {
      const turn = this.#pace.value;
      const directory = this.catalog.directory.value;
      const wanted = new Map<string, Wanted>();
      for (const { channel } of directory.channels) {
        if (this.isOpened(channel) && this.catalog.isLive(channel)) wanted.set(channel, "latest");
      }
      const plotted = this.plots.series.value.map(({ field }) => field);
      for (const { channel } of plotted) {
        const fields = plotted.filter((field) => field.channel === channel).map(({ path }) => path);
        const before = untracked(() => this.feeds.thinned.value.get(channel) ?? null);
        const rate = this.catalog.rate(channel);
        // Also one that is not there now: what was recorded stays, and it may come back.
        wanted.set(channel, thinnedAt(rate, fields, this.isOpened(channel), before) ?? "queue");
      }
      this.feeds.follow(this.session.client.value, wanted, known !== directory || turn !== pace);
      known = directory;
      pace = turn;
    });
    effect(() => {
      const directory = this.catalog.directory.value;
      const found = this.#awaited.map((saved) => {
        const entry = directory.channels.find(({ channel }) => channel === saved.channel);
        return { saved, field: entry === undefined ? null : findField(entry, saved.path, saved.element) };
      });
      this.#awaited = found.filter(({ field }) => field === null).map(({ saved }) => saved);
      untracked(() => {
        for (const { field } of found) if (field !== null) this.plots.add(field);
      });
    });
    effect(() => {
      const plotted = this.plots.series.value.map(({ field: { channel, path, element } }) => ({
        channel,
        path,
        element,
      }));
      const opened = this.opened.value;
      saveSettings(localStorage, {
        theme: this.theme.value,
        windowS: this.plots.windowS.value,
        plotted: [...this.#awaited, ...plotted],
        opened: opened === null ? null : [...opened],
        logsOpen: this.logsOpen.value,
      });
    });
  }
}

/** The channel with the most samples among those whose fields fit a screen. */
function busiestOf(channels: readonly ChannelEntry[]): string | null {
  const short = channels.filter(({ kind, fields }) => kind === "struct" && fields.length <= 16);
  return [...short].sort((a, b) => b.published - a.published)[0]?.channel ?? null;
}

function isParameter(entry: DirectoryEntry): entry is ParameterEntry {
  return "parameter" in entry;
}

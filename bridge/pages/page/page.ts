// SPDX-License-Identifier: MIT
// Puts the page together: the connection feeds the catalog, the traces, the knobs and the logs; the views read them.
import { effect, signal, untracked, type ReadonlySignal, type Signal } from "@preact/signals";
import type { ChannelEntry, DirectoryEntry, ParameterEntry } from "../../session/messages.ts";
import { findField } from "../../client/trace/field-ref.ts";
import { Knobs } from "../parts/knobs/knobs.ts";
import type { Catalog } from "../parts/link/catalog.ts";
import type { Connect, PageClient } from "../parts/link/client-port.ts";
import type { Session } from "../parts/link/session.ts";
import type { FrameLoop } from "../parts/plot/frame-loop.ts";
import { WINDOWS_S, type Plots } from "../parts/plot/plots.ts";
import { PresetShelf } from "../parts/presets/shelf.ts";
import { Scope } from "../parts/scope.ts";
import { loadSettings, saveSettings, type SavedField, type Theme } from "../parts/settings.ts";
import { Shell } from "../parts/shell.ts";
import type { Feeds } from "../parts/trace/feeds.ts";
import { diagnose, type Diagnostics } from "./diagnostics.ts";
import { LogBook } from "./logs/log-book.ts";
import { Calls } from "../parts/services/calls.ts";

/** The parts of the page that share a small screen by taking turns. */
export type Tab = "channels" | "plots" | "knobs" | "logs";

/** Everything behind the views; made once. */
export class Page {
  readonly shell: Shell;
  readonly scope: Scope;
  readonly session: Session;
  readonly frames: FrameLoop;
  readonly logs: LogBook = new LogBook();
  readonly catalog: Catalog;
  readonly feeds: Feeds;
  readonly plots: Plots;
  readonly knobs: Knobs;
  readonly calls: Calls;
  readonly presets: PresetShelf;
  readonly filter: Signal<string> = signal("");
  readonly tab: Signal<Tab> = signal<Tab>("channels");
  readonly theme: Signal<Theme>;
  readonly opened: Signal<ReadonlySet<string> | null>;
  readonly logsOpen: Signal<boolean>;
  /** Whether what is shown is what the bridge says now. */
  readonly isLive: ReadonlySignal<boolean>;
  /** Plotted on an earlier visit, and not seen yet on this one. */
  #awaited: readonly SavedField[];
  readonly #busiest: Signal<string | null> = signal<string | null>(null);

  constructor(connect: Connect, url: string, fontFamily: string) {
    const saved = loadSettings(localStorage);
    const begin = (client: PageClient): Promise<unknown> => Promise.all([client.watch(), client.logs()]);
    this.shell = new Shell(connect, { url, name: "structwire-page", begin }, saved.theme);
    this.scope = new Scope(this.shell, fontFamily);
    ({ session: this.session, frames: this.frames, theme: this.theme, isLive: this.isLive } = this.shell);
    ({ catalog: this.catalog, feeds: this.feeds, plots: this.plots } = this.scope);
    const client = (): PageClient | null => this.session.client.peek();
    this.knobs = new Knobs(client, ({ channel, atMs, text }) => {
      this.feeds.trace(channel).recorder.note({ atMs, text });
    });
    this.calls = new Calls(client);
    this.presets = new PresetShelf(() => client()?.presets ?? null, ["**"]);
    this.opened = signal(saved.opened === null ? null : new Set(saved.opened));
    this.logsOpen = signal(saved.logsOpen);
    this.#awaited = saved.plotted;
    if (WINDOWS_S.includes(saved.windowS)) this.plots.setWindow(saved.windowS);
    this.#watchClient();
    this.#watchPlots();
    this.scope.follow((channel) => this.isOpened(channel) && this.catalog.isLive(channel));
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
        this.knobs.update(client.directory.parameters);
      };
      const ends = [
        client.on("directory", ({ added, changed }) => {
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

  #watchPlots(): void {
    effect(() => {
      // Once only: what is open must not change under somebody's hand when another driver comes.
      this.#busiest.value ??= busiestOf(this.catalog.directory.value.channels);
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

// SPDX-License-Identifier: MIT
// What a page with plots has: the bridge's directory, the feeds of what is plotted, the plots themselves and their colours.
import { effect, signal, untracked, type ReadonlySignal, type Signal } from "@preact/signals";
import { findField, type FieldRef } from "../../client/trace/field-ref.ts";
import { Catalog } from "./link/catalog.ts";
import type { Session } from "./link/session.ts";
import type { FrameLoop } from "./plot/frame-loop.ts";
import { Ink } from "./plot/ink.ts";
import { PlotCursor } from "./plot/plot-cursor.ts";
import { Plots } from "./plot/plots.ts";
import type { Shell } from "./shell.ts";
import { Feeds } from "./trace/feeds.ts";
import type { Wanted } from "./trace/running.ts";
import { LossBook } from "./trace/loss-book.ts";
import { SampleClock } from "./trace/sample-clock.ts";
import { THIN_ABOVE_HZ, thinnedAt } from "./trace/thinned.ts";

/** Made once for a page, beside its shell. */
export class Scope {
  readonly catalog: Catalog = new Catalog();
  readonly losses: LossBook = new LossBook();
  readonly cursor: PlotCursor = new PlotCursor();
  readonly ink: Ink;
  readonly feeds: Feeds;
  readonly plots: Plots;
  readonly frames: FrameLoop;
  readonly isLive: ReadonlySignal<boolean>;
  readonly #session: Session;
  readonly #liveEdge = { localMs: 0 };
  /** Counts up when a plotted channel turns out to be too fast. */
  readonly #pace: Signal<number> = signal(0);

  constructor({ session, frames, isLive }: Shell, fontFamily: string) {
    const clock = new SampleClock();
    this.#session = session;
    this.frames = frames;
    this.isLive = isLive;
    this.ink = new Ink(fontFamily);
    this.feeds = new Feeds(this.losses, clock);
    // Without a connection time stands still: the picture is the last that was known.
    this.plots = new Plots(this.feeds, () => {
      if (isLive.peek() || this.#liveEdge.localMs === 0) this.#liveEdge.localMs = Date.now();
      return clock.now(this.#liveEdge.localMs);
    });
    this.#followDirectory();
  }

  /** From now on subscribes to what is plotted, and to the newest of the channels that are `shown` as values. */
  follow(isShown: (channel: string) => boolean): void {
    let known: unknown = null;
    let pace = 0;
    effect(() => {
      const turn = this.#pace.value;
      const directory = this.catalog.directory.value;
      const wanted = new Map<string, Wanted>();
      for (const { channel } of directory.channels) if (isShown(channel)) wanted.set(channel, "latest");
      const plotted = this.plots.series.value.map(({ field }) => field);
      for (const { channel } of plotted) {
        const fields = this.#fieldsNow(plotted.filter((field) => field.channel === channel));
        const before = untracked(() => this.feeds.thinned.value.get(channel) ?? null);
        const rate = this.#structRate(channel);
        // Also one that is not there now: what was recorded stays, and it may come back.
        wanted.set(channel, thinnedAt(rate, fields, wanted.has(channel), before) ?? "queue");
      }
      this.feeds.follow(this.#session.client.value, wanted, known !== directory || turn !== pace);
      known = directory;
      pace = turn;
    });
  }

  #followDirectory(): void {
    effect(() => {
      const client = this.#session.client.value;
      if (client === null) return;
      const endEvents = client.on("directory", () => {
        this.catalog.update(client.directory);
        if (this.#isTooFast()) this.#pace.value++;
      });
      const endPhase = this.#session.phase.subscribe((phase) => {
        if (phase.kind === "open") this.catalog.update(client.directory);
      });
      return () => {
        endPhase();
        endEvents();
      };
    });
  }

  /** The paths of the plotted fields that their channel has now: in another life of its driver some may be gone, and the bridge refuses to thin by those. */
  #fieldsNow(plotted: readonly FieldRef[]): string[] {
    const there = plotted.filter(({ channel, path, element }) => {
      const entry = this.catalog.channel(channel);
      return entry !== undefined && findField(entry, path, element) !== null;
    });
    return (there.length > 0 ? there : plotted).map(({ path }) => path);
  }

  /** Only structs can be thinned. */
  #structRate(channel: string): number {
    return this.catalog.channel(channel)?.kind === "struct" ? this.catalog.rate(channel) : 0;
  }

  /** Whether a plotted channel comes sample by sample and faster than it should. */
  #isTooFast(): boolean {
    const thinned = this.feeds.thinned.peek();
    return this.plots.series
      .peek()
      .some(({ field: { channel } }) => !thinned.has(channel) && this.#structRate(channel) >= THIN_ABOVE_HZ);
  }
}

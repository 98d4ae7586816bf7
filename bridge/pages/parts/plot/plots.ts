// SPDX-License-Identifier: MIT
// What is plotted and how it is looked at: the series, the window's length, paused or live, a zoomed part.
import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { fieldKey, type FieldRef } from "../../../client/trace/field-ref.ts";
import type { Feeds } from "../trace/feeds.ts";
import type { Recorder } from "../../../client/trace/recorder.ts";
import { panelsOf, seriesFor, type Panel, type Series } from "./panel.ts";

/** Lengths of the window that can be chosen, in seconds. */
export const WINDOWS_S: readonly number[] = [5, 10, 30, 60];

/** A stretch of time. Its length is kept as such: as a difference of two times it would change in its last digits from frame to frame. */
export interface View {
  /** The end, in ms since 1970. */
  readonly right: number;
  readonly spanMs: number;
}

/** A view that stands still, over copies that nothing overwrites. */
interface Held {
  readonly view: View;
  readonly recorders: ReadonlyMap<string, Recorder>;
}

export class Plots {
  readonly #feeds: Feeds;
  readonly #nowMs: () => number;
  readonly #series: Signal<readonly Series[]> = signal<readonly Series[]>([]);
  readonly #held: Signal<Held | null> = signal<Held | null>(null);
  readonly #zoom: Signal<View | null> = signal<View | null>(null);
  readonly windowS: Signal<number> = signal(10);
  readonly panels: ReadonlySignal<readonly Panel[]> = computed(() => panelsOf(this.#series.value));
  readonly isPaused: ReadonlySignal<boolean> = computed(() => this.#held.value !== null);
  readonly isZoomed: ReadonlySignal<boolean> = computed(() => this.#zoom.value !== null);
  /** Counts what makes old ranges meaningless: another window, a clear, a zoom. */
  readonly turn: Signal<number> = signal(0);

  /** `nowMs` gives the samples' time now. */
  constructor(feeds: Feeds, nowMs: () => number) {
    this.#feeds = feeds;
    this.#nowMs = nowMs;
  }

  get series(): ReadonlySignal<readonly Series[]> {
    return this.#series;
  }

  find(field: Pick<FieldRef, "channel" | "label">): Series | undefined {
    const key = fieldKey(field);
    return this.#series.value.find((each) => each.key === key);
  }

  /** Adds a field, or removes it when it is there. Returns whether it is there now. */
  toggle(field: FieldRef): boolean {
    const known = this.find(field);
    if (known !== undefined) this.remove(known);
    else this.add(field);
    return known === undefined;
  }

  add(field: FieldRef): void {
    if (this.find(field) !== undefined) return;
    this.#feeds.trace(field.channel).recorder.track(field);
    this.#series.value = [...this.#series.value, seriesFor(field, this.#series.value)];
  }

  remove(series: Series): void {
    this.#series.value = this.#series.value.filter((each) => each.key !== series.key);
    this.#feeds.trace(series.field.channel).recorder.untrack(series.field.label);
    if (this.#series.value.length === 0) this.resume();
  }

  removeAll(): void {
    for (const each of this.#series.value) this.remove(each);
  }

  /** Forgets the samples drawn so far. */
  clear(): void {
    for (const trace of this.#feeds.traces) trace.recorder.clear();
    this.resume();
  }

  /** Holds the picture; samples go on being recorded. */
  pause(): void {
    if (this.#held.value !== null || this.#series.value.length === 0) return;
    const channels = new Set(this.#series.value.map(({ field }) => field.channel));
    const recorders = [...channels].map((name) => [name, this.#feeds.trace(name).recorder.snapshot()] as const);
    this.#held.value = { view: this.#live(), recorders: new Map(recorders) };
  }

  resume(): void {
    this.#held.value = null;
    this.#zoom.value = null;
    this.turn.value++;
  }

  togglePause(): void {
    if (this.#held.value === null) this.pause();
    else this.resume();
  }

  setWindow(seconds: number): void {
    const held = this.#held.value;
    this.windowS.value = seconds;
    this.#zoom.value = null;
    if (held !== null) this.#held.value = { ...held, view: { right: held.view.right, spanMs: seconds * 1000 } };
    this.turn.value++;
  }

  /** Shows a part; holds the picture. */
  zoom(view: View): void {
    this.pause();
    this.#zoom.value = view;
    this.turn.value++;
  }

  unzoom(): void {
    this.#zoom.value = null;
    this.turn.value++;
  }

  /** The stretch of time to draw now. */
  view(): View {
    return this.#zoom.peek() ?? this.#held.peek()?.view ?? this.#live();
  }

  /** Where to read a channel's samples from now: the live rings, or the held copies. */
  recorder(channel: string): Recorder {
    return this.#held.peek()?.recorders.get(channel) ?? this.#feeds.trace(channel).recorder;
  }

  #live(): View {
    return { right: this.#nowMs(), spanMs: this.windowS.peek() * 1000 };
  }
}

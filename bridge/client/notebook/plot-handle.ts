// SPDX-License-Identifier: MIT
// What a cell holds of a live plot: how to pause, change, picture and end it.
import { BridgeError } from "../../model/errors.ts";
import type { ChannelEntry, Directory } from "../../session/messages.ts";
import type { LiveOutput } from "./live-output.ts";
import type { Place } from "./notebook.ts";
import type { PlotSeries, PlotSpec, Unopened } from "./output.ts";
import { checkedWindow } from "./plot-options.ts";
import { plottable } from "./plottable.ts";
import { printAsText } from "./printed.ts";
import { PlotSnapshot } from "./snapshot.ts";
import type { Still } from "./still/still-port.ts";

/** What a plot is made with. */
export interface PlotParts {
  readonly channels: readonly ChannelEntry[];
  readonly still: Still | undefined;
  /** The output in the cell, which shows `spec` of this plot. */
  live(plot: PlotHandle): LiveOutput;
  list(): Promise<Directory>;
  /** A place in the cell that runs now. */
  place(): Place | undefined;
  /** It was closed. */
  ended(plot: PlotHandle): void;
}

/**
 * A live plot in the output of a cell. It goes on by itself when the cell is over, until it is closed.
 *
 * @example
 * const plot = await motor.plot("state", ["angle", "speed"], { windowMs: 30_000 });
 * plot.pause();
 */
export class PlotHandle {
  readonly id: string;
  readonly #parts: PlotParts;
  readonly #live: LiveOutput;
  #spec: Unopened<PlotSpec>;
  #channels: readonly ChannelEntry[];
  #adding: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  /** Use `client.plot()`. */
  constructor(spec: Unopened<PlotSpec>, parts: PlotParts) {
    this.id = spec.id;
    this.#spec = spec;
    this.#channels = parts.channels;
    this.#parts = parts;
    this.#live = parts.live(this);
    printAsText(this);
  }

  /** How it is now. */
  get spec(): Unopened<PlotSpec> {
    return this.#spec;
  }

  /** Whether it has ended: nothing of it is connected, and its cell keeps the last picture. */
  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /** Shows it for the first time. */
  async open(): Promise<void> {
    await this.#live.renew();
    this.#parts.still?.begin();
  }

  /** Holds the picture as it is; samples go on to be taken in. */
  pause(): void {
    this.#change({ isPaused: true });
  }

  /** Goes on, with all that came meanwhile. */
  resume(): void {
    this.#change({ isPaused: false });
  }

  /** Shows so much of the past, in ms, at most 60 000. Throws `invalid_argument` for what is no length. */
  window(windowMs: number): void {
    this.#change({ windowMs: checkedWindow(windowMs) });
  }

  /** Draws further fields, of its first channel or of another one by its whole name. Rejects as `client.plot()` does, and changes nothing then. */
  add(fields: string | readonly string[], options: { readonly channel?: string } = {}): Promise<void> {
    const wanted: readonly string[] = typeof fields === "string" ? [fields] : fields;
    const added = this.#adding.then(() => this.#add(wanted, options.channel));
    this.#adding = added.catch(() => undefined);
    return added;
  }

  /** A picture of what is in the window now, also to be kept in a file; the cell of the plot shows it too. Rejects with `unsupported` where none can be drawn. */
  async snapshot(): Promise<PlotSnapshot> {
    this.#checkOpen();
    const { still } = this.#parts;
    if (still === undefined) throw new BridgeError("unsupported", "pictures are drawn in Node only");
    return new PlotSnapshot(await still.draw(), this.#spec.title, () => this.#parts.place());
  }

  /** Ends it; the cell keeps the last picture. Resolves when that is drawn. */
  close(): Promise<void> {
    this.#closing ??= this.#close({ isShown: true });
    return this.#closing;
  }

  /** Ends what the kernel does for it; the output goes on by itself while its bridge runs. */
  leave(): Promise<void> {
    this.#closing ??= this.#close({ isShown: false });
    return this.#closing;
  }

  toString(): string {
    const { view, isPaused } = this.#spec;
    const state = this.closed ? ", closed" : isPaused ? ", paused" : "";
    return `plot of ${describeSeries(this.#spec.series)} (${view}${state})`;
  }

  async #add(fields: readonly string[], channel = this.#spec.series[0]?.channel ?? ""): Promise<void> {
    this.#checkOpen();
    const entry = plottable(await this.#parts.list(), channel, fields);
    this.#checkOpen();
    const isNew = this.#channels.every((each) => each.channel !== channel);
    if (isNew) this.#channels = [...this.#channels, entry];
    const series = withFields(this.#spec.series, { channel, fields });
    if (!isNew) {
      this.#change({ series });
      return;
    }
    this.#spec = { ...this.#spec, series };
    this.#parts.still?.change(this.#spec, this.#channels);
    // The ticket at hand does not name the new channel.
    await this.#live.renew();
  }

  async #close({ isShown }: { isShown: boolean }): Promise<void> {
    this.#live.close();
    this.#parts.ended(this);
    if (isShown) {
      this.#spec = { ...this.#spec, isClosed: true };
      this.#live.show();
    }
    await this.#parts.still?.close();
  }

  #change(change: Partial<Unopened<PlotSpec>>): void {
    this.#checkOpen();
    this.#spec = { ...this.#spec, ...change };
    this.#live.show();
    this.#parts.still?.change(this.#spec, this.#channels);
  }

  #checkOpen(): void {
    if (this.closed) throw new BridgeError("closed", "this plot was closed; draw a new one with plot()");
  }
}

/** `motor/state: angle, speed; grid/power: load` */
export function describeSeries(series: readonly PlotSeries[]): string {
  return series.map(({ channel, fields }) => `${channel}: ${fields.join(", ")}`).join("; ");
}

/** The series with further fields of one channel, each field once. */
function withFields(series: readonly PlotSeries[], added: PlotSeries): PlotSeries[] {
  const known = series.find(({ channel }) => channel === added.channel);
  if (known === undefined) return [...series, added];
  const fields = [...new Set([...known.fields, ...added.fields])];
  return series.map((each) => (each === known ? { ...each, fields } : each));
}

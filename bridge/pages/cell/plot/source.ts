// SPDX-License-Identifier: MIT
// Where the samples of a plot come from: its channels, recorded from the first sample on, and what fields they have now.
import type { Client } from "../../../client/client.ts";
import type { PlotSeries, PlotView } from "../../../client/notebook/output.ts";
import { fieldKey, type FieldRef } from "../../../client/trace/field-ref.ts";
import { MAX_JSON_FIELDS, parsePayload } from "../../../client/trace/json-columns.ts";
import { wantedFields } from "../../../client/trace/plot-rows.ts";
import type { Recorder } from "../../../client/trace/recorder.ts";
import type { ChannelEntry } from "../../../session/messages.ts";
import type { PageBatch, PageDelivery } from "../../parts/link/client-port.ts";
import { ChannelTrace } from "../../parts/trace/channel-trace.ts";
import { startFeed } from "../../parts/trace/feed.ts";
import { LossBook } from "../../parts/trace/loss-book.ts";
import { SampleClock } from "../../parts/trace/sample-clock.ts";
import type { Readings } from "./scene.ts";

interface Followed {
  readonly trace: ChannelTrace;
  wanted: readonly string[];
  /** What the directory says of the channel; null while it is not known or another life may have another. */
  entry: ChannelEntry | null;
  fields: readonly FieldRef[];
  stop: (() => void) | null;
}

/** Follows the channels of a plot over any number of connections. */
export class PlotSource implements Readings {
  readonly #isNewestOnly: boolean;
  readonly #failed: (reason: string) => void;
  readonly #losses: LossBook = new LossBook();
  readonly #clock: SampleClock = new SampleClock();
  readonly #followed = new Map<string, Followed>();
  #client: Client | null = null;
  #isLearning = false;
  #fields: readonly FieldRef[] = [];

  /** `failed` hears why a channel cannot be read, in a sentence. */
  constructor(view: PlotView, failed: (reason: string) => void) {
    this.#isNewestOnly = view === "bars";
    this.#failed = failed;
  }

  /** All numbers to draw, in the order in which they were asked for; the list is replaced when they change. */
  get fields(): readonly FieldRef[] {
    return this.#fields;
  }

  get nowMs(): number {
    return this.#clock.now(Date.now());
  }

  get samples(): number {
    return this.#sum((trace) => trace.check.samples);
  }

  get lost(): number {
    return this.#losses.total;
  }

  get restarts(): number {
    return this.#sum((trace) => trace.check.restarts);
  }

  /** Samples a second of the fastest channel: as the bridge counted when its fields were asked for, or as they come. */
  get rate(): number {
    const rates = [...this.#followed.values()].map(({ entry, trace }) =>
      Math.max(entry?.rate ?? 0, rateOf(trace.recorder)),
    );
    return Math.max(0, ...rates);
  }

  /** Whether the producers of all channels are gone. */
  get isEnded(): boolean {
    const all = [...this.#followed.values()];
    return all.length > 0 && all.every(({ trace }) => trace.isEnded);
  }

  recorder(channel: string): Recorder | undefined {
    return this.#followed.get(channel)?.trace.recorder;
  }

  newest(channel: string): PageBatch | null {
    return this.#followed.get(channel)?.trace.latest ?? null;
  }

  /** Copies that stay as they are, for a paused plot. */
  hold(): Readings {
    const recorders = new Map([...this.#followed].map(([name, { trace }]) => [name, trace.recorder.snapshot()]));
    const newest = new Map([...this.#followed].map(([name, { trace }]) => [name, trace.latest]));
    return {
      nowMs: this.nowMs,
      recorder: (channel) => recorders.get(channel),
      newest: (channel) => newest.get(channel) ?? null,
    };
  }

  /** Makes the channels and fields those of `series`; what is recorded of those that stay is kept. */
  follow(series: readonly PlotSeries[]): void {
    const wanted = new Map<string, string[]>();
    for (const { channel, fields } of series) wanted.set(channel, [...(wanted.get(channel) ?? []), ...fields]);
    for (const [channel, { stop }] of this.#followed) {
      if (wanted.has(channel)) continue;
      stop?.();
      this.#followed.delete(channel);
    }
    for (const [channel, fields] of wanted) {
      const known = this.#followed.get(channel);
      const followed = known ?? this.#begin(channel);
      followed.wanted = fields;
      this.#refresh(followed);
      if (known === undefined && this.#client !== null) this.#read(this.#client, channel, followed);
    }
  }

  /** Reads from a connection from now on. Resolves when the fields of all channels were asked for. */
  async join(client: Client): Promise<void> {
    this.#client = client;
    await this.#learn(client);
    if (this.#client !== client) return;
    for (const [channel, followed] of this.#followed) this.#read(client, channel, followed);
  }

  /** The connection is given up: what comes later is not joined to what was. */
  leave(): void {
    this.#client = null;
    for (const { trace, stop } of this.#followed.values()) {
      stop?.();
      trace.check.begin();
      trace.recorder.mark("end", 0, "");
    }
    for (const followed of this.#followed.values()) followed.stop = null;
  }

  #begin(channel: string): Followed {
    const trace = new ChannelTrace(channel, this.#losses, this.#clock);
    const followed: Followed = { trace, wanted: [], entry: null, fields: [], stop: null };
    this.#followed.set(channel, followed);
    return followed;
  }

  #read(client: Client, channel: string, followed: Followed): void {
    followed.stop?.();
    const options = this.#isNewestOnly ? ({ delivery: "latest", last: true } as const) : {};
    const feed = startFeed(
      client,
      channel,
      { ...options, wait: true },
      {
        delivered: (delivery) => {
          this.#deliver(client, followed, delivery);
        },
        ended: (error) => {
          followed.stop = null;
          // When the connection ended, the link says why.
          if (error !== null && client.state === "open") this.#failed(`${error.message} (${error.code})`);
        },
      },
    );
    followed.stop = feed.stop;
  }

  #deliver(client: Client, followed: Followed, delivery: PageDelivery): void {
    const { trace } = followed;
    // Before it is recorded: a sample may be the first with a key.
    if (delivery.kind === "batch" && delivery.carries === "json") this.#refresh(followed, delivery);
    if (this.#isNewestOnly) trace.extremes(delivery);
    else trace.record(delivery);
    if (this.#isNewestOnly && delivery.kind === "batch") trace.sample(delivery);
    // A new life may have other fields or units; of a channel that was waited for none are known yet.
    if (delivery.kind === "restart") followed.entry = null;
    if (followed.entry === null && delivery.kind !== "end") void this.#learn(client).catch(() => undefined);
  }

  /** Asks what fields the channels have now. */
  async #learn(client: Client): Promise<void> {
    if (this.#isLearning) return;
    this.#isLearning = true;
    const { channels } = await client.list().finally(() => {
      this.#isLearning = false;
    });
    for (const [channel, followed] of this.#followed) {
      followed.entry = channels.find((entry) => entry.channel === channel) ?? null;
      this.#refresh(followed);
    }
  }

  /** Finds the numbers that the wanted fields are now, and records them from now on. */
  #refresh(followed: Followed, batch: PageBatch | null = followed.trace.latest): void {
    const { entry, trace, wanted } = followed;
    if (entry === null) return;
    const last = batch !== null && batch.carries === "json" ? batch.payloads().at(-1) : undefined;
    const newest = last === undefined ? undefined : parsePayload(last);
    const most = this.#isNewestOnly ? MAX_JSON_FIELDS : undefined;
    const fields = wantedFields(entry, wanted, newest, most);
    if (textOf(fields) === textOf(followed.fields)) return;
    const kept = new Set(fields.map(textOfOne));
    for (const field of followed.fields) if (!kept.has(textOfOne(field))) trace.recorder.untrack(field.label);
    for (const field of fields) trace.recorder.track(field);
    followed.fields = fields;
    this.#fields = [...this.#followed.values()].flatMap((each) => each.fields);
  }

  #sum(count: (trace: ChannelTrace) => number): number {
    return [...this.#followed.values()].reduce((sum, { trace }) => sum + count(trace), 0);
  }
}

/** Over the last samples; 0 while there are fewer than two. */
function rateOf(recorder: Recorder): number {
  const from = Math.max(recorder.start, recorder.head - 1000);
  const spanMs = recorder.head - from < 2 ? NaN : recorder.lastTime - recorder.time(from);
  return spanMs > 0 ? ((recorder.head - from - 1) * 1000) / spanMs : 0;
}

function textOf(fields: readonly FieldRef[]): string {
  return fields.map(textOfOne).join("\n");
}

/** Says all of a field that a recording or a picture of it depends on. */
function textOfOne(field: FieldRef): string {
  const labels = field.labels === null ? "" : [...field.labels].join(",");
  return [fieldKey(field), field.path, field.element, field.elements, field.type, field.unit, labels].join(" ");
}

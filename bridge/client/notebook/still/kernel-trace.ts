// SPDX-License-Identifier: MIT
// What the kernel itself records of one channel for the still picture: thinned by the bridge, so that it costs next to nothing.
import type { ChannelEntry, Json } from "../../../session/messages.ts";
import type { Batch } from "../../batch.ts";
import type { Delivery } from "../../delivery.ts";
import type { SubscribeOptions } from "../../options.ts";
import type { Subscription } from "../../subscription.ts";
import type { FieldRef } from "../../trace/field-ref.ts";
import { jsonColumns, MAX_JSON_FIELDS, parsePayload } from "../../trace/json-columns.ts";
import { wantedFields } from "../../trace/plot-rows.ts";
import { Recorder } from "../../trace/recorder.ts";
import type { PlotView } from "../output.ts";
import { WIDTH_PX } from "../picture/picture.ts";

/** What is recorded of a channel. */
export interface Wanted {
  readonly entry: ChannelEntry;
  readonly fields: readonly string[];
  readonly view: PlotView;
  readonly windowMs: number;
}

/** Samples of JSON come at most so often: the bridge does not look into them for extremes. */
const JSON_HZ = 100;

/** Records one channel until it is closed. */
export class KernelTrace {
  readonly recorder: Recorder;
  readonly #subscribe: (channel: string, options: SubscribeOptions) => Subscription;
  #wanted: Wanted;
  #fields: readonly FieldRef[] = [];
  #subscription: Subscription | undefined;
  #arrivals: (() => void)[] = [];

  constructor(wanted: Wanted, subscribe: (channel: string, options: SubscribeOptions) => Subscription) {
    this.recorder = new Recorder(wanted.entry.channel);
    this.#subscribe = subscribe;
    this.#wanted = wanted;
    this.#begin();
  }

  /** The numbers that are recorded. */
  get fields(): readonly FieldRef[] {
    return this.#fields;
  }

  /** Records that from now on; what stays wanted is kept. */
  change(wanted: Wanted): void {
    const before = JSON.stringify([this.#wanted.fields, this.#wanted.windowMs]);
    this.#wanted = wanted;
    if (JSON.stringify([wanted.fields, wanted.windowMs]) !== before) this.#begin();
  }

  /** Resolves with the next samples; at once when there are some. */
  async arrived(): Promise<void> {
    if (this.recorder.head > this.recorder.start) return;
    await new Promise<void>((resolve) => this.#arrivals.push(resolve));
  }

  close(): void {
    this.#subscription?.close();
    this.#subscription = undefined;
    this.#tell();
  }

  #begin(): void {
    const { entry } = this.#wanted;
    this.#learn(undefined);
    this.#subscription?.close();
    const subscription = this.#subscribe(entry.channel, { ...this.#how(), last: true, wait: true });
    this.#subscription = subscription;
    // The picture is an addition: where it cannot be read, the output in the browser says why.
    this.#read(subscription).catch(() => undefined);
  }

  #how(): SubscribeOptions {
    const { entry, view, windowMs } = this.#wanted;
    // Also what this client publishes itself: the browser draws that too.
    if (entry.kind !== "struct") return { maxHz: JSON_HZ, echo: true };
    const fields = [...new Set(this.#fields.map(({ path }) => path))];
    // A spectrum needs samples at even times.
    if (view === "spectrum") return { fields };
    return { fields, delivery: "minmax", columnMs: Math.max(1, windowMs / WIDTH_PX) };
  }

  async #read(subscription: Subscription): Promise<void> {
    for await (const delivery of subscription) {
      if (this.#subscription !== subscription) return;
      this.#deliver(delivery);
    }
  }

  #deliver(delivery: Delivery): void {
    switch (delivery.kind) {
      case "batch":
        this.#record(delivery);
        break;
      case "lost":
        this.recorder.mark("lost", delivery.loss.count, delivery.loss.reason);
        break;
      case "restart":
        this.recorder.mark("restart", 0, "");
        break;
      case "end":
        if (delivery.reason !== "unsubscribed") this.recorder.mark("end", 0, "");
    }
  }

  #record(batch: Batch): void {
    const { count, times, carries } = batch;
    if (carries === "json") {
      const payloads = batch.payloads();
      const last = payloads.at(-1);
      this.#learn(last === undefined ? undefined : parsePayload(last));
      this.recorder.append({ count, times, columns: jsonColumns(payloads, this.recorder.paths) });
    } else {
      this.recorder.append({ count, times, columns: batch.columns });
    }
    this.#tell();
  }

  /** Finds the numbers that the wanted fields are now. */
  #learn(newest: Json | undefined): void {
    const { entry, fields, view } = this.#wanted;
    const found = wantedFields(entry, fields, newest, view === "bars" ? MAX_JSON_FIELDS : undefined);
    const labels = new Set(found.map(({ label }) => label));
    for (const { label } of this.#fields) if (!labels.has(label)) this.recorder.untrack(label);
    for (const field of found) this.recorder.track(field);
    this.#fields = found;
  }

  #tell(): void {
    const arrivals = this.#arrivals;
    this.#arrivals = [];
    for (const arrived of arrivals) arrived();
  }
}

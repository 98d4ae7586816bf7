// SPDX-License-Identifier: MIT
// All that the page holds of one channel: its newest batch, and for a plotted one every sample and the check that none is missing.
import type { PageBatch, PageDelivery } from "../link/client-port.ts";
import { jsonColumns } from "../../../client/trace/json-columns.ts";
import type { LossBook } from "./loss-book.ts";
import { Recorder } from "../../../client/trace/recorder.ts";
import { SequenceCheck } from "./sequence-check.ts";
import type { SampleClock } from "./sample-clock.ts";

/** Takes the deliveries of one channel, in either delivery. */
export class ChannelTrace {
  readonly channel: string;
  readonly recorder: Recorder;
  readonly check: SequenceCheck = new SequenceCheck();
  readonly #losses: LossBook;
  readonly #clock: SampleClock;
  /** The newest batch; its last sample is what "now" shows. */
  latest: PageBatch | null = null;
  /** Whether the producer has ended and not come back. */
  isEnded = false;

  constructor(channel: string, losses: LossBook, clock: SampleClock) {
    this.channel = channel;
    this.recorder = new Recorder(channel);
    this.#losses = losses;
    this.#clock = clock;
  }

  /** Nobody wants every sample any more: what comes later is not joined to what was. */
  leave(): void {
    this.recorder.clear();
    this.check.begin();
  }

  /** A delivery of the subscription that brings the newest samples only: nothing is missing when it jumps. */
  sample(delivery: PageDelivery): void {
    if (delivery.kind === "batch") {
      this.latest = delivery;
      this.isEnded = false;
    } else if (delivery.kind === "end") {
      this.isEnded = delivery.reason !== "unsubscribed";
    }
  }

  /** A delivery of the subscription that brings every sample. */
  record(delivery: PageDelivery): void {
    this.sample(delivery);
    this.#note(delivery, false);
  }

  /** A delivery of the subscription that brings the extremes of some fields: the newest sample of all fields comes by another one. */
  extremes(delivery: PageDelivery): void {
    if (delivery.kind !== "batch") this.sample(delivery);
    else this.isEnded = false;
    this.#note(delivery, true);
  }

  #note(delivery: PageDelivery, isThinned: boolean): void {
    switch (delivery.kind) {
      case "batch":
        this.#record(delivery, isThinned);
        break;
      case "lost":
        this.check.gap(delivery.loss);
        this.#losses.add(this.channel, delivery.loss.reason, delivery.loss.count);
        this.recorder.mark("lost", delivery.loss.count, delivery.loss.reason);
        break;
      case "restart":
        this.check.restart();
        this.recorder.mark("restart", 0, "");
        break;
      case "end":
        if (delivery.reason !== "unsubscribed") this.recorder.mark("end", 0, "");
    }
  }

  #record(batch: PageBatch, isThinned: boolean): void {
    // A client that is replaced tells of no restart: the epoch does.
    if (this.check.epoch !== null && this.check.epoch !== batch.epoch) {
      this.check.restart();
      this.recorder.mark("restart", 0, "");
    }
    const missing = isThinned ? 0 : this.check.batch(batch.epoch, batch.sequences);
    if (isThinned) this.check.some(batch.epoch, batch.sequences);
    if (missing > 0) {
      this.#losses.add(this.channel, "unknown", missing);
      this.recorder.mark("lost", missing, "unknown");
    }
    this.#clock.observe(batch.times[batch.count - 1] ?? NaN, Date.now());
    const { count, times } = batch;
    const columns = batch.carries === "json" ? jsonColumns(batch.payloads(), this.recorder.paths) : batch.columns;
    this.recorder.append({ count, times, columns });
  }
}

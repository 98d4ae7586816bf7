// SPDX-License-Identifier: MIT
// One stream that a program offers: its feed, its channel, and what the directory says of it.
import { BridgeError } from "../../model/errors.ts";
import { STREAM_HZ, type StreamChange, type StreamOffer } from "../../session/program-messages.ts";
import { Standing } from "../kept/standing.ts";
import type { Publisher, PublisherOptions, PublisherWire } from "../publish/publisher.ts";
import { failureOf } from "../services/invocations.ts";
import type { Sink, StreamFeed } from "./feed.ts";
import { Reporting } from "./reporting.ts";
import type { Timers } from "./timers.ts";

/** How a stream publishes. */
export interface StreamOptions extends PublisherOptions {
  /** Where it publishes (default: the channel of the stream's own name). */
  readonly channel?: string | undefined;
  /** Whether it begins at once (default true). */
  readonly enabled?: boolean | undefined;
}

/** What streams need of their client. */
export interface StreamWire extends PublisherWire {
  readonly timers: Timers;
  publisher(channel: string, options: PublisherOptions): Publisher;
}

/** A stream of this program, from `client.streams`. */
export class Stream {
  readonly name: string;
  readonly channel: string;
  readonly #publisher: Publisher;
  readonly #feed: StreamFeed;
  readonly #standing: Standing;
  readonly #reporting: Reporting;
  readonly #removed: () => void;
  #enabled = false;
  #calls = 0;
  #error: StreamOffer["error"] = null;
  #isOver = false;

  /** Use `client.streams`. `removed` is called when it is over, however that came. */
  constructor(
    wire: StreamWire,
    name: string,
    options: StreamOptions,
    feed: (sink: Sink) => StreamFeed,
    removed: () => void,
  ) {
    this.name = name;
    this.channel = options.channel ?? name;
    this.#removed = removed;
    this.#feed = feed({
      sample: (value) => {
        this.#sample(value);
      },
      failed: (error) => {
        this.#calls++;
        this.#failed(error);
      },
    });
    this.#publisher = wire.publisher(this.channel, options);
    this.#publisher.on("refused", ({ error }) => {
      this.#failed(error);
    });
    this.#enabled = options.enabled ?? true;
    this.#standing = new Standing(wire, {
      request: () => ({ op: "offer", ...this.entry }),
      undo: () => ({ op: "retract", stream: name }),
      ended: (error, isNews) => {
        void this.#end();
        if (isNews) wire.notice(error);
      },
    });
    this.#reporting = new Reporting(wire.timers, () => {
      this.#standing.renew();
    });
    if (this.#enabled) this.#feed.start();
  }

  /** Resolves when the bridge lists it and has opened its channel; rejects with its refusal (`name_in_use`, `forbidden`). */
  get ready(): Promise<void> {
    const ready = Promise.all([this.#publisher.opened, this.#standing.ready]).then(() => undefined);
    ready.catch(() => undefined);
    return ready;
  }

  /** The stream as the directory lists it. */
  get entry(): StreamOffer {
    const { type, hz, overruns } = this.#feed;
    const failing = this.#error === null ? "running" : "failing";
    return {
      stream: this.name,
      channel: this.channel,
      type,
      hz,
      enabled: this.#enabled,
      state: this.#enabled ? failing : "stopped",
      encoding: this.#publisher.contentType ?? "json",
      calls: this.#calls,
      overruns,
      error: this.#error,
    };
  }

  /** Begins, or goes on. */
  start(): void {
    if (this.#isOver || this.#enabled) return;
    this.#enabled = true;
    this.#feed.start();
    this.#reporting.changed();
  }

  /** Stops until it is started again; a call that is under way is the last one. Throws `refused` for a manual stream. */
  stop(): void {
    if (!this.#enabled) return;
    this.#requireFeed("be stopped");
    this.#enabled = false;
    this.#error = null;
    this.#feed.stop();
    this.#reporting.changed();
  }

  /** Another rate, 0.001 to 10 000 Hz, from now on. Throws `out_of_range`, or `refused` for a stream without a rate. */
  rate(hz: number): void {
    if (this.#feed.hz === null) throw new BridgeError("refused", `the stream ${this.name} has no rate of its own`);
    this.#feed.setHz(checkHz(hz));
    this.#reporting.changed();
  }

  /** Both at once; nothing is changed when one of them cannot be. */
  adjust({ enabled, hz }: StreamChange): void {
    if (enabled === false) this.#requireFeed("be stopped");
    if (hz !== undefined) this.rate(hz);
    if (enabled === true) this.start();
    else if (enabled === false) this.stop();
  }

  /** Ends it; the channel stays, with its newest sample. Resolves when the bridge knows. */
  async remove(): Promise<void> {
    if (this.#isOver) return;
    const retracted = this.#standing.close();
    const closed = this.#end();
    await Promise.all([retracted, closed]);
  }

  /** Publishes in the stream's channel, as its program. */
  publish(value: unknown, time?: number): boolean {
    const hasRoom = this.#publisher.publish(value, { time });
    this.#calls++;
    this.#worked();
    return hasRoom;
  }

  #sample(value: unknown): void {
    try {
      if (value !== undefined) this.publish(value);
      else {
        this.#calls++;
        this.#worked();
      }
    } catch (error) {
      this.#calls++;
      this.#failed(error);
    }
  }

  #worked(): void {
    if (this.#error === null) {
      this.#reporting.counted();
      return;
    }
    this.#error = null;
    this.#reporting.changed();
  }

  #failed(thrown: unknown): void {
    const { name = "Error", message } = failureOf(thrown);
    const isNews = this.#error?.name !== name || this.#error.message !== message;
    this.#error = { name, message };
    if (isNews) this.#reporting.changed();
    else this.#reporting.counted();
  }

  #requireFeed(what: string): void {
    if (this.#feed.type !== "manual") return;
    throw new BridgeError("refused", `the stream ${this.name} cannot ${what}: its program publishes when it likes`);
  }

  #end(): Promise<void> {
    this.#isOver = true;
    this.#enabled = false;
    this.#feed.stop();
    this.#reporting.stop();
    this.#removed();
    return this.#publisher.close();
  }
}

/** Throws `out_of_range`. */
export function checkHz(hz: number): number {
  const { min, max } = STREAM_HZ;
  if (hz >= min && hz <= max) return hz;
  throw new BridgeError("out_of_range", `a stream's rate is ${String(min)} to ${String(max)} Hz, not ${String(hz)}`);
}

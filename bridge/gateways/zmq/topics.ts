// SPDX-License-Identifier: MIT
// Topics that somebody reads: each is a channel, read only while there is a reader, and sent under the very name that was asked for.
import type { Cancel } from "../../hub/ports.ts";
import { toBridgeError } from "../../model/errors.ts";
import type { Value } from "../../model/values.ts";
import type { GuestListener, GuestSamples } from "../../session/guest-reader.ts";
import type { TopicEncoding } from "./listing.ts";
import { packFrame, packMeta } from "./packet.ts";
import { pickle } from "./pickle/pickle.ts";
import { fitName, pickledException } from "./python-names.ts";

/** Topics that are read at a time. */
export const MAX_TOPICS = 1024;

/** What topics are made of. */
export interface TopicsOptions {
  readonly read: (channels: string, listener: GuestListener) => Cancel;
  /** The channel of the stream of that name, if there is such a stream. */
  readonly channelOf: (stream: string) => string | undefined;
  readonly encoding: (channel: string, kind: "json" | "bytes") => TopicEncoding;
  readonly send: (frame: Uint8Array) => void;
  readonly log: (text: string, details: object) => void;
}

/** One topic that is read. */
interface Topic {
  readers: number;
  readonly channel: string;
  readonly stop: Cancel;
}

/** What became of a stream's function. */
export interface StreamFailure {
  readonly channel: string;
  readonly name: string;
  readonly message: string;
  readonly encoding: TopicEncoding;
  /** ms since 1970 UTC */
  readonly time: number;
}

/** The empty topic of a reader that wants everything. */
const EVERYTHING = "";

/** The topics that are read, by the name that was asked for. */
export class Topics {
  readonly #options: TopicsOptions;
  readonly #topics = new Map<string, Topic>();

  constructor(options: TopicsOptions) {
    this.#options = options;
  }

  /** One more reads it. False: there are too many topics. Never throws: what is no name here is a topic on which nothing comes. */
  subscribe(topic: string): boolean {
    const known = this.#topics.get(topic);
    if (known !== undefined) {
      known.readers += 1;
      return true;
    }
    if (this.#topics.size >= MAX_TOPICS) return false;
    this.#topics.set(topic, { readers: 1, ...this.#read(topic) });
    return true;
  }

  /** One less reads it. */
  unsubscribe(topic: string): void {
    const known = this.#topics.get(topic);
    if (known === undefined) return;
    known.readers -= 1;
    if (known.readers > 0) return;
    this.#topics.delete(topic);
    known.stop();
  }

  /** Nobody reads any more. */
  clear(): void {
    for (const { stop } of this.#topics.values()) stop();
    this.#topics.clear();
  }

  /** Tells the readers of a stream that its function failed. */
  failed({ channel, name, message, encoding, time }: StreamFailure): void {
    const text = `${name}: ${message}`;
    const payload =
      encoding === "pickle"
        ? pickledException(name, message)
        : Buffer.from(encoding === "json" ? JSON.stringify(text) : text);
    const meta = packMeta(false, time / 1000);
    for (const topic of this.#topicsOf(channel)) this.#options.send(packFrame(topic, meta, payload));
  }

  #read(topic: string): Pick<Topic, "channel" | "stop"> {
    const { read, channelOf, log } = this.#options;
    const name = fitName(topic);
    const channel = topic === EVERYTHING ? "**" : name === undefined ? undefined : (channelOf(name) ?? name);
    const nothing = { channel: "", stop: () => undefined };
    if (channel === undefined) return nothing;
    const listener: GuestListener = {
      samples: (samples) => {
        // A reader of everything has it all: each sample goes out once.
        if (topic !== EVERYTHING && this.#topics.has(EVERYTHING)) return;
        this.#send(samples, topic === EVERYTHING ? [...this.#topicsOf(samples.channel)] : [topic]);
      },
    };
    try {
      return { channel, stop: read(channel, listener) };
    } catch (error) {
      log("a topic cannot be read", { topic, reason: toBridgeError(error).message });
      return nothing;
    }
  }

  /** The names under which a channel's samples go out. */
  #topicsOf(channel: string): ReadonlySet<string> {
    const topics = new Set<string>();
    if (this.#topics.has(EVERYTHING)) topics.add(channel);
    for (const [topic, each] of this.#topics) if (topic !== EVERYTHING && each.channel === channel) topics.add(topic);
    return topics;
  }

  #send(batch: GuestSamples, topics: readonly string[]): void {
    const { encoding, send } = this.#options;
    const { channel } = batch;
    const emit = (time: number, payload: Uint8Array): void => {
      const meta = packMeta(true, time / 1000);
      for (const topic of topics) send(packFrame(topic, meta, payload));
    };
    if (batch.contentType !== null) {
      for (const { time, bytes } of batch.samples) emit(time, bytes);
    } else if (encoding(channel, "json") === "json") {
      for (const { time, json } of batch.samples) emit(time, Buffer.from(json));
    } else {
      for (const { time, json } of batch.samples) emit(time, pickle(JSON.parse(json) as Value));
    }
  }
}

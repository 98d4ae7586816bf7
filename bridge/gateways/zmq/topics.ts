// SPDX-License-Identifier: MIT
// Topics that somebody reads: each is a channel, read only while there is a reader, and sent under the very name that was asked for.
import type { Cancel } from "../../hub/ports.ts";
import { toBridgeError } from "../../model/errors.ts";
import type { Value } from "../../model/values.ts";
import type { GuestListener, GuestSamples } from "../../session/guest-reader.ts";
import type { TopicEncoding } from "./listing.ts";
import { packFrame, packMeta, renameFrame, ROUTER_FRAME } from "./packet.ts";
import { pickle } from "./pickle/pickle.ts";
import { fitName, pickledException } from "./python-names.ts";

/** Topics of one reader, and of all. */
export const MAX_TOPICS_OF_READER = 256;
export const MAX_TOPICS = 4096;

/** Who reads topics. */
export interface TopicReader {
  /** False: too much waits for it, and this is dropped. */
  send(message: readonly Uint8Array[]): boolean;
}

/** What topics are made of. */
export interface TopicsOptions {
  readonly read: (channels: string, listener: GuestListener) => Cancel;
  /** The channel of the stream of that name, if there is such a stream. */
  readonly channelOf: (stream: string) => string | undefined;
  readonly encoding: (channel: string, kind: "json" | "bytes") => TopicEncoding;
  readonly log: (text: string, details: object) => void;
}

/** One topic that is read. */
interface Topic {
  readonly readers: Set<TopicReader>;
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
  readonly #ofReader = new Map<TopicReader, Set<string>>();
  #dropped = 0;

  constructor(options: TopicsOptions) {
    this.#options = options;
  }

  /** Messages that readers did not get because too much waited for them. */
  get dropped(): number {
    return this.#dropped;
  }

  /** False: there are too many topics. Never throws: what is no name here is a topic on which nothing comes. */
  subscribe(reader: TopicReader, topic: string): boolean {
    const own = this.#ofReader.get(reader) ?? new Set();
    if (own.has(topic)) return true;
    const known = this.#topics.get(topic);
    if (own.size >= MAX_TOPICS_OF_READER || (known === undefined && this.#topics.size >= MAX_TOPICS)) return false;
    this.#ofReader.set(reader, own.add(topic));
    if (known !== undefined) known.readers.add(reader);
    else this.#topics.set(topic, this.#read(topic, new Set([reader])));
    return true;
  }

  unsubscribe(reader: TopicReader, topic: string): void {
    this.#ofReader.get(reader)?.delete(topic);
    const known = this.#topics.get(topic);
    if (known?.readers.delete(reader) !== true || known.readers.size > 0) return;
    this.#topics.delete(topic);
    known.stop();
  }

  /** It reads nothing any more. */
  left(reader: TopicReader): void {
    for (const topic of this.#ofReader.get(reader) ?? []) this.unsubscribe(reader, topic);
    this.#ofReader.delete(reader);
  }

  /** Streams came, went or moved to other channels: their readers go along. */
  follow(): void {
    for (const [topic, { readers, channel, stop }] of this.#topics) {
      if (this.#channelOf(topic) === channel) continue;
      stop();
      this.#topics.set(topic, this.#read(topic, readers));
    }
  }

  /** Tells the readers of a stream that its function failed. */
  failed({ channel, name, message, encoding, time }: StreamFailure): void {
    const text = `${name}: ${message}`;
    const payload =
      encoding === "pickle"
        ? pickledException(name, message)
        : Buffer.from(encoding === "json" ? JSON.stringify(text) : text);
    const meta = packMeta(false, time / 1000);
    for (const [topic, { channel: read, readers }] of this.#topics) {
      if (topic === EVERYTHING) this.#send(readers, packFrame(channel, meta, payload));
      else if (read === channel) this.#send(readers, packFrame(topic, meta, payload));
    }
  }

  #read(topic: string, readers: Set<TopicReader>): Topic {
    const { read, log } = this.#options;
    const channel = this.#channelOf(topic);
    const nothing: Topic = { readers, channel, stop: () => undefined };
    if (channel === "") return nothing;
    const listener: GuestListener = {
      samples: (samples) => {
        this.#forward(
          samples,
          topic === EVERYTHING ? samples.channel : topic,
          this.#readersOf(samples, topic, readers),
        );
      },
    };
    try {
      return { readers, channel, stop: read(channel, listener) };
    } catch (error) {
      log("a topic cannot be read", { topic, reason: toBridgeError(error).message });
      return nothing;
    }
  }

  /** What is read for a topic; "" where that is nothing. */
  #channelOf(topic: string): string {
    if (topic === EVERYTHING) return "**";
    const name = fitName(topic);
    return name === undefined ? "" : (this.#options.channelOf(name) ?? name);
  }

  /** A reader of everything has the samples of a topic already, where that has the channel's own name. */
  #readersOf({ channel }: GuestSamples, topic: string, readers: ReadonlySet<TopicReader>): ReadonlySet<TopicReader> {
    const all = topic === channel ? this.#topics.get(EVERYTHING)?.readers : undefined;
    return all === undefined ? readers : new Set([...readers].filter((reader) => !all.has(reader)));
  }

  #forward(batch: GuestSamples, topic: string, readers: ReadonlySet<TopicReader>): void {
    const emit = (time: number, payload: Uint8Array): void => {
      this.#send(readers, packFrame(topic, packMeta(true, time / 1000), payload));
    };
    if (batch.contentType === ROUTER_FRAME) {
      for (const { bytes } of batch.samples) {
        const frame = renameFrame(bytes, topic);
        if (frame !== undefined) this.#send(readers, frame);
      }
    } else if (batch.contentType !== null) {
      for (const { time, bytes } of batch.samples) emit(time, bytes);
    } else if (this.#options.encoding(batch.channel, "json") === "json") {
      for (const { time, json } of batch.samples) emit(time, Buffer.from(json));
    } else {
      for (const { time, json } of batch.samples) emit(time, pickle(JSON.parse(json) as Value));
    }
  }

  #send(readers: ReadonlySet<TopicReader>, frame: Uint8Array): void {
    for (const reader of readers) if (!reader.send([frame])) this.#dropped += 1;
  }
}

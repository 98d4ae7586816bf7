// SPDX-License-Identifier: MIT
// Turns the chunks of streams into samples with JSON text or bytes, for readers that have no wire of ours.
import type { Chunk, EndReason } from "../hub/ports.ts";
import type { Readership, SubscribedReader } from "../hub/readership.ts";
import type { Sender, Senders } from "../hub/senders.ts";
import type { Stream } from "../hub/stream.ts";
import type { Codec } from "../layout/codec.ts";
import { readBatch, recordType } from "../layout/batch.ts";
import { batchSequences, batchTimesMs, variablePayloads } from "../layout/record.ts";
import { RECORD_BATCH } from "../model/batch.ts";
import type { ChannelKind, Loss } from "../model/values.ts";
import { withoutSenders } from "./echo.ts";

/** One sample as a guest gets it. */
export interface GuestSampleHead {
  readonly seq: number;
  /** ms since 1970 UTC */
  readonly time: number;
  /** Null: the channel is a driver's, or the sender left long ago. */
  readonly sender: Sender | null;
}

/** Samples of one channel, in order. Structs come as JSON, too. */
export type GuestSamples = { readonly channel: string; readonly kind: ChannelKind } & (
  | { readonly contentType: null; readonly samples: readonly (GuestSampleHead & { readonly json: string })[] }
  | { readonly contentType: string; readonly samples: readonly (GuestSampleHead & { readonly bytes: Uint8Array })[] }
);

/** What a guest is told of what it reads; called at once and in order, so it must not publish in turn: others have yet to be told. That is for a microtask. */
export interface GuestListener {
  /** Bytes are views of memory that others read, too: nobody changes them. */
  samples(samples: GuestSamples): void;
  lost?(channel: string, loss: Loss): void;
  /** The channel is there; `restarted`: as another life than the one that was there before. */
  started?(channel: string, restarted: boolean): void;
  ended?(channel: string, reason: EndReason | "unsubscribed"): void;
}

/** What the reader of a guest needs. */
export interface GuestReaderOptions {
  readonly codec: Codec;
  readonly senders: Senders;
  /** The guest's own senders. */
  readonly own: ReadonlySet<number>;
  readonly listener: GuestListener;
  readonly readership: () => Readership;
}

/** The reader of one read of a guest. */
export class GuestReader implements SubscribedReader {
  readonly #options: GuestReaderOptions;

  constructor(options: GuestReaderOptions) {
    this.#options = options;
  }

  started(stream: Stream, previous: bigint | null): void {
    this.#options.listener.started?.(stream.channel.name, previous !== null);
  }

  samples(stream: Stream, chunk: Chunk): void {
    const { own, readership, listener } = this.#options;
    const wanted = own.size === 0 || readership().echoes(stream) ? chunk : withoutSenders(chunk, own);
    if (wanted === null) return;
    for (const part of wanted.parts) if (recordType(part) === RECORD_BATCH) listener.samples(this.#read(stream, part));
  }

  lost(stream: Stream, loss: Loss): void {
    this.#options.listener.lost?.(stream.channel.name, loss);
  }

  ended(stream: Stream, reason: EndReason): void {
    this.#options.listener.ended?.(stream.channel.name, reason);
  }

  shared(): void {
    // Each read has a reader of its own, so nothing is shared.
  }

  left(stream: Stream): void {
    this.#options.listener.ended?.(stream.channel.name, "unsubscribed");
  }

  #read(stream: Stream, batch: Uint8Array): GuestSamples {
    const { name: channel, kind, contentType } = stream.channel;
    const { header, samplesAt } = readBatch(batch);
    const times = batchTimesMs(batch);
    const sequences = batchSequences(batch);
    const layout = stream.schema?.layout ?? null;
    const sender = layout === null ? (this.#options.senders.get(header.schema) ?? null) : null;
    const payloads =
      layout === null
        ? variablePayloads(batch)
        : Array.from({ length: header.count }, (_, i) => {
            const at = samplesAt + i * layout.size;
            return batch.subarray(at, at + layout.size);
          });
    const head = (i: number): GuestSampleHead => ({ seq: sequences[i] ?? 0, time: times[i] ?? 0, sender });
    if (kind === "bytes") {
      const samples = payloads.map((bytes, i) => ({ ...head(i), bytes }));
      return { channel, kind, contentType: contentType ?? "", samples };
    }
    const samples = payloads.map((payload, i) => ({ ...head(i), json: this.#jsonOf(layout, payload) }));
    return { channel, kind, contentType: null, samples };
  }

  #jsonOf(layout: Parameters<Codec["valueJson"]>[0] | null, payload: Uint8Array): string {
    if (layout !== null) return this.#options.codec.valueJson(layout, payload);
    return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString();
  }
}

// SPDX-License-Identifier: MIT
// One program's way into an open channel: numbers what it publishes there and writes who it was.
import { BATCH_HEADER_BYTES, FLAG_SEQUENCES } from "../model/batch.ts";
import { BridgeError } from "../model/errors.ts";
import type { ChannelKind, LossReason } from "../model/values.ts";
import type { Channel } from "./channel.ts";
import type { Sender } from "./senders.ts";

/** Where samples came to stand. */
export interface Published {
  readonly epoch: bigint;
  /** The sequence of the first one; null: another bridge owns the channel and numbers them. */
  readonly seq: number | null;
  readonly count: number;
}

/** One program's way into an open channel, here or at another bridge. */
export interface Publisher {
  readonly kind: ChannelKind;
  readonly sender: Sender;
  /** The life of the channel and its next sequence, as far as they are known here. */
  readonly position: { readonly epoch: bigint; readonly next: number };
  /** Takes in a batch of JSON or bytes that was checked by a codec and read at `readMs` (ms since 1970 UTC); it keeps its memory. Throws `closed`, `disconnected` or `busy`. */
  publish(batch: Uint8Array, readMs: number): Published;
  /** So many samples never came: they take up numbers of the channel and are a loss for all. Throws as {@link publish} does. */
  lose(count: number, reason: LossReason): void;
  /** Gives the place back; calling it twice does nothing more. */
  close(): void;
}

/** A publisher in a channel of this bridge; made by {@link OpenChannels}. It is over when its channel is withdrawn or begins anew. */
export class OpenPublisher implements Publisher {
  readonly channel: Channel;
  readonly sender: Sender;
  readonly #epoch: bigint;
  /** The epoch once more, as it is written. */
  readonly #epochLow: number;
  readonly #epochHigh: number;
  #left: (() => void) | undefined;

  constructor(channel: Channel, sender: Sender, left: () => void) {
    this.channel = channel;
    this.sender = sender;
    this.#epoch = channel.epoch;
    this.#epochLow = Number(channel.epoch & 0xffff_ffffn);
    this.#epochHigh = Number(channel.epoch >> 32n);
    this.#left = left;
  }

  /**
   * Takes in a batch of JSON or bytes that was checked by a codec and read at `readMs` (ms since 1970 UTC); the hub keeps its memory and writes the header, and where sequences are
   * listed these, anew. Readers get it at the next settle or tick. Throws `closed`.
   */
  publish(batch: Uint8Array, readMs: number): Published {
    const { channel } = this;
    this.#requireOpen();
    const flags = batch[5] ?? 0;
    const count = read32(batch, 32);
    const seq = channel.next;
    const stream = channel.source.id;
    const schema = this.sender.id;
    write32(batch, 8, stream);
    write32(batch, 12, schema);
    write32(batch, 16, this.#epochLow);
    write32(batch, 20, this.#epochHigh);
    write32(batch, 24, seq);
    write32(batch, 28, Math.floor(seq / 0x1_0000_0000));
    if ((flags & FLAG_SEQUENCES) !== 0) {
      for (let i = 0, at = BATCH_HEADER_BYTES + 8 * count; i < count; i++, at += 8) {
        write32(batch, at, seq + i);
        write32(batch, at + 4, Math.floor((seq + i) / 0x1_0000_0000));
      }
    }
    channel.publish(batch, { stream, schema, epoch: this.#epoch, first: seq, count, size: 0, flags }, readMs);
    return { epoch: this.#epoch, seq, count };
  }

  /** So many samples never came: they take up numbers of the channel and are a loss for all. Throws `closed`. */
  lose(count: number, reason: LossReason): void {
    this.#requireOpen();
    const { next } = this.channel;
    this.channel.lose({ epoch: this.#epoch, from: next, to: next + count - 1, count, reason });
  }

  get kind(): ChannelKind {
    return this.channel.kind;
  }

  get position(): { readonly epoch: bigint; readonly next: number } {
    return this.channel;
  }

  close(): void {
    const left = this.#left;
    this.#left = undefined;
    if (this.#isCurrent) left?.();
  }

  get #isCurrent(): boolean {
    return this.channel.live && this.channel.epoch === this.#epoch;
  }

  #requireOpen(): void {
    if (this.#left !== undefined && this.#isCurrent) return;
    throw new BridgeError("closed", `the channel "${this.channel.name}" was withdrawn; open it again`);
  }
}

// Bytes, not a DataView: small messages come one by one, and for each the view and bigints would cost more than all the rest.

function read32(bytes: Uint8Array, at: number): number {
  const low = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
  const high = (bytes[at + 2] ?? 0) | ((bytes[at + 3] ?? 0) << 8);
  return high * 0x1_0000 + low;
}

function write32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

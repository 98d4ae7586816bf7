// SPDX-License-Identifier: MIT
// One program's way into an open channel: numbers what it publishes there and writes who it was.
import { Halves, read32, write32, write64 } from "../model/words.ts";
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
  readonly #halves: Halves;
  #left: (() => void) | undefined;

  constructor(channel: Channel, sender: Sender, left: () => void) {
    this.channel = channel;
    this.sender = sender;
    this.#epoch = channel.epoch;
    this.#halves = new Halves(channel.epoch);
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
    write32(batch, 8, channel.source.id);
    write32(batch, 12, this.sender.id);
    this.#halves.write(batch, 16);
    write64(batch, 24, seq);
    if ((flags & FLAG_SEQUENCES) !== 0) {
      for (let i = 0, at = BATCH_HEADER_BYTES + 8 * count; i < count; i++, at += 8) write64(batch, at, seq + i);
    }
    channel.publish(batch, readMs);
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

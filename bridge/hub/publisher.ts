// SPDX-License-Identifier: MIT
// One program's way into an open channel: numbers what it publishes there and writes who it was.
import { BATCH_HEADER_BYTES, FLAG_SEQUENCES } from "../model/batch.ts";
import { BridgeError } from "../model/errors.ts";
import type { LossReason } from "../model/values.ts";
import type { Channel } from "./channel.ts";
import type { Clock } from "./ports.ts";
import type { Sender } from "./senders.ts";

/** Where samples came to stand. */
export interface Published {
  readonly epoch: bigint;
  /** The sequence of the first one. */
  readonly seq: number;
}

/** A publisher; made by {@link OpenChannels}. It is over when its channel is withdrawn or begins anew. */
export class Publisher {
  readonly channel: Channel;
  readonly sender: Sender;
  readonly #clock: Clock;
  readonly #epoch: bigint;
  #left: (() => void) | undefined;

  constructor(clock: Clock, channel: Channel, sender: Sender, left: () => void) {
    this.#clock = clock;
    this.channel = channel;
    this.sender = sender;
    this.#epoch = channel.epoch;
    this.#left = left;
  }

  /**
   * Takes in a batch of JSON or bytes that was checked by a codec; the hub keeps its memory and writes the header, and where sequences are listed these, anew. Readers get it at the
   * next settle or tick. Throws `closed`.
   */
  publish(batch: Uint8Array): Published {
    const { channel } = this;
    this.#requireOpen();
    const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
    const flags = view.getUint8(5);
    const count = view.getUint32(32, true);
    const seq = channel.next;
    const header = { stream: channel.source.id, schema: this.sender.id, epoch: this.#epoch, first: seq, count };
    view.setUint32(8, header.stream, true);
    view.setUint32(12, header.schema, true);
    view.setBigUint64(16, header.epoch, true);
    view.setUint32(24, seq % 0x1_0000_0000, true);
    view.setUint32(28, Math.floor(seq / 0x1_0000_0000), true);
    if ((flags & FLAG_SEQUENCES) !== 0) {
      const sequencesAt = BATCH_HEADER_BYTES + 8 * count;
      for (let i = 0; i < count; i++) view.setBigUint64(sequencesAt + 8 * i, BigInt(seq + i), true);
    }
    channel.publish(batch, { ...header, size: 0, flags }, this.#clock.now());
    return { epoch: this.#epoch, seq };
  }

  /** So many samples never came: they take up numbers of the channel and are a loss for all. Throws `closed`. */
  lose(count: number, reason: LossReason): void {
    this.#requireOpen();
    const { next } = this.channel;
    this.channel.lose({ epoch: this.#epoch, from: next, to: next + count - 1, count, reason });
  }

  /** Gives the place back; calling it twice does nothing more. */
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

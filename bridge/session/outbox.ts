// SPDX-License-Identifier: MIT
// Everything that a session sends goes through here: in order, bounded, and with the rule by which samples are dropped.
import type { Cancel, Chunk, Clock } from "../hub/ports.ts";
import type { Stream } from "../hub/stream.ts";
import { writeGap } from "../layout/record.ts";
import type { Loss } from "../model/values.ts";
import type { Connection } from "./connection.ts";

/** Newest batches that wait for room, over all streams of a session; beyond it they are lost too. */
export const HELD_BYTES = 1_048_576;

/** Losses of one stream that are kept apart; further ones are added to the last. */
export const MAX_LOSSES = 16;

/** Control is never dropped; a client that lets so much of it wait is closed. */
export const MAX_CONTROL_BYTES = 33_554_432;

/** A client that takes nothing for so long is closed. */
export const STUCK_MS = 30_000;

/** What an outbox needs. */
export interface OutboxOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  /** Samples are sent while less than this waits in the connection, or nothing at all does. */
  readonly queueBytes: number;
  /** The client reads nothing: the session is to be closed. */
  onStuck(): void;
  /** There is room again. */
  onRelief(): void;
}

/** What became of the samples of a session. */
export interface OutboxCounts {
  readonly messages: number;
  readonly samples: number;
  /** Samples that were dropped because the client did not read in time. */
  readonly dropped: number;
  readonly heldBytes: number;
}

interface Lane {
  losses: Loss[];
  held: Chunk | undefined;
}

/** The sending side of one session. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #connection: Connection;
  /** Of the streams that had to wait; in the order in which they did. */
  readonly #lanes = new Map<Stream, Lane>();
  #counts = { messages: 0, samples: 0, dropped: 0, heldBytes: 0 };
  #paused = false;
  #closed = false;
  #cancelWatch: Cancel | undefined;
  #progressMs = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#connection = options.connection;
    this.#connection.onDrain(() => {
      this.#drained();
    });
  }

  get counts(): OutboxCounts {
    return this.#counts;
  }

  /** Whether more waits than should: whoever sends events that can be put together or put off does so. */
  get choked(): boolean {
    return !this.#hasRoom(0);
  }

  /** Sends control; never dropped. */
  control(text: string): void {
    if (this.#closed) return;
    this.#counts.messages += 1;
    this.#connection.sendText(text);
    this.#watch();
    const { bufferedBytes } = this.#connection;
    if (bufferedBytes > MAX_CONTROL_BYTES) {
      this.#options.onStuck();
    } else if (!this.#paused && bufferedBytes > 2 * this.#options.queueBytes) {
      // Samples alone cannot make it so long: its own requests did, so the client is not heard until it reads.
      this.#paused = true;
      this.#connection.pause();
    }
  }

  /** Sends control that stands in its place among the samples of a stream: what still waits of these is lost, and said so before. */
  controlIn(stream: Stream, text: string): void {
    const lane = this.#lanes.get(stream);
    if (lane !== undefined) {
      this.#dropHeld(stream, lane);
      this.#writeLosses(stream, lane);
      this.#lanes.delete(stream);
    }
    this.control(text);
  }

  samples(stream: Stream, chunk: Chunk): void {
    if (this.#closed) return;
    let lane = this.#lanes.get(stream);
    if (lane !== undefined && this.#release(stream, lane)) lane = undefined;
    if (lane === undefined && this.#hasRoom(chunk.bytes)) {
      this.#write(stream, chunk);
      return;
    }
    if (lane === undefined) {
      lane = { losses: [], held: undefined };
      this.#lanes.set(stream, lane);
    }
    this.#dropHeld(stream, lane);
    if (this.#counts.heldBytes + chunk.bytes <= HELD_BYTES) {
      lane.held = chunk;
      this.#counts.heldBytes += chunk.bytes;
    } else {
      this.#dropped(stream, lane, chunk);
    }
  }

  lost(stream: Stream, loss: Loss): void {
    if (this.#closed) return;
    let lane = this.#lanes.get(stream);
    if (lane !== undefined && this.#release(stream, lane)) lane = undefined;
    if (lane === undefined && this.#hasRoom(0)) {
      this.#writeLoss(stream, loss);
      return;
    }
    if (lane === undefined) {
      lane = { losses: [], held: undefined };
      this.#lanes.set(stream, lane);
    }
    this.#dropHeld(stream, lane);
    addLoss(lane.losses, loss);
  }

  /** Nothing of this stream is to be sent any more. */
  forget(stream: Stream): void {
    const lane = this.#lanes.get(stream);
    if (lane?.held !== undefined) this.#counts.heldBytes -= lane.held.bytes;
    this.#lanes.delete(stream);
  }

  close(): void {
    this.#closed = true;
    this.#cancelWatch?.();
    this.#lanes.clear();
    this.#counts.heldBytes = 0;
  }

  #hasRoom(bytes: number): boolean {
    const { bufferedBytes } = this.#connection;
    return bufferedBytes === 0 || bufferedBytes + bytes <= this.#options.queueBytes;
  }

  #write(stream: Stream, chunk: Chunk): void {
    if (stream.encoding === "batch") {
      this.#counts.messages += 1;
      this.#connection.sendRecords(chunk.parts);
    } else {
      this.#counts.messages += chunk.parts.length;
      for (const text of chunk.parts) this.#connection.sendEncoded(text);
    }
    this.#counts.samples += chunk.count;
    this.#watch();
  }

  #writeLoss(stream: Stream, loss: Loss): void {
    this.#counts.messages += 1;
    if (stream.encoding === "batch") {
      this.#connection.sendRecords([writeGap(stream.id, loss)]);
    } else {
      const { from, to, count, reason } = loss;
      const lost = JSON.stringify({ from, to, count, reason });
      this.#connection.sendText(`{"op":"samples","stream":${String(stream.id)},"lost":${lost}}`);
    }
    this.#watch();
  }

  #writeLosses(stream: Stream, lane: Lane): void {
    for (const loss of lane.losses) this.#writeLoss(stream, loss);
    lane.losses = [];
  }

  /** Sends what waits of a stream if there is room; true when nothing waits any more. */
  #release(stream: Stream, lane: Lane): boolean {
    const { held } = lane;
    if (!this.#hasRoom(held?.bytes ?? 0)) return false;
    this.#writeLosses(stream, lane);
    if (held !== undefined) {
      this.#counts.heldBytes -= held.bytes;
      lane.held = undefined;
      this.#write(stream, held);
    }
    this.#lanes.delete(stream);
    return true;
  }

  #dropHeld(stream: Stream, lane: Lane): void {
    if (lane.held === undefined) return;
    this.#counts.heldBytes -= lane.held.bytes;
    this.#dropped(stream, lane, lane.held);
    lane.held = undefined;
  }

  #dropped(stream: Stream, lane: Lane, { epoch, first, last, count }: Chunk): void {
    if (stream.delivery === "latest") return; // skipping is what its reader asked for
    this.#counts.dropped += count;
    addLoss(lane.losses, { epoch, from: first, to: last, count, reason: "slow_reader" });
  }

  #drained(): void {
    if (this.#closed) return;
    this.#progressMs = this.#options.clock.now();
    if (this.#paused && this.#hasRoom(0)) {
      this.#paused = false;
      this.#connection.resume();
    }
    for (const [stream, lane] of this.#lanes) {
      if (!this.#release(stream, lane)) return;
    }
    if (!this.choked) this.#options.onRelief();
  }

  /** Sees to it that a client that stops reading is found out. */
  #watch(): void {
    if (this.#closed || this.#cancelWatch !== undefined || this.#connection.bufferedBytes === 0) return;
    const { clock } = this.#options;
    this.#progressMs = clock.now();
    const check = (): void => {
      this.#cancelWatch = undefined;
      if (this.#connection.bufferedBytes === 0) return;
      const leftMs = this.#progressMs + STUCK_MS - clock.now();
      if (leftMs <= 0) this.#options.onStuck();
      else this.#cancelWatch = clock.after(leftMs, check);
    };
    this.#cancelWatch = clock.after(STUCK_MS, check);
  }
}

/** Adds a loss to the end of a list, joined with the last where it goes on with the same reason or the list is full. */
function addLoss(losses: Loss[], loss: Loss): void {
  const last = losses.at(-1);
  const joins = last?.epoch === loss.epoch && (last.reason === loss.reason || losses.length >= MAX_LOSSES);
  if (last === undefined || !joins) {
    losses.push(loss);
    return;
  }
  const from = Math.min(last.from, loss.from);
  const to = Math.max(last.to, loss.to);
  losses[losses.length - 1] = { ...loss, from, to, count: last.count + loss.count };
}

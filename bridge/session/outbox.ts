// SPDX-License-Identifier: MIT
// Everything that a session sends goes through here: in order, bounded, and with the rule by which samples are dropped.
import type { Chunk, Clock } from "../hub/ports.ts";
import { giveBack } from "../hub/loans.ts";
import type { Stream } from "../hub/stream.ts";
import { writeGap } from "../layout/record.ts";
import type { Loss } from "../model/values.ts";
import type { Connection } from "./connection.ts";
import { Ledger } from "./ledger.ts";
import type { LedgerEntry } from "./messages.ts";
import { SendQueue, type Item } from "./send-queue.ts";
import { Window } from "./window.ts";

/** Newest batches that wait for room in the queue, over all streams of a session; beyond it they are lost too. */
export const HELD_BYTES = 1_048_576;

/** Losses of one stream that are kept apart; further ones are added to the last. */
export const MAX_LOSSES = 16;

/** Control is never dropped; a client that lets so much of it wait is closed. */
export const MAX_CONTROL_BYTES = 33_554_432;

/** What an outbox needs. */
export interface OutboxOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  /** Samples that may wait in the queue; a chunk that is larger waits alone. */
  readonly queueBytes: number;
  /** The client reads nothing: the session is to be closed. */
  onStuck(): void;
  /** Somebody found the outbox choked, and there is room again. */
  onRelief(): void;
}

/** What became of the samples of a session. */
export interface OutboxCounts {
  /** Handed to the connection. */
  readonly messages: number;
  readonly samples: number;
  /** Samples that were dropped because the client did not read in time. */
  readonly dropped: number;
  /** Newest batches behind the queue. */
  readonly heldBytes: number;
  /** Of samples; a sample that comes when there are `queueLimitBytes` of them is dropped or held. */
  readonly queuedBytes: number;
  readonly queueLimitBytes: number;
  /** Sent, and not yet acknowledged or taken by the system. */
  readonly onWayBytes: number;
  /** Nothing more is sent while so many are on their way. */
  readonly onWayLimitBytes: number;
}

/** What is behind the queue of one stream: losses, then its newest samples. */
interface Lane {
  losses: Loss[];
  held: Chunk | undefined;
}

/** The sending side of one session. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #connection: Connection;
  readonly #window: Window;
  readonly #queue = new SendQueue();
  /** Of the streams that found the queue full; in the order in which they did. */
  readonly #lanes = new Map<Stream, Lane>();
  readonly ledger: Ledger = new Ledger();
  #counts = { messages: 0, samples: 0, dropped: 0, heldBytes: 0 };
  #crowded = false;
  #paused = false;
  /** Whether somebody has put off what it had to send. */
  #owesRelief = false;
  #closed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#connection = options.connection;
    this.#window = new Window({
      connection: options.connection,
      clock: options.clock,
      waits: () => !this.#queue.isEmpty,
      onStuck: () => {
        options.onStuck();
      },
    });
    this.#connection.onWritten(() => {
      this.#moved();
    });
  }

  get counts(): OutboxCounts {
    const { onWayBytes, limitBytes } = this.#window;
    return {
      ...this.#counts,
      queuedBytes: this.#queue.sampleBytes,
      queueLimitBytes: this.#options.queueBytes,
      onWayBytes,
      onWayLimitBytes: limitBytes,
    };
  }

  /** Whether more waits than should: whoever sends events that can be put together or put off does so, and is told when there is room again. */
  get choked(): boolean {
    const isChoked = this.#connection.bufferedBytes + this.#queue.sampleBytes > this.#options.queueBytes;
    if (isChoked) this.#owesRelief = true;
    return isChoked;
  }

  /** From now on the client acknowledges what it takes. */
  expectAcks(): void {
    this.#window.expectAcks();
  }

  /** The client has taken so many bytes in all. Throws `bad_message` when that cannot be. */
  acknowledge(bytes: number): void {
    this.#window.acknowledge(bytes);
    this.#moved();
  }

  /** Sends control at once, ahead of samples that wait; never dropped. */
  control(text: string): void {
    if (this.#closed) return;
    this.#counts.messages += 1;
    this.#connection.sendText(text);
    this.#bound();
  }

  /** The same for one record. */
  controlRecord(record: Uint8Array): void {
    if (this.#closed) return;
    this.#counts.messages += 1;
    this.#connection.sendRecords([record]);
    this.#bound();
  }

  /** Sends control behind the samples that wait in the queue; never dropped. */
  controlInTurn(text: string): void {
    if (this.#closed) return;
    if (this.#queue.isEmpty) {
      this.control(text);
      return;
    }
    this.#queue.add({ is: "control", text });
    this.#bound();
  }

  /** Sends control that stands in its place among the samples of a stream: what is held of these is lost, and said so before. */
  controlIn(stream: Stream, text: string): void {
    const lane = this.#lanes.get(stream);
    if (lane !== undefined) {
      this.#dropHeld(stream, lane);
      for (const loss of lane.losses) this.#queue.add({ is: "loss", stream, loss });
      this.#lanes.delete(stream);
    }
    this.controlInTurn(text);
  }

  samples(stream: Stream, chunk: Chunk): void {
    if (this.#closed) return;
    for (const loan of chunk.loans) loan.hold();
    if (this.#queue.isEmpty && this.#window.isOpen) {
      this.ledger.delivered(stream, chunk);
      this.#write(stream, chunk);
      return;
    }
    let lane = this.#lanes.get(stream);
    if (lane === undefined) {
      // What is replaced by what comes next does not wait in the queue.
      if (stream.delivery !== "latest" && this.#admits(chunk.bytes)) {
        this.#enqueue(stream, chunk);
        return;
      }
      lane = this.#openLane(stream);
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
    this.ledger.recordLoss(stream, loss);
    if (this.#queue.isEmpty && this.#window.isOpen) {
      this.#writeLoss(stream, loss);
      return;
    }
    const lane = this.#lanes.get(stream);
    if (lane === undefined && this.#admits(0)) {
      this.#queue.add({ is: "loss", stream, loss });
      this.#window.watch();
      return;
    }
    const open = lane ?? this.#openLane(stream);
    this.#dropHeld(stream, open);
    addLoss(open.losses, loss);
  }

  /** The ledger's entries: how things stand behind everything that was handed in so far. */
  entries(subscriptions: (stream: Stream) => readonly number[]): LedgerEntry[] {
    return this.ledger.entries(subscriptions, (stream) => this.#lanes.get(stream)?.held?.count ?? 0);
  }

  /** Nothing of this stream is to be sent any more, besides what is in the queue. */
  forget(stream: Stream): void {
    const lane = this.#lanes.get(stream);
    if (lane?.held !== undefined) {
      this.#counts.heldBytes -= lane.held.bytes;
      giveBack(lane.held.loans);
    }
    this.#lanes.delete(stream);
    this.ledger.end(stream);
  }

  close(): void {
    this.#closed = true;
    this.#window.close();
    this.#queue.clear();
    this.#lanes.clear();
    this.ledger.clear();
    this.#counts.heldBytes = 0;
  }

  /** Whether samples of so many bytes may enter the queue. Those that found it full before come first. */
  #admits(bytes: number): boolean {
    return !this.#crowded && this.#hasRoom(bytes);
  }

  #hasRoom(bytes: number): boolean {
    const { sampleBytes } = this.#queue;
    return sampleBytes === 0 || sampleBytes + bytes <= this.#options.queueBytes;
  }

  #openLane(stream: Stream): Lane {
    const lane: Lane = { losses: [], held: undefined };
    this.#lanes.set(stream, lane);
    if (stream.delivery !== "latest") this.#crowded = true;
    return lane;
  }

  #enqueue(stream: Stream, chunk: Chunk): void {
    this.ledger.delivered(stream, chunk);
    this.#queue.add({ is: "samples", stream, chunk });
    this.#window.watch();
  }

  #write(stream: Stream, chunk: Chunk): void {
    if (stream.encoding === "batch") {
      this.#counts.messages += 1;
      this.#connection.sendRecords(chunk.parts, chunk.loans);
    } else {
      this.#counts.messages += chunk.parts.length;
      for (const text of chunk.parts) this.#connection.sendEncoded(text);
    }
    this.#counts.samples += chunk.count;
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
  }

  #writeItem(item: Item): void {
    switch (item.is) {
      case "samples":
        this.#write(item.stream, item.chunk);
        return;
      case "loss":
        this.#writeLoss(item.stream, item.loss);
        return;
      case "control":
        this.#counts.messages += 1;
        this.#connection.sendText(item.text);
    }
  }

  #dropHeld(stream: Stream, lane: Lane): void {
    if (lane.held === undefined) return;
    this.#counts.heldBytes -= lane.held.bytes;
    this.#dropped(stream, lane, lane.held);
    lane.held = undefined;
  }

  /** A chunk is not sent. */
  #dropped(stream: Stream, lane: Lane, { epoch, first, last, count, loans }: Chunk): void {
    giveBack(loans);
    if (stream.delivery === "latest") return; // skipping is what its reader asked for
    this.#counts.dropped += count;
    const loss: Loss = { epoch, from: first, to: last, count, reason: "slow_reader" };
    this.ledger.recordLoss(stream, loss);
    addLoss(lane.losses, loss);
  }

  /** Control waits beyond what is good: the client is not heard until it reads, or is closed. */
  #bound(): void {
    this.#window.watch();
    const waitingBytes = this.#connection.bufferedBytes + this.#queue.controlBytes;
    if (waitingBytes > MAX_CONTROL_BYTES) {
      this.#options.onStuck();
    } else if (!this.#paused && waitingBytes > 2 * this.#options.queueBytes) {
      // Samples alone cannot make it so much: its own requests did.
      this.#paused = true;
      this.#connection.pause();
    }
  }

  /** A turn has ended, or the client or its system has taken something: what waits moves up. */
  #moved(): void {
    if (this.#closed) return;
    this.#window.watch();
    if (this.#queue.isEmpty && this.#lanes.size === 0 && !this.#paused && !this.#owesRelief) return;
    while (this.#window.isOpen) {
      const item = this.#queue.take();
      if (item === undefined) break;
      this.#writeItem(item);
    }
    for (const [stream, lane] of this.#lanes) {
      const { held, losses } = lane;
      if (!this.#hasRoom(held?.bytes ?? 0)) break;
      this.#lanes.delete(stream);
      for (const loss of losses) this.#queue.add({ is: "loss", stream, loss });
      if (held === undefined) continue;
      this.#counts.heldBytes -= held.bytes;
      this.#enqueue(stream, held);
    }
    this.#crowded &&= this.#lanes.size > 0;
    if (this.#window.isOpen && !this.#queue.isEmpty) {
      this.#moved();
      return;
    }
    const waitingBytes = this.#connection.bufferedBytes + this.#queue.controlBytes;
    if (this.#paused && waitingBytes <= this.#options.queueBytes) {
      this.#paused = false;
      this.#connection.resume();
    }
    if (!this.#owesRelief || this.choked) return;
    this.#owesRelief = false;
    this.#options.onRelief();
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

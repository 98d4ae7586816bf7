// SPDX-License-Identifier: MIT
// The driver protocol over one duplex byte stream: turns what a driver sends into changes of the hub, and sets and calls into records.
import type { Driver } from "../hub/driver.ts";
import type { Hub } from "../hub/hub.ts";
import type { AppliedValue, Asked, Cancel, DriverPort } from "../hub/ports.ts";
import { MIN_LOAN_BYTES, type Loan } from "../hub/loans.ts";
import type { Sender } from "../hub/senders.ts";
import type { Codec, SplitCounts, Splitter } from "../layout/codec.ts";
import { compileLayout } from "../layout/compile.ts";
import { schemaHash } from "../layout/hash.ts";
import { writeCall, writeCancel, writeSet, type ValueRecord } from "../layout/link-records.ts";
import { msFromNs, readGap } from "../layout/record.ts";
import { parseSchemaText } from "../layout/schema.ts";
import { MAX_RECORD_BYTES, RECORD_BATCH, RECORD_GAP } from "../model/batch.ts";
import { BridgeError } from "../model/errors.ts";
import { newestTimeMs, streamOf } from "./batch-header.ts";
import { attachRecord, endRecord, pingRecord } from "./bridge-records.ts";
import type { HelloRecord } from "./driver-record.ts";
import { FeedQueue } from "./feed-queue.ts";
import { Feeds } from "./feeds.ts";
import { Inventory } from "./inventory.ts";
import { Latency, type LatencyState } from "./latency.ts";
import { readDriverRecord } from "./read-record.ts";
import { Pending } from "./pending.ts";
import { MAX_LEFT_BYTES } from "./read-memory.ts";
import { SharedChannel, type SharedSpec } from "./shared-channel.ts";
import * as limits from "./protocol.ts";

/** Sets and calls are refused as `busy` while so much waits to be read by the driver. */
export const MAX_UNREAD_BYTES = 4_194_304;

/** What a link needs. */
export interface LinkOptions {
  readonly seat: Driver;
  readonly hub: Hub;
  readonly codec: Codec;
  readonly bridgeName: string;
  /** Sends to the driver; never blocks. */
  write(record: Uint8Array): void;
  /** Bytes that were written and not yet taken by the system. */
  unreadBytes(): number;
  /** The link cannot go on: called once, from a timer or with what `chunk` throws. */
  onFault(error: BridgeError): void;
  /** The hello was accepted. */
  onUp(): void;
}

/** How a link stands. */
export interface LinkState {
  readonly counts: SplitCounts;
  /** Requests that wait for the driver's answer, and how many may. */
  readonly pending: number;
  readonly pendingLimit: number;
  /** How far the driver's clock has drifted from UTC since its start, by its last pong; null before. */
  readonly driftNs: bigint | null;
  readonly latency: LatencyState | null;
  /** What the driver reads of others. */
  readonly reading: {
    readonly subscriptions: number;
    readonly streams: number;
    /** Samples that wait for the driver to read, and those that were dropped because it did not. */
    readonly queuedBytes: number;
    readonly dropped: number;
  };
}

/** One connection to one driver, from its first byte to its last. */
export class DriverLink implements DriverPort {
  readonly #options: LinkOptions;
  readonly #splitter: Splitter;
  readonly #pending = new Pending();
  readonly #inventory: Inventory;
  readonly #latency: Latency;
  readonly #queue: FeedQueue;
  #feeds: Feeds | undefined;
  #sender: Sender | undefined;
  /** The number of the sender, once the driver has published on a shared channel. */
  readonly #own = new Set<number>();
  #greeted = false;
  #over = false;
  #offset = 0n;
  #driftNs: bigint | null = null;
  #driftMs = 0;
  #cancelTimer: Cancel;
  #silentPings = 0;
  #pings = 0n;

  /** Sends ATTACH. */
  constructor(options: LinkOptions) {
    this.#options = options;
    this.#splitter = options.codec.splitter();
    this.#latency = new Latency(options.hub.clock.now());
    this.#inventory = new Inventory(options.seat, this.#splitter, (spec) => this.#share(spec));
    this.#queue = new FeedQueue(options);
    this.#splitter.limit(limits.MAX_HELLO_BYTES);
    options.write(attachRecord(options.bridgeName));
    options.seat.connected();
    this.#cancelTimer = options.hub.clock.after(limits.HELLO_MS, () => {
      options.onFault(new BridgeError("timeout", `the driver said no hello within ${String(limits.HELLO_MS)} ms`));
    });
  }

  get state(): LinkState {
    const { counts } = this.#splitter;
    const { size: pending } = this.#pending;
    const reading = { ...(this.#feeds?.state ?? { subscriptions: 0, streams: 0 }), ...this.#queue.state };
    const [driftNs, latency] = [this.#driftNs, this.#latency.state];
    return { counts, pending, pendingLimit: limits.MAX_PENDING, driftNs, latency, reading };
  }

  /**
   * Takes in bytes, which it copies, unless `own` is the lent memory at whose beginning they stand: then large batches may stay there. Returns how many bytes at their end have to
   * come again in front of the next ones: none without `own`, else at most {@link MAX_LEFT_BYTES}. Throws a `BridgeError` when the driver breaks the protocol or ends.
   */
  chunk(bytes: Uint8Array, own: Loan | null = null): number {
    this.#silentPings = 0;
    const { hub } = this.#options;
    const readMs = hub.clock.now();
    const copyBytes = bytes.length + this.#splitter.keptBytes;
    const copy = hub.loans.lend(copyBytes);
    // New memory takes the addon longer to make than it takes here.
    const memory = copyBytes < MIN_LOAN_BYTES ? new ArrayBuffer(copyBytes) : copy?.memory;
    try {
      for (const record of this.#splitter.push(bytes, memory, own === null ? 0 : MAX_LEFT_BYTES)) {
        const { buffer } = record;
        this.#take(record, readMs, buffer === own?.memory ? own : buffer === copy?.memory ? copy : null);
      }
    } finally {
      copy?.giveBack();
      hub.settle();
    }
    return this.#splitter.leftBytes;
  }

  /** The system has taken what was written. */
  drained(): void {
    if (!this.#over) this.#queue.drained();
  }

  set(parameter: number, value: Uint8Array, mask: Uint8Array): Promise<AppliedValue> {
    return this.#pending.set(parameter, (id) => {
      this.#send(id, writeSet({ id, target: parameter, value, mask }));
    });
  }

  call(service: number, request: Uint8Array): Asked<Uint8Array> {
    let sent = 0;
    const answer = this.#pending.call(this.#inventory.replyBytes(service), (id) => {
      sent = id;
      this.#send(id, writeCall({ id, target: service, request }));
    });
    const giveUp = (): void => {
      this.#pending.giveUp(sent);
      if (!this.#over) this.#options.write(writeCancel(sent));
    };
    return { answer, giveUp };
  }

  /** It is over: whoever waits is told, what the driver had leaves the hub. `says` goes to the driver as END. */
  close(error: BridgeError, state: "down" | "refused", says?: BridgeError | "ok"): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelTimer();
    this.#feeds?.close();
    this.#inventory.leaveShared();
    if (this.#sender !== undefined) this.#options.hub.senders.leave(this.#sender);
    if (says !== undefined) {
      this.#options.write(says === "ok" ? endRecord("ok", "the bridge stops") : endRecord(says.code, says.message));
    }
    this.#pending.failAll(new BridgeError("disconnected", `the driver was lost before it answered: ${error.message}`));
    this.#options.seat.down(state, error);
    if (this.#inventory.schemas !== undefined) this.#options.hub.schemas.release(this.#inventory.schemas);
  }

  #send(id: number, record: Uint8Array): void {
    if (this.#options.unreadBytes() > MAX_UNREAD_BYTES) {
      this.#pending.giveUp(id);
      throw new BridgeError("busy", "the driver does not read what it is sent");
    }
    this.#options.write(record);
  }

  /** `loan`: the memory that the record is in, where that is lent. */
  #take(record: Uint8Array, readMs: number, loan: Loan | null): void {
    const type = record[4];
    if (type === RECORD_BATCH) {
      this.#latency.record(readMs, readMs - newestTimeMs(record) - this.#driftMs);
      this.#inventory.source(streamOf(record)).publish(record, readMs, loan);
    } else if (type === RECORD_GAP) {
      const { stream, ...loss } = readGap(record);
      this.#inventory.source(stream).lose(loss);
    } else {
      loan?.keep(); // what a control record says may be kept as it is, e.g. a reply
      this.#control(record);
    }
  }

  #control(bytes: Uint8Array): void {
    const inventory = this.#inventory;
    const record = readDriverRecord(bytes);
    if (record.is === "end") {
      const reason = record.text === "" ? "" : `: ${record.text}`;
      if (record.code === "ok") throw new BridgeError("closed", `the driver ended${reason}`);
      throw new BridgeError(record.code, `the driver ended with ${record.code}${reason}`);
    }
    if (record.is === "hello" ? this.#greeted : !this.#greeted) {
      throw new BridgeError("bad_record", this.#greeted ? "a second hello" : "the driver must begin with a hello");
    }
    switch (record.is) {
      case "hello":
        this.#hello(record);
        return;
      case "advertise":
        inventory.advertise(record);
        return;
      case "withdraw":
        inventory.withdraw(record.stream);
        return;
      case "parameter":
        inventory.parameter(record);
        return;
      case "service":
        inventory.service(record);
        return;
      case "subscribe":
        this.#reading.subscribe(record);
        return;
      case "unsubscribe":
        this.#reading.unsubscribe(record.subscription);
        return;
      case "ready":
        this.#options.seat.ready();
        return;
      case "value":
        this.#value(record);
        return;
      case "reply":
        this.#pending.replied(record.call, record.reply);
        return;
      case "refuse":
        this.#pending.refused(record.id, record.error);
        return;
      case "log": {
        const { level, text } = record;
        const time = msFromNs(record.time + this.#offset);
        this.#options.hub.journal.add({ driver: this.#options.seat.name, level, time, text });
        return;
      }
      case "ping":
        this.#options.write(pingRecord("pong", record.id, this.#nowNs(), 0n));
        return;
      case "pong":
        this.#driftNs = record.offset - this.#offset;
        this.#driftMs = Number(this.#driftNs) / 1e6;
        return;
      case "counters":
        for (const { stream, ...counters } of record.entries) {
          const channel = inventory.channel(stream);
          if (channel !== undefined) channel.counters = counters;
        }
        return;
    }
  }

  /** Costs nothing until the driver subscribes. */
  get #reading(): Feeds {
    const { hub, codec, seat } = this.#options;
    return (this.#feeds ??= new Feeds({ hub, codec, queue: this.#queue, driver: seat.name, own: this.#own }));
  }

  #share(spec: SharedSpec): SharedChannel {
    const { hub, codec, seat } = this.#options;
    this.#sender ??= hub.senders.add(`driver ${seat.name}`, seat.name);
    this.#own.add(this.#sender.id);
    const complain = (text: string): void => {
      hub.journal.add({ driver: seat.name, level: "error", time: hub.clock.now(), text });
    };
    return new SharedChannel(spec, { hub, codec, sender: this.#sender, complain });
  }

  #hello({ epoch, offset, name, schema, pid, minor }: HelloRecord): void {
    const { seat, hub } = this.#options;
    if (!/^[A-Za-z0-9_.-]{1,64}$/.test(name)) {
      throw new BridgeError(
        "name_invalid",
        `the driver's name "${name.slice(0, 80)}" is not 1 to 64 of A-Z a-z 0-9 _ . -`,
      );
    }
    if (schema.length > 0) {
      this.#inventory.schemas = hub.schemas.acquire(schemaHash(schema), () => {
        const parsed = parseSchemaText(schema);
        return { schema: parsed, bytes: schema.length, compile: (type) => compileLayout(parsed, type) };
      });
    }
    seat.up({ name, epoch, pid, schemas: this.#inventory.schemas ?? null }, this, minor < limits.MINOR_READY);
    this.#greeted = true;
    this.#inventory.epoch = epoch;
    this.#offset = offset;
    this.#splitter.limit(MAX_RECORD_BYTES);
    this.#splitter.offset(offset);
    this.#cancelTimer();
    this.#ping();
    this.#options.onUp();
  }

  #value({ set, target: id, stream, next, time, value: view }: ValueRecord): void {
    const value = view.slice(); // it is kept, the record's memory is not
    const parameter = this.#options.seat.parameter(id);
    if (parameter?.schema.layout.size !== value.length) {
      throw new BridgeError(
        "bad_record",
        `a value of the parameter ${String(id)}, which is not there or has another size`,
      );
    }
    const channel = this.#inventory.channel(stream);
    const applied: AppliedValue = {
      value,
      channel: channel?.name ?? null,
      epoch: channel === undefined ? null : this.#inventory.epoch,
      next: channel === undefined ? null : next,
      time: time + this.#offset,
    };
    this.#options.seat.applied(parameter, applied);
    if (set !== 0) this.#pending.applied(set, id, applied);
  }

  /** Pings go out while the link lives. Their number tells silence better than a clock: a bridge that was itself stopped counts none. */
  #ping(): void {
    const { hub } = this.#options;
    if (this.#silentPings >= limits.SILENCE_MS / limits.PING_MS) {
      this.#options.onFault(new BridgeError("timeout", `the driver was silent for ${String(limits.SILENCE_MS)} ms`));
      return;
    }
    this.#pings += 1n;
    this.#silentPings += 1;
    this.#options.write(pingRecord("ping", this.#pings, this.#nowNs(), 0n));
    this.#cancelTimer = hub.clock.after(limits.PING_MS, () => {
      this.#ping();
    });
  }

  #nowNs(): bigint {
    return BigInt(Math.round(this.#options.hub.clock.now() * 1000)) * 1000n;
  }
}

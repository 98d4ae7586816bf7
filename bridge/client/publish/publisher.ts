// SPDX-License-Identifier: MIT
// One program's way into one open channel: what is published in one turn of the event loop goes out as one record, and what waits is bounded.
import { writePublication, type Publication } from "../../layout/publication.ts";
import { MAX_SAMPLE_BYTES } from "../../model/batch.ts";
import { BridgeError } from "../../model/errors.ts";
import type { OpenedChannel, OpenKind, RefusedEvent } from "../../session/channel-messages.ts";
import { Standing, type StandingWire } from "../kept/standing.ts";
import { jsonText } from "./json-text.ts";
import { Waiting } from "./waiting.ts";

/** How a channel is published in. */
export interface PublisherOptions {
  /** What the channel carries (default: `bytes` with a `contentType`, else `json`). */
  readonly kind?: OpenKind | undefined;
  /** Of bytes: `image/jpeg`, `application/x-npy`, … (default `application/octet-stream`). */
  readonly contentType?: string | undefined;
  /** A name that readers are shown instead of the connection's own; not with a ticket. */
  readonly sender?: string | undefined;
}

/** Of one sample. */
export interface PublishOptions {
  /** When it was taken, in ms since 1970 UTC with a fraction (default: now, by the bridge's clock). */
  readonly time?: number | undefined;
}

/** Samples that the bridge did not take in: `count` of them, from the `first` on that this publisher has published on this connection. */
export interface Refused {
  readonly channel: string;
  readonly first: number;
  readonly count: number;
  readonly error: BridgeError;
}

/** What a publisher needs of its client. */
export interface PublisherWire extends StandingWire {
  sendRecord(record: Uint8Array): void;
  /** Bytes that were handed to the socket and not taken by the system yet. */
  unsentBytes(): number;
  /** Calls once what the program does now is done. */
  readonly soon: (action: () => void) => void;
  /** The bridge's time in ns since 1970; undefined while it is not known. */
  bridgeTimeNs(): bigint | undefined;
  /** Nobody listens for what was refused. */
  notice(error: BridgeError): void;
}

/** A record has about so many bytes of samples; a single sample may be larger. */
const RECORD_BYTES = 262_144;
const RECORD_SAMPLES = 8192;

/** Nothing more is handed to a socket that holds so much. */
const SOCKET_BYTES = 1_048_576;

/** How often a full socket is looked at again. */
const LOOK_MS = 5;

/** From so many waiting bytes on `publish()` says so, and without a connection no more are kept. */
const MARK_BYTES = 1_048_576;

/** Beyond so many waiting bytes the oldest samples give way. */
const MAX_WAITING_BYTES = 16_777_216;

interface Waiter {
  /** Also what is waiting must have been handed on. */
  readonly all: boolean;
  readonly resolve: () => void;
  readonly reject: (error: BridgeError) => void;
}

/**
 * Publishes in one channel. It outlives lost connections: the channel is opened again, and the newest MiB of what was published meanwhile follows.
 *
 * @example
 * const out = client.publisher<{ x: number }>("data");
 * out.publish({ x: 1 });
 * await out.flush();
 */
export class Publisher<T = unknown> {
  readonly channel: string;
  readonly kind: OpenKind;
  /** Of bytes, else null. */
  readonly contentType: string | null;
  readonly #wire: PublisherWire;
  readonly #over: () => void;
  readonly #standing: Standing;
  readonly #waiting = new Waiting();
  readonly #listeners = new Set<(refused: Refused) => void>();
  #waiters: Waiter[] = [];
  #handle: number | undefined;
  /** Samples sent with this handle. */
  #sent = 0;
  #isSoon = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #refusal: BridgeError | undefined;
  #end: BridgeError | undefined;

  /** Use `client.publisher()`. `over` is called when it has ended. */
  constructor(wire: PublisherWire, channel: string, options: PublisherOptions, over: () => void) {
    this.channel = channel;
    this.kind = options.kind ?? (options.contentType === undefined ? "json" : "bytes");
    this.contentType = this.kind === "json" ? null : (options.contentType ?? "application/octet-stream");
    this.#wire = wire;
    this.#over = over;
    const { sender } = options;
    const type = this.contentType === null ? {} : { contentType: this.contentType };
    this.#standing = new Standing(wire, {
      request: () => {
        this.#handle = undefined;
        return { op: "open", channel, kind: this.kind, ...type, ...(sender === undefined ? {} : { sender }) };
      },
      undo: (result) => (result === undefined ? undefined : { op: "close", handle: (result as OpenedChannel).handle }),
      granted: (result) => {
        this.#handle = (result as OpenedChannel).handle;
        this.#sent = 0;
        this.#pump();
      },
      ended: (error, isNews) => {
        this.#ended(error);
        if (isNews) this.#tell({ channel, first: this.#sent, count: 0, error });
      },
    });
  }

  /** Resolves when the bridge has opened the channel for the first time; rejects with its refusal (`forbidden`, `name_in_use`). */
  get opened(): Promise<void> {
    return this.#standing.ready;
  }

  /** Samples that gave way because too much waited. */
  get dropped(): number {
    return this.#waiting.dropped;
  }

  /** Bytes that wait in this publisher. */
  get waitingBytes(): number {
    return this.#waiting.bytes;
  }

  /** What the bridge knows its records by, while the channel is open. */
  get handle(): number | undefined {
    return this.#standing.isHeld ? this.#handle : undefined;
  }

  /**
   * Publishes a value: it is written down at once and may be changed afterwards. Never waits. False: more than 1 MiB waits now, so that who does not want to lose anything
   * awaits `ready()`; beyond 16 MiB (1 MiB without a connection) the oldest samples give way, counted in `dropped`. Throws `bad_value`, `message_too_large` (more than 1 MiB), what the bridge
   * refused the channel with, or `closed`.
   */
  publish(value: T, options: PublishOptions = {}): boolean {
    if (this.#end !== undefined) throw this.#end;
    const payload = this.kind === "json" ? utf8(jsonText(value)) : bytesOf(value);
    if (payload.length > MAX_SAMPLE_BYTES) {
      throw new BridgeError(
        "message_too_large",
        `a sample of ${this.channel} has ${String(payload.length)} bytes; at most ${String(MAX_SAMPLE_BYTES)} may be published in one`,
      );
    }
    const timeNs = options.time === undefined ? this.#wire.bridgeTimeNs() : nsFromMs(options.time);
    const isWhole = this.#waiting.add(
      timeNs === undefined ? { payload } : { payload, timeNs },
      this.#standing.isHeld ? MAX_WAITING_BYTES : MARK_BYTES,
    );
    if (!this.#isSoon) {
      this.#isSoon = true;
      this.#wire.soon(() => {
        this.#isSoon = false;
        this.#pump();
      });
    }
    return isWhole && !this.#isFull;
  }

  /** Resolves when the channel is open and less than 1 MiB waits. Rejects with what ended it. */
  ready(): Promise<void> {
    return this.#wait(false);
  }

  /**
   * Resolves when the bridge has taken in all that was published before. Rejects with the first refusal since the last `flush()`, with `disconnected` when the connection broke so that it is
   * not known, or with what ended the publisher.
   */
  async flush(): Promise<void> {
    await this.#wait(true);
    // Records and requests are carried out in the order in which they came.
    await this.#wire.ask({ op: "ping" });
    const refusal = this.#refusal;
    this.#refusal = undefined;
    if (refusal !== undefined) throw refusal;
  }

  /** Calls `listener` when the bridge does not take in samples; without a listener that is a `notice` of the client. Returns what ends it. */
  on(_event: "refused", listener: (refused: Refused) => void): () => void {
    // Wrapped, so that one function added twice is two listeners.
    const own = (refused: Refused): void => {
      listener(refused);
    };
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  /** Sends what waits, as far as there is a connection, and ends; the channel stays, with its newest sample. */
  async close(): Promise<void> {
    if (this.#end !== undefined) return;
    if (this.#standing.isHeld) await this.#wait(true).catch(() => undefined);
    const closing = this.#standing.close();
    this.#ended(new BridgeError("closed", `the publisher of ${this.channel} was closed`));
    await closing;
  }

  /** The bridge refused records of this publisher. */
  refused({ first, count, error }: Pick<RefusedEvent, "first" | "count"> & { readonly error: BridgeError }): void {
    if (error.code === "closed") this.#reopen();
    this.#tell({ channel: this.channel, first, count, error });
  }

  /** The channel was withdrawn or began anew: what its handle stands for is no more. */
  #reopen(): void {
    const { handle } = this;
    if (handle === undefined) return;
    this.#wire.ask({ op: "close", handle }).catch(() => undefined);
    this.#standing.renew();
  }

  get #isFull(): boolean {
    return this.#waiting.bytes >= MARK_BYTES;
  }

  #pump(): void {
    clearTimeout(this.#timer);
    const { handle } = this;
    if (handle !== undefined) {
      while (this.#waiting.count > 0 && this.#wire.unsentBytes() < SOCKET_BYTES) {
        this.#send(handle, this.#waiting.take(RECORD_BYTES, RECORD_SAMPLES));
      }
      if (this.#waiting.count > 0) {
        this.#timer = setTimeout(() => {
          this.#pump();
        }, LOOK_MS);
      }
    }
    this.#settle();
  }

  #send(handle: number, samples: readonly Publication[]): void {
    this.#wire.sendRecord(writePublication(handle, this.#sent, samples));
    this.#sent += samples.length;
  }

  async #wait(all: boolean): Promise<void> {
    if (this.#end !== undefined) throw this.#end;
    await new Promise<void>((resolve, reject) => {
      this.#waiters.push({ all, resolve, reject });
      this.#pump();
    });
  }

  #settle(): void {
    if (this.#waiters.length === 0 || !this.#standing.isHeld) return;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) {
      if (waiter.all ? this.#waiting.count === 0 : !this.#isFull) waiter.resolve();
      else this.#waiters.push(waiter);
    }
  }

  #ended(error: BridgeError): void {
    if (this.#end !== undefined) return;
    this.#end = error;
    this.#over();
    clearTimeout(this.#timer);
    this.#waiting.clear();
    for (const { reject } of this.#waiters.splice(0)) reject(error);
  }

  #tell(refused: Refused): void {
    this.#refusal ??= refused.error;
    if (this.#listeners.size === 0) this.#wire.notice(refused.error);
    for (const listener of [...this.#listeners]) listener(refused);
  }
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A copy of a program's bytes, which it may go on to use. Throws `bad_value` for what is no bytes. */
export function bytesOf(value: unknown): Uint8Array {
  if (value instanceof ArrayBuffer) return new Uint8Array(value).slice();
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  throw new BridgeError("bad_value", "a channel of bytes takes byte arrays, other typed arrays and array buffers");
}

/** Whole ms and the rest are each exact. */
function nsFromMs(ms: number): bigint {
  if (!Number.isFinite(ms)) throw new BridgeError("bad_value", `${String(ms)} is no time in ms since 1970`);
  const whole = Math.floor(ms);
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1e6));
}

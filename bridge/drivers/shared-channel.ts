// SPDX-License-Identifier: MIT
// A driver's way into a shared channel: what it publishes there is checked and numbered like any program's, its losses are losses for all.
import type { Hub } from "../hub/hub.ts";
import type { Loan } from "../hub/loans.ts";
import type { OpenSpec } from "../hub/open-channels.ts";
import type { Publisher } from "../hub/publisher.ts";
import type { Sender } from "../hub/senders.ts";
import type { Codec } from "../layout/codec.ts";
import { readGap, recordType } from "../layout/record.ts";
import { FLAG_SEQUENCES, MAX_RECORD_BYTES, RECORD_BATCH } from "../model/batch.ts";
import { BridgeError, toBridgeError } from "../model/errors.ts";
import type { Loss, LossReason } from "../model/values.ts";
import { headerOf } from "./batch-header.ts";

/** A channel that could not be opened is tried again after so long. */
export const RETRY_MS = 1000;

/** How a driver advertises a shared channel; `name` is the whole one. */
export interface SharedSpec extends OpenSpec {
  readonly name: string;
  /** Of the driver. */
  readonly epoch: bigint;
  readonly next: number;
}

/** What a shared channel needs. */
export interface SharedParts {
  readonly hub: Hub;
  readonly codec: Codec;
  readonly sender: Sender;
  /** Says to people what became of samples. */
  complain(text: string): void;
}

/** One shared channel of one driver. */
export class SharedChannel {
  readonly #parts: SharedParts;
  readonly #spec: SharedSpec;
  #publisher: Publisher | undefined;
  /** By the driver's own count. */
  #next: number;
  #retryAtMs = 0;
  #complained: string | undefined;

  constructor(spec: SharedSpec, parts: SharedParts) {
    this.#spec = spec;
    this.#parts = parts;
    this.#next = spec.next;
    this.#obtain();
  }

  /** Takes a batch that was read at `readMs`; its memory is the hub's from now on. Throws `bad_record` when the epoch or the order is wrong. */
  publish(record: Uint8Array, readMs: number, loan: Loan | null = null): void {
    loan?.keep();
    const { epoch, first, count, flags } = headerOf(record);
    this.#expect(epoch, first);
    if ((flags & FLAG_SEQUENCES) !== 0) this.#refuse("a batch of a shared channel lists sequences");
    if (first > this.#next) this.#tell(first - this.#next, "unknown");
    this.#next = first + count;
    try {
      this.#admit(record);
      this.#give(record, readMs);
    } catch (thrown) {
      const error = toBridgeError(thrown);
      if (error.code !== "bad_value" && error.code !== "message_too_large") throw error;
      this.#complain(`samples of "${this.#spec.name}" are lost: ${error.message}`);
      this.#giveGood(record, count, readMs);
    }
  }

  /** Takes in a loss that the driver reports. Throws `bad_record` as {@link publish}. */
  lose({ epoch, from, to, count, reason }: Loss): void {
    this.#expect(epoch, from);
    const unexplained = from - this.#next + (to - from + 1 - count);
    if (unexplained > 0) this.#tell(unexplained, "unknown");
    this.#next = to + 1;
    this.#tell(count, reason);
  }

  /** The driver publishes here no more. */
  close(): void {
    this.#publisher?.close();
    this.#publisher = undefined;
    this.#retryAtMs = Infinity;
  }

  #expect(epoch: bigint, from: number): void {
    if (epoch !== this.#spec.epoch) this.#refuse("samples of another epoch");
    if (from < this.#next) this.#refuse(`sequence ${String(from)} came after ${String(this.#next - 1)}`);
  }

  #refuse(what: string): never {
    throw new BridgeError("bad_record", `${this.#spec.name}: ${what}`);
  }

  #admit(record: Uint8Array): void {
    const { codec, hub } = this.#parts;
    codec.admit(record, this.#spec.kind, hub.clock.now());
  }

  /** Of a batch that was not admitted, what is JSON after all. */
  #giveGood(record: Uint8Array, count: number, readMs: number): void {
    if (this.#spec.kind === "bytes") {
      this.#tell(count, "unknown");
      return;
    }
    const parts = this.#parts.codec.payloads(null, record, { stream: 0, maxBytes: MAX_RECORD_BYTES, kind: "json" });
    for (const part of parts.map((each) => each.slice())) {
      if (recordType(part) !== RECORD_BATCH) {
        this.#tell(readGap(part).count, "unknown");
        continue;
      }
      try {
        this.#admit(part);
        this.#give(part, readMs);
      } catch {
        this.#tell(headerOf(part).count, "unknown"); // too deep
      }
    }
  }

  #give(record: Uint8Array, readMs: number): void {
    this.#with((publisher) => publisher.publish(record, readMs));
  }

  #tell(count: number, reason: LossReason): void {
    this.#with((publisher) => {
      publisher.lose(count, reason);
    });
  }

  /** Does it on the channel as it is now; one that was withdrawn meanwhile is opened again. */
  #with(run: (publisher: Publisher) => void): void {
    for (let tries = 0; tries < 2; tries++) {
      const publisher = this.#obtain();
      if (publisher === undefined) return;
      try {
        run(publisher);
        return;
      } catch (thrown) {
        if (toBridgeError(thrown).code !== "closed") throw thrown;
        this.#publisher = undefined;
      }
    }
  }

  #obtain(): Publisher | undefined {
    const { hub, sender } = this.#parts;
    const now = hub.clock.now();
    if (this.#publisher !== undefined || now < this.#retryAtMs) return this.#publisher;
    const { name, kind, contentType } = this.#spec;
    try {
      this.#publisher = hub.open(name, { kind, contentType }, sender);
    } catch (thrown) {
      this.#retryAtMs = now + RETRY_MS;
      this.#complain(`what is published on "/${name}" is lost: ${toBridgeError(thrown).message}`);
    }
    return this.#publisher;
  }

  /** Once for each reason. */
  #complain(text: string): void {
    if (text === this.#complained) return;
    this.#complained = text;
    this.#parts.complain(text);
  }
}

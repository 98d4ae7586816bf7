// SPDX-License-Identifier: MIT
// What one program publishes in open channels: by records with a handle, or one sample by its channel's name.
import type { Hub } from "../hub/hub.ts";
import type { Publisher } from "../hub/publisher.ts";
import type { Sender } from "../hub/senders.ts";
import type { OpenSpec } from "../hub/open-channels.ts";
import type { Codec } from "../layout/codec.ts";
import { writePublication } from "../layout/publication.ts";
import { msFromNs } from "../layout/record.ts";
import { BATCH_HEADER_BYTES, FLAG_VARIABLE } from "../model/batch.ts";
import { BridgeError, toBridgeError } from "../model/errors.ts";
import type { Access } from "./access.ts";
import type { CheckedOf } from "./requests.ts";
import { OwnSenders } from "./own-senders.ts";
import type { OpenedChannel, OpenKind, PublishedSample, RefusedEvent } from "./channel-messages.ts";

/** Handles of one session. */
export const MAX_PUBLISHERS = 4096;

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** What is published by name. `timeMs`: ms since 1970 UTC, by default now. */
export interface Sample {
  readonly kind: OpenKind;
  /** Of kind `bytes`, else null. */
  readonly contentType: string | null;
  /** JSON as UTF-8, or bytes. */
  readonly payload: Uint8Array;
  readonly timeMs?: number | undefined;
}

/** What became of what one program published. */
export interface PublishedCounts {
  /** Samples that were taken in. */
  readonly published: number;
  /** Records that were not. */
  readonly refused: number;
  /** Handles. */
  readonly open: number;
}

/** Who publishes. */
export interface PublishingParts {
  readonly hub: Hub;
  readonly codec: Codec;
  readonly access: Access;
  /** The name that is shown to readers, and the program. */
  readonly name: string;
  readonly client: string;
  /** Where its senders are noted, when it shares them with others. */
  readonly own?: OwnSenders;
}

/** The publishing side of one program. Costs nothing until it publishes. */
export class Publishing {
  readonly #parts: PublishingParts;
  readonly #publishers = new Map<number, Publisher>();
  /** By the name that is shown. */
  readonly #senders = new Map<string, Sender>();
  readonly #own: OwnSenders;
  readonly #counts = { published: 0, refused: 0 };
  #lastHandle = 0;

  constructor(parts: PublishingParts) {
    this.#parts = parts;
    this.#own = parts.own ?? new OwnSenders();
  }

  /** Its own senders: what these publish is no news to it. */
  get senders(): ReadonlySet<number> {
    return this.#own.ids;
  }

  get counts(): PublishedCounts {
    return { ...this.#counts, open: this.#publishers.size };
  }

  /** Opens a channel. Throws `forbidden`, `name_invalid`, `name_in_use`, `invalid_argument` or `busy`. */
  open(channel: string, kind: OpenKind, contentType: string | undefined, as: string | undefined): OpenedChannel {
    const { hub, access } = this.#parts;
    const spec = openSpec(kind, contentType);
    this.#requireRight(channel);
    if (as !== undefined && !access.full) {
      throw new BridgeError("forbidden", "a ticket does not allow to publish under another name");
    }
    if (this.#publishers.size >= MAX_PUBLISHERS) {
      throw new BridgeError("busy", `a session has at most ${String(MAX_PUBLISHERS)} channels open`);
    }
    const publisher = hub.open(channel, spec, this.#sender(as));
    const handle = (this.#lastHandle += 1);
    this.#publishers.set(handle, publisher);
    const { epoch, next } = publisher.position;
    return { handle, channel, ...spec, sender: publisher.sender.id, epoch: String(epoch), next };
  }

  /** Throws `invalid_argument`. */
  close(handle: number): void {
    const publisher = this.#publishers.get(handle);
    if (publisher === undefined) throw unopened(handle);
    this.#publishers.delete(handle);
    publisher.close();
    this.#dismiss(publisher.sender);
  }

  /** Publishes one sample in the channel of that name, which is opened by it. Throws as {@link open} does, and what {@link Codec.admit} throws. */
  publish(channel: string, { kind, contentType, payload, timeMs }: Sample): PublishedSample {
    const { hub, codec } = this.#parts;
    this.#requireRight(channel);
    const timeNs = timeMs === undefined ? 0n : BigInt(Math.round(timeMs * 1000)) * 1000n;
    const batch = writePublication(0, 0, [{ payload, timeNs }]);
    const now = hub.clock.now();
    codec.admit(batch, kind, now);
    const publisher = hub.once(channel, openSpec(kind, contentType ?? undefined), this.#sender(undefined));
    const { epoch, seq } = publisher.publish(batch, now);
    this.#counts.published += 1;
    hub.settle();
    const time = msFromNs(new DataView(batch.buffer).getBigInt64(BATCH_HEADER_BYTES, true));
    return { channel, epoch: String(epoch), seq, time };
  }

  /** Takes a batch, whose memory is the hub's from now on. What is wrong with it comes back and changes nothing else. */
  take(batch: Uint8Array): RefusedEvent | undefined {
    const { hub, codec } = this.#parts;
    try {
      if (batch.length < BATCH_HEADER_BYTES) throw new BridgeError("bad_record", "a batch without a whole header");
      const handle = readU32(batch, 8);
      const publisher = this.#publishers.get(handle);
      if (publisher === undefined) throw unopened(handle);
      if (batch[5] !== FLAG_VARIABLE) {
        throw new BridgeError("bad_record", "a client publishes batches of JSON or bytes, without a list of sequences");
      }
      const now = hub.clock.now();
      codec.admit(batch, publisher.kind === "bytes" ? "bytes" : "json", now);
      this.#counts.published += publisher.publish(batch, now).count;
      hub.settle();
      return undefined;
    } catch (thrown) {
      this.#counts.refused += 1;
      return refusedOf(batch, toBridgeError(thrown));
    }
  }

  /** It is gone: its channels stay, without it. */
  end(): void {
    for (const publisher of this.#publishers.values()) publisher.close();
    this.#publishers.clear();
    for (const sender of this.#senders.values()) {
      this.#parts.hub.senders.leave(sender);
      this.#own.dismiss(sender.id);
    }
    this.#senders.clear();
  }

  #requireRight(channel: string): void {
    if (this.#parts.access.publish(channel)) return;
    throw new BridgeError("forbidden", `the ticket does not allow to publish in "${channel.slice(0, 80)}"`);
  }

  #sender(as: string | undefined): Sender {
    const { hub, name: own, client } = this.#parts;
    const name = as ?? own;
    let sender = this.#senders.get(name);
    if (sender === undefined) {
      sender = hub.senders.add(name, client);
      this.#senders.set(name, sender);
      this.#own.add(sender.id);
    }
    return sender;
  }

  /** Nobody publishes under a name that was asked for any more; its last samples are still on their way. */
  #dismiss(sender: Sender): void {
    const { hub, name: own } = this.#parts;
    if (sender.name === own || [...this.#publishers.values()].some((other) => other.sender === sender)) return;
    this.#senders.delete(sender.name);
    hub.senders.leave(sender);
    this.#own.dismiss(sender.id);
  }
}

/** What a `publish` request brings. Throws `invalid_argument` unless that is one value or bytes, `bad_value` for base64 that is none. */
export function sampleOf({ value, bytes, contentType, time }: CheckedOf<"publish">): Sample {
  if ((value === undefined) === (bytes === undefined)) {
    throw new BridgeError("invalid_argument", `publish: give a "value", or "bytes" with a "contentType"`);
  }
  if (bytes === undefined) {
    if (contentType !== undefined) throw new BridgeError("invalid_argument", `"contentType" belongs to "bytes"`);
    return { kind: "json", contentType: null, payload: jsonBytes(value), timeMs: time };
  }
  if (bytes.length % 4 !== 0 || !BASE64.test(bytes)) throw new BridgeError("bad_value", `"bytes" is not base64`);
  const payload = Buffer.from(bytes, "base64");
  return { kind: "bytes", contentType: contentType ?? null, payload, timeMs: time };
}

function jsonBytes(value: unknown): Uint8Array {
  try {
    return new TextEncoder().encode(JSON.stringify(value));
  } catch (cause) {
    // Too deep for the stack is too deep for the channel.
    throw new BridgeError("bad_value", "JSON is nested deeper than 64", { cause });
  }
}

function openSpec(kind: OpenKind, contentType: string | undefined): OpenSpec {
  if ((kind === "bytes") !== (contentType !== undefined)) {
    throw new BridgeError("invalid_argument", `"contentType" belongs to the kind "bytes", which needs it`);
  }
  return { kind, contentType: contentType ?? null };
}

function unopened(handle: number): BridgeError {
  return new BridgeError("invalid_argument", `the session has opened no channel as ${String(handle)}`);
}

function readU32(batch: Uint8Array, at: number): number {
  return new DataView(batch.buffer, batch.byteOffset, batch.byteLength).getUint32(at, true);
}

/** Says of a batch, as far as it can be read, that it was not taken. */
function refusedOf(batch: Uint8Array, { code, message }: BridgeError): RefusedEvent {
  const header = new Uint8Array(BATCH_HEADER_BYTES);
  header.set(batch.subarray(0, BATCH_HEADER_BYTES));
  const view = new DataView(header.buffer);
  return {
    op: "refused",
    handle: view.getUint32(8, true),
    first: Number(view.getBigUint64(24, true)),
    count: view.getUint32(32, true),
    error: { code, message },
  };
}

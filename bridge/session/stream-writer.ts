// SPDX-License-Identifier: MIT
// Tells the client about its streams: layouts before their first use, beginnings, restarts and ends in their place among the samples.
import type { Chunk, EndReason } from "../hub/ports.ts";
import type { Readership, SubscribedReader } from "../hub/readership.ts";
import type { SchemaEntry } from "../hub/schemas.ts";
import type { Senders } from "../hub/senders.ts";
import type { Stream } from "../hub/stream.ts";
import type { ChannelKind, Loss } from "../model/values.ts";
import type { Describer } from "./describe.ts";
import { withoutSenders } from "./echo.ts";
import type { SenderEvent } from "./channel-messages.ts";
import type { RestartEvent, ServerMessage, StreamEvent } from "./messages.ts";
import type { Outbox } from "./outbox.ts";

/** A client is told who senders are anew after so many. */
export const MAX_TOLD_SENDERS = 16_384;

/** What the reader of a session needs. */
export interface StreamWriterOptions {
  readonly outbox: Outbox;
  readonly describer: Describer;
  readonly senders: Senders;
  /** The session's own senders. */
  readonly own: ReadonlySet<number>;
  readonly readership: () => Readership;
}

/** The reader of one session. */
export class StreamWriter implements SubscribedReader {
  readonly holdsLoans = true;
  readonly #options: StreamWriterOptions;
  readonly #outbox: Outbox;
  readonly #schemas = new Set<number>();
  /** The kind and content type that the client was told last. */
  readonly #told = new Map<Stream, { readonly kind: ChannelKind; readonly contentType: string | null }>();

  /** Senders that the client was told. */
  readonly #senders = new Set<number>();

  constructor(options: StreamWriterOptions) {
    this.#options = options;
    this.#outbox = options.outbox;
  }

  started(stream: Stream, previous: bigint | null): void {
    const { channel, encoding, schema } = stream;
    const { kind, contentType } = channel;
    this.#outbox.ledger.begin(stream);
    if (schema !== null && encoding === "batch") this.tellSchema(schema);
    const told = this.#told.get(stream);
    this.#told.set(stream, { kind, contentType });
    if (previous === null) {
      this.#announce(stream);
      return;
    }
    const restart: RestartEvent = {
      op: "restart",
      stream: stream.id,
      channel: channel.name,
      schema: schema?.id ?? null,
      epoch: String(channel.epoch),
      previous: String(previous),
      next: channel.next,
    };
    this.#send(stream, restart);
    if (told?.kind !== kind || told.contentType !== contentType) this.#announce(stream);
  }

  /** Tells the client the layout before its first use. */
  tellSchema(schema: SchemaEntry): void {
    if (this.#schemas.has(schema.id)) return;
    this.#schemas.add(schema.id);
    this.#outbox.control(this.#options.describer.schema(schema));
  }

  samples(stream: Stream, chunk: Chunk): void {
    if (chunk.runs === null) {
      this.#outbox.samples(stream, chunk);
      return;
    }
    const { own, readership } = this.#options;
    const wanted = own.size === 0 || readership().echoes(stream) ? chunk : withoutSenders(chunk, own);
    if (wanted === null) return;
    for (const run of wanted.runs ?? []) if (run !== null) this.#tellSender(run.sender);
    this.#outbox.samples(stream, wanted);
  }

  lost(stream: Stream, loss: Loss): void {
    this.#outbox.lost(stream, loss);
  }

  ended(stream: Stream, reason: EndReason): void {
    this.#send(stream, { op: "end", stream: stream.id, channel: stream.channel.name, reason });
  }

  shared(stream: Stream): void {
    this.#announce(stream);
  }

  left(stream: Stream): void {
    this.#told.delete(stream);
    this.#send(stream, { op: "end", stream: stream.id, channel: stream.channel.name, reason: "unsubscribed" });
    this.#outbox.forget(stream);
  }

  #tellSender(sender: number): void {
    if (sender === 0 || this.#senders.has(sender)) return;
    if (this.#senders.size >= MAX_TOLD_SENDERS) this.#senders.clear();
    this.#senders.add(sender);
    const { name = "", client = "" } = this.#options.senders.get(sender) ?? {};
    const event: SenderEvent = { op: "sender", sender, name, client };
    this.#outbox.control(JSON.stringify(event));
  }

  #announce(stream: Stream): void {
    const { channel } = stream;
    const event: StreamEvent = {
      op: "stream",
      stream: stream.id,
      channel: channel.name,
      kind: channel.kind,
      schema: stream.schema?.id ?? null,
      contentType: channel.contentType,
      epoch: String(channel.epoch),
      next: channel.next,
      subscriptions: this.#options.readership().subscriptionsOf(stream),
    };
    this.#send(stream, event);
  }

  #send(stream: Stream, message: ServerMessage): void {
    this.#outbox.controlIn(stream, JSON.stringify(message));
  }
}

// SPDX-License-Identifier: MIT
// Tells the client about its streams: layouts before their first use, beginnings, restarts and ends in their place among the samples.
import type { Chunk, EndReason } from "../hub/ports.ts";
import type { Readership, SubscribedReader } from "../hub/readership.ts";
import type { SchemaEntry } from "../hub/schemas.ts";
import type { Stream } from "../hub/stream.ts";
import type { ChannelKind, Loss } from "../model/values.ts";
import type { Describer } from "./describe.ts";
import type { RestartEvent, ServerMessage, StreamEvent } from "./messages.ts";
import type { Outbox } from "./outbox.ts";

/** The reader of one session. */
export class StreamWriter implements SubscribedReader {
  readonly #outbox: Outbox;
  readonly #describer: Describer;
  readonly #readership: () => Readership;
  readonly #schemas = new Set<number>();
  /** The kind and content type that the client was told last. */
  readonly #told = new Map<Stream, { readonly kind: ChannelKind; readonly contentType: string | null }>();

  constructor(outbox: Outbox, describer: Describer, readership: () => Readership) {
    this.#outbox = outbox;
    this.#describer = describer;
    this.#readership = readership;
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
    this.#outbox.control(this.#describer.schema(schema));
  }

  samples(stream: Stream, chunk: Chunk): void {
    this.#outbox.samples(stream, chunk);
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
      subscriptions: this.#readership().subscriptionsOf(stream),
    };
    this.#send(stream, event);
  }

  #send(stream: Stream, message: ServerMessage): void {
    this.#outbox.controlIn(stream, JSON.stringify(message));
  }
}

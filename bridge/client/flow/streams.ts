// SPDX-License-Identifier: MIT
// The streams of one connection: which channel and layout a record belongs to, and which subscriptions get it.
import type { Codec } from "../../layout/codec.ts";
import { compileLayout } from "../../layout/compile.ts";
import { readStamp, type StampRecord } from "../../layout/link-records.ts";
import { msFromNs, readBatchHeader, readGap, recordType, splitMessage } from "../../layout/record.ts";
import { parseSchema } from "../../layout/schema.ts";
import { FLAG_VARIABLE, RECORD_BATCH, RECORD_GAP } from "../../model/batch.ts";
import { LINK_RECORD } from "../../model/client-link.ts";
import { BridgeError } from "../../model/errors.ts";
import type { Layout, Schema } from "../../model/schema.ts";
import type { ChannelKind } from "../../model/values.ts";
import type { SenderEvent } from "../../session/channel-messages.ts";
import type { RestartEvent, ServerMessage, StreamEvent } from "../../session/messages.ts";
import { Batch, type Sender } from "../batch.ts";
import type { StreamListener } from "./stream-listener.ts";

interface Stream {
  readonly channel: string;
  readonly kind: ChannelKind;
  readonly contentType: string | null;
  epoch: bigint;
  readonly subscriptions: readonly number[];
}

/** A layout and the schema that it comes from. */
interface Described {
  readonly schema: Schema;
  readonly layout: Layout;
}

type News = (feed: StreamListener) => void;

/** So many senders are remembered; the bridge tells them anew after half as many. */
const MAX_SENDERS = 32_768;

/** What streams need of their client. */
export interface StreamsPort {
  /** The decoder, asked for at the first decode. */
  codec(): Codec;
  /** This program's clock, ms since 1970 with a fraction. */
  now(): number;
  /** A stamp came, so that the bridge's clock is of interest. */
  stamped(): void;
  /** The name under which this session publishes. */
  readonly session: string;
}

/** Routes what one connection brings to the feeds of its subscriptions. What breaks the protocol throws `bad_record`, `bad_schema` or `bad_message`. */
export class Streams {
  readonly #port: StreamsPort;
  readonly #layouts = new Map<number, Described>();
  readonly #streams = new Map<number, Stream>();
  readonly #feeds = new Map<number, StreamListener>();
  readonly #senders = new Map<number, Sender>();

  constructor(port: StreamsPort) {
    this.#port = port;
  }

  /** A `subscribe` was answered with a number, which stands for `feed` from now on. Its first event comes after the answer. */
  route(subscription: number, feed: StreamListener): void {
    this.#feeds.set(subscription, feed);
  }

  /** The layout that the bridge told for a schema id. */
  layout(schema: number): Layout | undefined {
    return this.#layouts.get(schema)?.layout;
  }

  forget(subscription: number): void {
    this.#feeds.delete(subscription);
  }

  schema(message: Extract<ServerMessage, { op: "schema" }>): void {
    const schema = parseSchema(message.blob);
    this.#layouts.set(message.schema, { schema, layout: compileLayout(schema, message.type) });
  }

  stream(message: StreamEvent): void {
    const { channel, kind, contentType, subscriptions } = message;
    const epoch = BigInt(message.epoch);
    this.#streams.set(message.stream, { channel, kind, contentType, epoch, subscriptions });
    this.#tell(subscriptions, (feed) => {
      feed.stream(channel, epoch, message.next, { kind, contentType });
    });
  }

  /** Who publishes under a number, told before the first of its samples. */
  sender({ sender, name, client }: SenderEvent): void {
    this.#senders.set(sender, { name, client });
    const [oldest] = this.#senders.keys();
    if (this.#senders.size > MAX_SENDERS && oldest !== undefined) this.#senders.delete(oldest);
  }

  restart(message: RestartEvent): void {
    const stream = this.#streams.get(message.stream);
    if (stream === undefined) return;
    const epoch = BigInt(message.epoch);
    stream.epoch = epoch;
    this.#tell(stream.subscriptions, (feed) => {
      feed.restart(stream.channel, epoch, message.next);
    });
  }

  end(message: Extract<ServerMessage, { op: "end" }>): void {
    const stream = this.#streams.get(message.stream);
    if (stream === undefined) return;
    this.#tell(stream.subscriptions, (feed) => {
      feed.end(stream.channel, message.reason);
    });
  }

  /** One binary message. Records of other types and of streams that are not ours (any more) are skipped. */
  records(message: Uint8Array): void {
    const receivedMs = this.#port.now();
    const stamps = new Map<number, StampRecord>();
    const newest = new Map<number, Batch>();
    for (const record of splitMessage(message)) {
      const type = recordType(record);
      if (type === RECORD_BATCH) {
        const batch = this.#batch(record);
        if (batch !== undefined && stamps.size > 0) newest.set(batch.stream, batch.batch);
      } else if (type === RECORD_GAP) {
        this.#gap(record);
      } else if (type === LINK_RECORD.stamp) {
        const stamp = readStamp(record);
        stamps.set(stamp.stream, stamp);
      }
    }
    for (const [stream, stamp] of stamps) this.#stamp(stamp, newest.get(stream), receivedMs);
  }

  #stamp(stamp: StampRecord, batch: Batch | undefined, receivedMs: number): void {
    const published = batch?.timesNs.at(-1);
    if (published === undefined) return;
    this.#port.stamped();
    this.#tell(this.#streams.get(stamp.stream)?.subscriptions ?? [], (feed) => {
      feed.stamped({ stamp, publishedMs: msFromNs(published), receivedMs });
    });
  }

  #batch(record: Uint8Array): { readonly stream: number; readonly batch: Batch } | undefined {
    const header = readBatchHeader(record);
    const stream = this.#streams.get(header.stream);
    if (stream === undefined) return undefined;
    const { channel, kind, contentType } = stream;
    if (header.epoch !== stream.epoch) {
      throw new BridgeError("bad_record", `a batch of ${channel} is of another life than was announced`);
    }
    const described = this.#describedBy(
      channel,
      kind,
      header.schema,
      header.size,
      (header.flags & FLAG_VARIABLE) !== 0,
    );
    const sender = kind === "struct" ? null : (this.#senders.get(header.schema) ?? null);
    const batch = new Batch({
      channel,
      kind,
      contentType,
      header,
      record,
      ...described,
      sender,
      codec: () => this.#port.codec(),
    });
    const isOwn = sender?.name === this.#port.session;
    this.#tell(stream.subscriptions, (feed) => {
      feed.batch(batch, isOwn);
    });
    return { stream: header.stream, batch };
  }

  #gap(record: Uint8Array): void {
    const { stream: id, ...loss } = readGap(record);
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    this.#tell(stream.subscriptions, (feed) => {
      feed.gap(stream.channel, loss);
    });
  }

  #describedBy(
    channel: string,
    kind: ChannelKind,
    schema: number,
    size: number,
    variable: boolean,
  ): Described | { readonly layout: null; readonly schema: null } {
    if (variable !== (kind !== "struct"))
      throw new BridgeError("bad_record", `a batch of ${channel} is not of its kind`);
    if (kind !== "struct") return { layout: null, schema: null };
    const described = this.#layouts.get(schema);
    if (described === undefined) throw new BridgeError("bad_record", `a batch of ${channel} came before its layout`);
    const { layout } = described;
    if (layout.size !== size) {
      throw new BridgeError(
        "bad_record",
        `a batch of ${channel} has structs of ${String(size)} bytes, its layout ${String(layout.size)}`,
      );
    }
    return described;
  }

  #tell(subscriptions: readonly number[], news: News): void {
    for (const id of subscriptions) {
      const feed = this.#feeds.get(id);
      if (feed !== undefined) news(feed);
    }
  }
}

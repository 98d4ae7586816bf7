// SPDX-License-Identifier: MIT
// What one connected driver has advertised and declared, under its own numbers; everything is held against its schema first.
import type { Channel } from "../hub/channel.ts";
import type { Driver } from "../hub/driver.ts";
import type { Loan } from "../hub/loans.ts";
import type { SchemaEntry, SchemaSet } from "../hub/schemas.ts";
import type { Splitter } from "../layout/codec.ts";
import { BridgeError } from "../model/errors.ts";
import { checkName } from "../model/names.ts";
import type { Loss } from "../model/values.ts";
import type { AdvertiseRecord, ParameterRecord, ServiceRecord } from "./driver-record.ts";
import type { SharedChannel, SharedSpec } from "./shared-channel.ts";
import { MAX_PARAMETERS, MAX_SERVICES, MAX_STREAMS } from "./protocol.ts";

/**
 * What the directory says about the fields of one driver may come to so much text: every session that lists or watches gets it, and
 * many channels of one large type would make gigabytes of it.
 */
export const MAX_DESCRIBED_BYTES = 16_777_216;

/** The values of all parameters of one driver; the bridge keeps them. */
export const MAX_VALUES_BYTES = 16_777_216;

/** Where the samples of a stream go. */
interface Source {
  /** `loan`: the memory that the record is in, where that is lent. */
  publish(record: Uint8Array, readMs: number, loan: Loan | null): void;
  lose(loss: Loss): void;
}

/** The first number that the splitter writes for shared channels: streams of the hub do not come so far. */
const SHARED_IDS = 0x8000_0000;

/** The channels, parameters and services of one link. What breaks a rule throws `bad_record`, `bad_schema`, `name_invalid` or `name_in_use`. */
export class Inventory {
  /** Of the hello. */
  schemas: SchemaSet | undefined;
  epoch = 0n;
  readonly #seat: Driver;
  readonly #splitter: Splitter;
  readonly #share: (spec: SharedSpec) => SharedChannel;
  /** By the driver's number, and by the bridge's. */
  readonly #channels = new Map<number, Channel>();
  readonly #sources = new Map<number, Source>();
  readonly #shared = new Map<number, { readonly id: number; readonly channel: SharedChannel }>();
  #lastShared = SHARED_IDS;
  readonly #replyBytes = new Map<number, number>();
  #parameterCount = 0;
  #valuesBytes = 0;
  #describedBytes = 0;
  readonly #descriptionBytes = new Map<SchemaEntry, number>();

  /** `share` opens a channel that others may publish on, too. */
  constructor(seat: Driver, splitter: Splitter, share: (spec: SharedSpec) => SharedChannel) {
    this.#seat = seat;
    this.#splitter = splitter;
    this.#share = share;
  }

  /** By the driver's number. */
  channel(stream: number): Channel | undefined {
    return this.#channels.get(stream);
  }

  /** By the number that the splitter has written into a record. It lets only routed streams through. */
  source(stream: number): Source {
    const channel = this.#sources.get(stream);
    if (channel === undefined) throw new BridgeError("bad_record", "samples of a channel that is not advertised");
    return channel;
  }

  /** The driver is gone: on shared channels it publishes no more. */
  leaveShared(): void {
    for (const { channel } of this.#shared.values()) channel.close();
    this.#shared.clear();
  }

  replyBytes(service: number): number {
    return this.#replyBytes.get(service) ?? 0;
  }

  advertise(record: AdvertiseRecord): void {
    const { stream, kind, size, name, type, next } = record;
    if (stream === 0 || this.#channels.has(stream) || this.#shared.has(stream)) {
      throw new BridgeError("bad_record", `the stream ${String(stream)} of the channel "${name}" is in use or 0`);
    }
    if (this.#channels.size + this.#shared.size >= MAX_STREAMS)
      throw new BridgeError("bad_record", "too many channels");
    if (name.startsWith("/")) {
      this.#advertiseShared(record);
      return;
    }
    const schema = kind === "struct" ? this.#typed(`the channel "${name}"`, type, size) : null;
    if (schema === null && size !== 0)
      throw new BridgeError("bad_record", `the channel "${name}" has no structs but a size`);
    const contentType = kind === "bytes" ? type : null;
    const channel = this.#seat.advertise(name, { kind, schema, contentType, epoch: this.epoch, next });
    this.#channels.set(stream, channel);
    this.#sources.set(channel.source.id, channel);
    this.#splitter.route(stream, { stream: channel.source.id, schema: schema?.id ?? 0, size });
  }

  #advertiseShared({ stream, kind, size, name, type, next }: AdvertiseRecord): void {
    if (kind === "struct" || size !== 0) {
      throw new BridgeError("bad_record", `the shared channel "${name}" is not one of JSON or bytes`);
    }
    const contentType = kind === "bytes" ? type : null;
    const channel = this.#share({ name: checkName(name.slice(1)), kind, contentType, epoch: this.epoch, next });
    const id = (this.#lastShared += 1);
    this.#shared.set(stream, { id, channel });
    this.#sources.set(id, channel);
    this.#splitter.route(stream, { stream: id, schema: 0, size: 0 });
  }

  withdraw(stream: number): void {
    const shared = this.#shared.get(stream);
    if (shared !== undefined) {
      this.#splitter.unroute(stream);
      this.#shared.delete(stream);
      this.#sources.delete(shared.id);
      shared.channel.close();
      return;
    }
    const channel = this.#channels.get(stream);
    if (channel === undefined)
      throw new BridgeError("bad_record", `the stream ${String(stream)} is withdrawn but not there`);
    this.#splitter.unroute(stream);
    this.#channels.delete(stream);
    if (channel.schema !== null) this.#describedBytes -= this.#descriptionOf(channel.schema);
    this.#sources.delete(channel.source.id);
    this.#seat.withdraw(channel);
  }

  parameter({ parameter, stream, name, type, value }: ParameterRecord): void {
    this.#parameterCount += 1;
    if (this.#parameterCount > MAX_PARAMETERS) throw new BridgeError("bad_record", "too many parameters");
    const schema = this.#typed(`the parameter "${name}"`, type, value.length);
    this.#valuesBytes += value.length;
    if (this.#valuesBytes > MAX_VALUES_BYTES)
      throw new BridgeError("bad_record", "the parameters are too large in all");
    const channel = stream === 0 ? null : this.#governed(stream);
    this.#seat.declareParameter({ id: parameter, name, schema, channel, value: value.slice() });
  }

  service({ service, requestBytes, replyBytes, name, request, reply }: ServiceRecord): void {
    if (this.#replyBytes.size >= MAX_SERVICES) throw new BridgeError("bad_record", "too many services");
    const side = (type: string, size: number): SchemaEntry | null =>
      type === "" && size === 0 ? null : this.#typed(`the service "${name}"`, type, size);
    const spec = { id: service, name, request: side(request, requestBytes), reply: side(reply, replyBytes) };
    this.#seat.declareService(spec);
    this.#replyBytes.set(service, replyBytes);
  }

  #governed(stream: number): Channel {
    const channel = this.#channels.get(stream);
    if (channel === undefined)
      throw new BridgeError("bad_record", "a parameter governs a channel that is not advertised");
    return channel;
  }

  /** The layout of a type; refuses one that does not have the size that the driver states. */
  #typed(what: string, type: string, size: number): SchemaEntry {
    if (this.schemas === undefined) throw new BridgeError("bad_schema", `${what} has a type but the driver no schema`);
    const entry = this.schemas.entry(type);
    if (entry.layout.size === size) {
      this.#describedBytes += this.#descriptionOf(entry);
      if (this.#describedBytes <= MAX_DESCRIBED_BYTES) return entry;
      throw new BridgeError(
        "bad_schema",
        `with ${what} the driver describes too many fields; use fewer or shorter ones`,
      );
    }
    const sizes = `${String(size)} bytes, but its type "${type}" has ${String(entry.layout.size)}`;
    throw new BridgeError("bad_schema", `${what} has ${sizes}: build the driver again with the schema of its header`);
  }

  /** About how long the text about a type's fields is. */
  #descriptionOf(entry: SchemaEntry): number {
    let bytes = this.#descriptionBytes.get(entry);
    if (bytes === undefined) {
      bytes = 0;
      for (const { path, doc = "", unit = "", labels } of entry.layout.leaves) {
        bytes += 100 + path.length + doc.length + unit.length;
        for (const label of labels?.keys() ?? []) bytes += 16 + label.length;
      }
      this.#descriptionBytes.set(entry, bytes);
    }
    return bytes;
  }
}

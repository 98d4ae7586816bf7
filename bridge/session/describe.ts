// SPDX-License-Identifier: MIT
// Writes the hub's entries as the JSON of the client protocol; what never changes of a layout is written once.
import type { Channel } from "../hub/channel.ts";
import type { Change, Directory as HubDirectory, Listed } from "../hub/directory.ts";
import type { Driver } from "../hub/driver.ts";
import type { Parameter } from "../hub/parameter.ts";
import type { AppliedValue } from "../hub/ports.ts";
import type { SchemaEntry } from "../hub/schemas.ts";
import type { Service } from "../hub/service.ts";
import type { Codec } from "../layout/codec.ts";
import { describeFields } from "../layout/fields.ts";
import { msFromNs } from "../layout/record.ts";
import type { Layout, Schema, SchemaEnum, SchemaMessage, SchemaStruct } from "../model/schema.ts";
import type { Access } from "./access.ts";
import { NO_STRUCT, serviceEntry, streamEntry, travelled } from "./describe-program.ts";
import type { DirectoryName, DriverEntry, DriverSchema, RateLine } from "./messages.ts";

/** Makes the texts of one bridge; shared by its sessions. All results are JSON text. */
export class Describer {
  readonly #codec: Codec;
  readonly #fields = new WeakMap<Layout, string>();
  readonly #schemas = new WeakMap<SchemaEntry, string>();
  readonly #rates = new WeakMap<readonly Channel[], string>();

  constructor(codec: Codec) {
    this.#codec = codec;
  }

  /** Everything that the session may see. */
  directory(directory: HubDirectory, access: Access): string {
    const list = (is: Listed["is"], entries: Iterable<Listed>): string => {
      const texts = [...entries]
        .filter((listed) => visible(listed, access))
        .map((listed) => this.entry(listed, access));
      return `"${is}s":[${texts.join(",")}]`;
    };
    const lists = [
      list("driver", listedAs("driver", directory.drivers.values())),
      list("channel", listedAs("channel", directory.channels.values())),
      list("parameter", listedAs("parameter", directory.parameters.values())),
      list("service", listedAs("service", directory.services.values())),
      list("stream", listedAs("stream", directory.streams.values())),
    ];
    return `{${lists.join(",")}}`;
  }

  /** A `directory` event; undefined when the session may see none of the changes. */
  changes(changes: readonly Change[], access: Access): string | undefined {
    const seen = changes.filter(({ listed }) => visible(listed, access));
    if (seen.length === 0) return undefined;
    const texts = (became: Change["became"]): string =>
      seen
        .filter((change) => change.became === became)
        .map(({ listed }) => (became === "removed" ? JSON.stringify(nameOf(listed)) : this.entry(listed, access)))
        .join(",");
    return `{"op":"directory","added":[${texts("added")}],"changed":[${texts("changed")}],"removed":[${texts("removed")}]}`;
  }

  /** A `rates` event, made once for all sessions that see everything; undefined when the session may see none of the channels. */
  rates(channels: readonly Channel[], access: Access): string | undefined {
    let text = access.full ? this.#rates.get(channels) : undefined;
    if (text !== undefined) return text;
    const seen = channels.filter(({ name }) => access.channel(name));
    if (seen.length === 0) return undefined;
    const rates = seen.map(({ source, rate, next }): RateLine => [source.id, rate, next]);
    text = JSON.stringify({ op: "rates", rates });
    if (access.full) this.#rates.set(channels, text);
    return text;
  }

  entry(listed: Listed, access: Access): string {
    switch (listed.is) {
      case "driver":
        return JSON.stringify(driverEntry(listed.entry));
      case "channel":
        return this.#channel(listed.entry);
      case "parameter":
        return this.#parameter(listed.entry, access);
      case "service":
        return this.#service(listed.entry, access);
      case "stream":
        return JSON.stringify(streamEntry(listed.entry));
    }
  }

  /** `{"parameter","value"}` without the braces. */
  value(parameter: Parameter): string {
    const value = this.#codec.valueJson(parameter.schema.layout, parameter.value);
    return `"parameter":${JSON.stringify(parameter.name)},"value":${value}`;
  }

  /** What a set came to. */
  applied(parameter: Parameter, applied: AppliedValue, access: Access): string {
    const value = this.#codec.valueJson(parameter.schema.layout, applied.value);
    return `{"parameter":${JSON.stringify(parameter.name)},"applied":${value},${this.#mark(applied, access)}}`;
  }

  /** A `parameter` event. */
  change(parameter: Parameter, applied: AppliedValue, access: Access): string {
    return `{"op":"parameter",${this.value(parameter)},"set":{${this.#mark(applied, access)}}}`;
  }

  /** A `schema` event; its blob is the schema without the types that this one does not need. */
  schema(entry: SchemaEntry): string {
    let text = this.#schemas.get(entry);
    if (text === undefined) {
      const { id: schema, type } = entry;
      text = JSON.stringify({
        op: "schema",
        schema,
        type,
        blob: partOf(
          entry.schema,
          entry.schema.messages.filter((message) => message.type === type),
          [type],
        ),
      });
      this.#schemas.set(entry, text);
    }
    return text;
  }

  /** A driver's whole schema, or the part of it that the session may see. Throws `disconnected` when the driver is not up. */
  driverSchema(driver: Driver, known: string | null, access: Access): string {
    const { name, epoch, schemas } = driver;
    if (driver.state !== "up") throw driver.away;
    const hash = schemas?.hash ?? null;
    const schema = schemas === null || hash === known ? null : visiblePart(schemas.schema, name, access);
    return JSON.stringify({ driver: name, epoch: String(epoch), hash, schema } satisfies DriverSchema);
  }

  #mark({ channel, epoch, next, time }: AppliedValue, access: Access): string {
    const seen = channel !== null && access.channel(channel);
    const mark = seen
      ? { channel, epoch: epoch === null ? null : String(epoch), seq: next }
      : { channel: null, epoch: null, seq: null };
    return JSON.stringify({ ...mark, time: msFromNs(time) }).slice(1, -1);
  }

  #channel(channel: Channel): string {
    const head = {
      channel: channel.name,
      kind: channel.kind,
      driver: channel.driver,
      publishers: channel.publishers,
      stream: channel.source.id,
      schema: channel.schema?.id ?? null,
      type: channel.schema?.type ?? null,
      contentType: channel.contentType,
      rate: channel.rate,
      published: channel.next,
      ...travelled(channel.via),
    };
    return withFields(head, channel.schema === null ? "[]" : this.#fieldsOf(channel.schema.layout));
  }

  #parameter(parameter: Parameter, access: Access): string {
    const { channel, schema } = parameter;
    const head = {
      driver: parameter.driver.name,
      channel: channel !== null && access.channel(channel.name) ? channel.name : null,
      schema: schema.id,
      type: schema.type,
      ...travelled(parameter.driver.via),
    };
    return `{${this.value(parameter)},${withFields(head, this.#fieldsOf(schema.layout)).slice(1)}`;
  }

  #service(service: Service, access: Access): string {
    if (service.by !== "driver") return JSON.stringify(serviceEntry(service, access));
    const { name, driver, request, reply } = service;
    const side = (entry: SchemaEntry | null): string =>
      entry === null ? JSON.stringify(NO_STRUCT) : withFields({ type: entry.type }, this.#fieldsOf(entry.layout));
    const head = JSON.stringify({ service: name, driver: driver.name, ...travelled(driver.via) }).slice(0, -1);
    return `${head},"request":${side(request)},"reply":${side(reply)}}`;
  }

  #fieldsOf(layout: Layout): string {
    let text = this.#fields.get(layout);
    if (text === undefined) {
      text = JSON.stringify(describeFields(layout));
      this.#fields.set(layout, text);
    }
    return text;
  }
}

function withFields(head: object, fields: string): string {
  return `${JSON.stringify(head).slice(0, -1)},"fields":${fields}}`;
}

function* listedAs<Is extends Listed["is"]>(
  is: Is,
  entries: Iterable<Extract<Listed, { is: Is }>["entry"]>,
): Iterable<Listed> {
  for (const entry of entries) yield { is, entry } as Listed;
}

function driverEntry({ name, state, address, epoch, pid, error, via, isBridge }: Driver): DriverEntry {
  const shown = error === null ? {} : { error: { code: error.code, message: error.message } };
  const far = { ...(isBridge ? { bridge: true as const } : {}), ...travelled(via) };
  return { driver: name, state, address, epoch: epoch === null ? null : String(epoch), pid, ...far, ...shown };
}

function nameOf(listed: Listed): DirectoryName {
  switch (listed.is) {
    case "driver":
      return { driver: listed.entry.name, address: listed.entry.address };
    case "channel":
      return { channel: listed.entry.name };
    case "parameter":
      return { parameter: listed.entry.name };
    case "service":
      return { service: listed.entry.name };
    case "stream":
      return { stream: listed.entry.name };
  }
}

function visible(listed: Listed, access: Access): boolean {
  return access[listed.is](listed.entry.name);
}

/** A ticket's messages are those whose names it reaches; a message without a name of its own is nobody's. */
function visiblePart(schema: Schema, driver: string, access: Access): Schema {
  if (access.full) return schema;
  const messages = schema.messages.filter(({ role, name }) => {
    const whole = `${driver}/${name}`;
    if (role === "channel") return access.channel(whole);
    return role === "parameter" ? access.parameter(whole) : access.service(whole);
  });
  return partOf(
    schema,
    messages,
    messages.map(({ type }) => type),
  );
}

/** The part of a schema that some struct types need: many types of one large schema would else make it many times as large. */
function partOf(schema: Schema, messages: readonly SchemaMessage[], wanted: readonly string[]): Schema {
  const types: Record<string, SchemaStruct | SchemaEnum> = {};
  const take = (name: string): void => {
    const found = Object.hasOwn(schema.types, name) ? schema.types[name] : undefined;
    if (found === undefined || Object.hasOwn(types, name)) return;
    types[name] = found;
    if (found.k === "enum") return;
    for (const { t, tags } of found.f) {
      take(t);
      // An integer may have the labels of an enum.
      if (tags !== undefined && Object.hasOwn(tags, "enum")) take(tags["enum"] ?? "");
    }
  };
  for (const type of wanted) take(type);
  return { ...schema, types, messages };
}

// SPDX-License-Identifier: MIT
// Reads the control records that a driver sends; every length is held against the record before it is used.
import { readCount, refuseRecord } from "../layout/batch.ts";
import { readReply, readValue } from "../layout/link-records.ts";
import { RecordBody } from "../layout/record-body.ts";
import { BridgeError, STATUS_CODES } from "../model/errors.ts";
import type { ChannelKind } from "../model/values.ts";
import type {
  AdvertiseRecord,
  CounterEntry,
  DriverRecord,
  HelloRecord,
  ParameterRecord,
  ServiceRecord,
  SubscribeRecord,
} from "./driver-record.ts";
import { MAGIC, MAX_CONTROL_BYTES, PROTOCOL_MAJOR, RECORD } from "./protocol.ts";

const KINDS: readonly (ChannelKind | undefined)[] = [undefined, "struct", "json", "bytes"];
const LEVELS = [undefined, "debug", "info", "warn", "error"] as const;

/** The longest text for people that is taken over from a driver. */
const MAX_TEXT_BYTES = 4096;

/** Reads one whole control record. Throws `bad_record`, or `version_mismatch` for the hello of another protocol. */
export function readDriverRecord(record: Uint8Array): DriverRecord {
  const type = record[4] ?? 0;
  if (type !== RECORD.hello && record.length > MAX_CONTROL_BYTES) refuseRecord("is a control record that is too long");
  const body = new RecordBody(record);
  switch (type) {
    case RECORD.hello:
      return readHello(body);
    case RECORD.advertise:
      return readAdvertise(body);
    case RECORD.withdraw:
      return { is: "withdraw", stream: body.fixed(16).getUint32(8, true) };
    case RECORD.parameter:
      return readParameter(body);
    case RECORD.service:
      return readService(body);
    case RECORD.subscribe:
      return readSubscribe(body);
    case RECORD.unsubscribe:
      return { is: "unsubscribe", subscription: body.fixed(16).getUint32(8, true) };
    case RECORD.ready:
      return { is: "ready" };
    case RECORD.value:
      return { is: "value", ...readValue(record) };
    case RECORD.reply: {
      const { call, reply } = readReply(record);
      return { is: "reply", call, reply };
    }
    case RECORD.refuse:
      return readRefuse(body);
    case RECORD.log:
      return readLog(body);
    case RECORD.ping:
    case RECORD.pong: {
      const view = body.fixed(32);
      const [id, clock, offset] = [view.getBigUint64(8, true), view.getBigInt64(16, true), view.getBigInt64(24, true)];
      return { is: type === RECORD.ping ? "ping" : "pong", id, clock, offset };
    }
    case RECORD.counters:
      return readCounters(body);
    case RECORD.end: {
      const view = body.fixed(16);
      const [text] = body.parts(16, view.getUint32(12, true));
      const code = STATUS_CODES[view.getUint32(8, true)] ?? "internal";
      return { is: "end", code, text: personText(text) };
    }
    default:
      return refuseRecord(`is of type ${String(type)}, which a driver does not send`);
  }
}

const NOTHING = new Uint8Array(0);

function readHello(body: RecordBody): HelloRecord {
  const view = body.fixed(16);
  if (view.getUint32(8, true) !== MAGIC) {
    throw new BridgeError("version_mismatch", "what listens there is no Structwire driver: its magic is another");
  }
  const major = view.getUint16(12, true);
  if (major !== PROTOCOL_MAJOR) {
    const versions = `version ${String(major)} of the driver protocol, this bridge version ${String(PROTOCOL_MAJOR)}`;
    throw new BridgeError("version_mismatch", `the driver speaks ${versions}; build both from the same release`);
  }
  body.fixed(48);
  const [name, schema] = body.parts(48, view.getUint32(32, true), view.getUint32(36, true));
  return {
    is: "hello",
    epoch: view.getBigUint64(16, true),
    offset: view.getBigInt64(24, true),
    name: nameText(name),
    schema: schema ?? NOTHING,
    pid: view.getUint32(40, true),
    minor: view.getUint16(14, true),
  };
}

function readAdvertise(body: RecordBody): AdvertiseRecord {
  const view = body.fixed(40);
  const [name, type] = body.parts(40, view.getUint32(20, true), view.getUint32(24, true));
  const kind = KINDS[view.getUint32(12, true)];
  if (kind === undefined) refuseRecord("advertises a channel of an unknown kind");
  return {
    is: "advertise",
    stream: view.getUint32(8, true),
    kind,
    size: view.getUint32(16, true),
    name: nameText(name),
    type: nameText(type),
    next: readCount(view, 32, "a channel's next sequence"),
  };
}

function readParameter(body: RecordBody): ParameterRecord {
  const view = body.fixed(32);
  const [nameBytes, typeBytes] = [view.getUint32(16, true), view.getUint32(20, true)];
  const [name, type] = body.parts(32, nameBytes, typeBytes);
  const valueAt = Math.ceil((32 + nameBytes + typeBytes) / 8) * 8;
  const [value] = body.parts(valueAt, view.getUint32(12, true));
  return {
    is: "parameter",
    parameter: view.getUint32(8, true),
    stream: view.getUint32(24, true),
    name: nameText(name),
    type: nameText(type),
    value: value ?? NOTHING,
  };
}

function readService(body: RecordBody): ServiceRecord {
  const view = body.fixed(32);
  const lengths = [view.getUint32(20, true), view.getUint32(24, true), view.getUint32(28, true)];
  const [name, request, reply] = body.parts(32, ...lengths);
  return {
    is: "service",
    service: view.getUint32(8, true),
    requestBytes: view.getUint32(12, true),
    replyBytes: view.getUint32(16, true),
    name: nameText(name),
    request: nameText(request),
    reply: nameText(reply),
  };
}

const WANTED = [undefined, "json", "published"] as const;

function readSubscribe(body: RecordBody): SubscribeRecord {
  const view = body.fixed(24);
  const [pattern] = body.parts(24, view.getUint32(20, true));
  const wanted = WANTED[view.getUint32(12, true)];
  if (wanted === undefined) refuseRecord("subscribes to something that is not known");
  const flags = view.getUint32(16, true);
  return {
    is: "subscribe",
    subscription: view.getUint32(8, true),
    wanted,
    latest: (flags & 1) !== 0,
    last: (flags & 2) !== 0,
    pattern: nameText(pattern),
  };
}

function readRefuse(body: RecordBody): DriverRecord {
  const view = body.fixed(24);
  const [text] = body.parts(24, view.getUint32(20, true));
  const code = STATUS_CODES[view.getUint32(16, true)];
  const known = code === undefined || code === "ok" ? "refused" : code;
  const reason = personText(text);
  const error = reason === "" ? new BridgeError(known) : new BridgeError(known, reason);
  return { is: "refuse", id: readCount(view, 8, "a refused id"), error };
}

function readLog(body: RecordBody): DriverRecord {
  const view = body.fixed(24);
  const [text] = body.parts(24, view.getUint32(20, true));
  const level = LEVELS[view.getUint32(16, true)] ?? "info";
  return { is: "log", time: view.getBigInt64(8, true), level, text: personText(text) };
}

function readCounters(body: RecordBody): DriverRecord {
  const count = body.fixed(16).getUint32(8, true);
  if (count > MAX_CONTROL_BYTES / 32) refuseRecord("counts more channels than fit");
  const view = body.fixed(16 + 32 * count);
  const entries = Array.from({ length: count }, (_, i): CounterEntry => {
    const at = 16 + 32 * i;
    return {
      stream: view.getUint32(at, true),
      published: readCount(view, at + 8, "a counter"),
      ringDropped: readCount(view, at + 16, "a counter"),
      linkDropped: readCount(view, at + 24, "a counter"),
    };
  });
  return { is: "counters", entries };
}

/** Names and types are short; whether they are well formed is for whoever uses them to say. */
function nameText(bytes: Uint8Array = NOTHING): string {
  if (bytes.length > 1024) refuseRecord("holds a name of more than 1024 bytes");
  return new TextDecoder().decode(bytes);
}

function personText(bytes: Uint8Array = NOTHING): string {
  return new TextDecoder().decode(bytes.subarray(0, MAX_TEXT_BYTES));
}

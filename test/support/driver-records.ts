// SPDX-License-Identifier: MIT
// Writes the records of a driver and reads those of a bridge, byte by byte from docs/driver-protocol.md, independent of the product's own code.
import { join, utf8 } from "./records.ts";
import { samplesOf, type Sample } from "./samples.ts";

const MAGIC = 0x57525453;

type Put = (view: DataView) => void;

/** A record of any type: the fixed part, then parts that are padded together. */
export function control(type: number, fixedBytes: number, put: Put, ...tail: readonly Uint8Array[]): Uint8Array {
  const body = join(...tail);
  const record = new Uint8Array(Math.ceil((fixedBytes + body.length) / 8) * 8);
  const view = new DataView(record.buffer);
  view.setUint32(0, record.length, true);
  view.setUint8(4, type);
  put(view);
  record.set(body, fixedBytes);
  return record;
}

export interface HelloSpec {
  readonly name?: string;
  readonly epoch?: bigint;
  readonly offset?: bigint;
  readonly schema?: Uint8Array;
  readonly magic?: number;
  readonly major?: number;
  /** Without READY, which came with 2. */
  readonly minor?: number;
}

export function hello({
  name = "foreign",
  epoch = 7n,
  offset = 0n,
  schema = new Uint8Array(0),
  magic = MAGIC,
  major = 1,
  minor = 0,
}: HelloSpec = {}): Uint8Array {
  const put: Put = (view) => {
    view.setUint32(8, magic, true);
    view.setUint16(12, major, true);
    view.setUint16(14, minor, true);
    view.setBigUint64(16, epoch, true);
    view.setBigInt64(24, offset, true);
    view.setUint32(32, utf8(name).length, true);
    view.setUint32(36, schema.length, true);
    view.setUint32(40, 4711, true);
  };
  return control(16, 48, put, utf8(name), schema);
}

export interface AdvertiseSpec {
  readonly stream?: number;
  readonly kind?: number;
  readonly size?: number;
  readonly name?: string;
  readonly type?: string;
  readonly next?: number;
}

export function advertise({
  stream = 1,
  kind = 1,
  size = 8,
  name = "state",
  type = "state",
  next = 0,
}: AdvertiseSpec = {}): Uint8Array {
  const put: Put = (view) => {
    view.setUint32(8, stream, true);
    view.setUint32(12, kind, true);
    view.setUint32(16, size, true);
    view.setUint32(20, utf8(name).length, true);
    view.setUint32(24, utf8(type).length, true);
    view.setBigUint64(32, BigInt(next), true);
  };
  return control(18, 40, put, utf8(name), utf8(type));
}

export function ready(): Uint8Array {
  return control(38, 8, () => undefined);
}

export function withdraw(stream: number): Uint8Array {
  return control(19, 16, (view) => {
    view.setUint32(8, stream, true);
  });
}

export function parameter(id: number, name: string, type: string, bytes: Uint8Array, stream = 0): Uint8Array {
  const names = join(utf8(name), utf8(type));
  const put: Put = (view) => {
    view.setUint32(8, id, true);
    view.setUint32(12, bytes.length, true);
    view.setUint32(16, utf8(name).length, true);
    view.setUint32(20, utf8(type).length, true);
    view.setUint32(24, stream, true);
  };
  return control(20, 32, put, names, new Uint8Array((8 - ((32 + names.length) % 8)) % 8), bytes);
}

export function service(id: number, name: string, request: [string, number], answer: [string, number]): Uint8Array {
  const put: Put = (view) => {
    view.setUint32(8, id, true);
    view.setUint32(12, request[1], true);
    view.setUint32(16, answer[1], true);
    view.setUint32(20, utf8(name).length, true);
    view.setUint32(24, utf8(request[0]).length, true);
    view.setUint32(28, utf8(answer[0]).length, true);
  };
  return control(21, 32, put, utf8(name), utf8(request[0]), utf8(answer[0]));
}

export interface ValueSpec {
  readonly set?: number;
  readonly parameter: number;
  readonly stream?: number;
  readonly next?: number;
  readonly time?: bigint;
  readonly value: Uint8Array;
}

export function value({
  set = 0,
  parameter: id,
  stream = 0,
  next = 0,
  time = 0n,
  value: bytes,
}: ValueSpec): Uint8Array {
  const put: Put = (view) => {
    view.setBigUint64(8, BigInt(set), true);
    view.setUint32(16, id, true);
    view.setUint32(20, stream, true);
    view.setBigUint64(24, BigInt(next), true);
    view.setBigInt64(32, time, true);
    view.setUint32(40, bytes.length, true);
  };
  return control(22, 48, put, bytes);
}

export function refuse(id: number, code: number, text: string): Uint8Array {
  const put: Put = (view) => {
    view.setBigUint64(8, BigInt(id), true);
    view.setUint32(16, code, true);
    view.setUint32(20, utf8(text).length, true);
  };
  return control(23, 24, put, utf8(text));
}

export function reply(call: number, bytes: Uint8Array): Uint8Array {
  const put: Put = (view) => {
    view.setBigUint64(8, BigInt(call), true);
    view.setUint32(16, bytes.length, true);
  };
  return control(24, 24, put, bytes);
}

export function log(level: number, text: string, time = 0n): Uint8Array {
  const put: Put = (view) => {
    view.setBigInt64(8, time, true);
    view.setUint32(16, level, true);
    view.setUint32(20, utf8(text).length, true);
  };
  return control(25, 24, put, utf8(text));
}

export function counters(stream: number, published: number, ring: number, link: number): Uint8Array {
  return control(28, 48, (view) => {
    view.setUint32(8, 1, true);
    view.setUint32(16, stream, true);
    view.setBigUint64(24, BigInt(published), true);
    view.setBigUint64(32, BigInt(ring), true);
    view.setBigUint64(40, BigInt(link), true);
  });
}

export interface SubscribeSpec {
  readonly subscription?: number;
  readonly wanted?: number;
  readonly flags?: number;
  readonly pattern: string;
}

export function subscribe({ subscription = 1, wanted = 1, flags = 0, pattern }: SubscribeSpec): Uint8Array {
  const put: Put = (view) => {
    view.setUint32(8, subscription, true);
    view.setUint32(12, wanted, true);
    view.setUint32(16, flags, true);
    view.setUint32(20, utf8(pattern).length, true);
  };
  return control(30, 24, put, utf8(pattern));
}

export function unsubscribe(subscription: number): Uint8Array {
  return control(31, 16, (view) => {
    view.setUint32(8, subscription, true);
  });
}

export function pong(id: bigint, offset = 0n): Uint8Array {
  return control(27, 32, (view) => {
    view.setBigUint64(8, id, true);
    view.setBigInt64(24, offset, true);
  });
}

export function end(code: number, text: string): Uint8Array {
  const put: Put = (view) => {
    view.setUint32(8, code, true);
    view.setUint32(12, utf8(text).length, true);
  };
  return control(29, 16, put, utf8(text));
}

/** A record of a bridge, as a driver reads it. */
export type FromBridge =
  | { readonly is: "attach"; readonly magic: number; readonly name: string }
  | {
      readonly is: "set";
      readonly id: number;
      readonly parameter: number;
      readonly value: Uint8Array;
      readonly mask: Uint8Array;
    }
  | { readonly is: "call"; readonly id: number; readonly service: number; readonly request: Uint8Array }
  | { readonly is: "cancel"; readonly id: number }
  | { readonly is: "ping"; readonly id: bigint }
  | {
      readonly is: "stream";
      readonly stream: number;
      readonly subscription: number;
      readonly kind: number;
      readonly name: string;
      readonly type: string;
      readonly epoch: bigint;
      readonly next: number;
    }
  | {
      readonly is: "stream-end";
      readonly stream: number;
      readonly subscription: number;
      readonly code: number;
      readonly text: string;
    }
  | {
      readonly is: "batch";
      readonly stream: number;
      readonly sender: number;
      readonly epoch: bigint;
      readonly samples: readonly Sample[];
    }
  | {
      readonly is: "gap";
      readonly stream: number;
      readonly reason: number;
      readonly from: number;
      readonly to: number;
      readonly count: number;
    }
  | { readonly is: "end"; readonly code: number; readonly text: string };

export function readFromBridge(record: Uint8Array): FromBridge {
  const view = new DataView(record.buffer, record.byteOffset, record.length);
  const text = (at: number, bytes: number): string => new TextDecoder().decode(record.subarray(at, at + bytes));
  const part = (at: number, bytes: number): Uint8Array => record.slice(at, at + bytes);
  const type = view.getUint8(4);
  switch (type) {
    case 17:
      return { is: "attach", magic: view.getUint32(8, true), name: text(24, view.getUint32(16, true)) };
    case 1: {
      const [stream, sender, epoch] = [view.getUint32(8, true), view.getUint32(12, true), view.getBigUint64(16, true)];
      return { is: "batch", stream, sender, epoch, samples: samplesOf(record) };
    }
    case 2: {
      const [from, to, count] = [24, 32, 40].map((at) => Number(view.getBigUint64(at, true))) as [
        number,
        number,
        number,
      ];
      return { is: "gap", stream: view.getUint32(8, true), reason: view.getUint32(12, true), from, to, count };
    }
    case 36: {
      const nameBytes = view.getUint32(20, true);
      return {
        is: "stream",
        stream: view.getUint32(8, true),
        subscription: view.getUint32(12, true),
        kind: view.getUint32(16, true),
        name: text(48, nameBytes),
        type: text(48 + nameBytes, view.getUint32(24, true)),
        epoch: view.getBigUint64(32, true),
        next: Number(view.getBigUint64(40, true)),
      };
    }
    case 37: {
      const [stream, subscription, code] = [8, 12, 16].map((at) => view.getUint32(at, true)) as [
        number,
        number,
        number,
      ];
      return { is: "stream-end", stream, subscription, code, text: text(24, view.getUint32(20, true)) };
    }
    case 32: {
      const size = view.getUint32(20, true);
      const maskAt = 24 + Math.ceil(size / 8) * 8;
      const id = Number(view.getBigUint64(8, true));
      return { is: "set", id, parameter: view.getUint32(16, true), value: part(24, size), mask: part(maskAt, size) };
    }
    case 33: {
      const id = Number(view.getBigUint64(8, true));
      return { is: "call", id, service: view.getUint32(16, true), request: part(24, view.getUint32(20, true)) };
    }
    case 34:
      return { is: "cancel", id: Number(view.getBigUint64(8, true)) };
    case 26:
      return { is: "ping", id: view.getBigUint64(8, true) };
    case 29:
      return { is: "end", code: view.getUint32(8, true), text: text(16, view.getUint32(12, true)) };
    default:
      throw new Error(`a bridge sent a record of type ${String(type)}`);
  }
}

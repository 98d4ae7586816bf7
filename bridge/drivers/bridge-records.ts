// SPDX-License-Identifier: MIT
// Writes the control records that the bridge sends to a driver.
import { startRecord } from "../layout/record-body.ts";
import { STATUS_CODES, type ErrorCode } from "../model/errors.ts";
import type { ChannelKind } from "../model/values.ts";
import { MAGIC, PROTOCOL_MAJOR, PROTOCOL_MINOR, RECORD } from "./protocol.ts";

/** ATTACH: the bridge says its name. */
export function attachRecord(bridgeName: string): Uint8Array {
  const name = new TextEncoder().encode(bridgeName);
  const { record, view } = startRecord(RECORD.attach, 24, name.length);
  view.setUint32(8, MAGIC, true);
  view.setUint16(12, PROTOCOL_MAJOR, true);
  view.setUint16(14, PROTOCOL_MINOR, true);
  view.setUint32(16, name.length, true);
  record.set(name, 24);
  return record;
}

/** PING, or the PONG that answers one. `clock` and `offset` in ns. */
export function pingRecord(type: "ping" | "pong", id: bigint, clock: bigint, offset: bigint): Uint8Array {
  const { record, view } = startRecord(RECORD[type], 32);
  view.setBigUint64(8, id, true);
  view.setBigInt64(16, clock, true);
  view.setBigInt64(24, offset, true);
  return record;
}

/** What a STREAM says. */
export interface StreamSpec {
  readonly stream: number;
  readonly subscription: number;
  readonly kind: ChannelKind;
  /** The channel's whole name. */
  readonly name: string;
  /** Null but for bytes. */
  readonly contentType: string | null;
  readonly epoch: bigint;
  /** The sequence of the next sample. */
  readonly next: number;
}

const KINDS: readonly ChannelKind[] = ["struct", "json", "bytes"];

/** STREAM: a channel that a subscription matches is there. */
export function streamRecord({ stream, subscription, kind, name, contentType, epoch, next }: StreamSpec): Uint8Array {
  const utf8 = new TextEncoder();
  const [nameBytes, typeBytes] = [utf8.encode(name), utf8.encode(contentType ?? "")];
  const { record, view } = startRecord(RECORD.stream, 48, nameBytes.length + typeBytes.length);
  view.setUint32(8, stream, true);
  view.setUint32(12, subscription, true);
  view.setUint32(16, KINDS.indexOf(kind) + 1, true);
  view.setUint32(20, nameBytes.length, true);
  view.setUint32(24, typeBytes.length, true);
  view.setBigUint64(32, epoch, true);
  view.setBigUint64(40, BigInt(next), true);
  record.set(nameBytes, 48);
  record.set(typeBytes, 48 + nameBytes.length);
  return record;
}

/** STREAM_END; stream 0: the whole subscription is over. */
export function streamEndRecord(
  stream: number,
  subscription: number,
  code: "ok" | "closed" | "refused",
  reason: string,
): Uint8Array {
  const text = new TextEncoder().encode(reason.slice(0, 1000));
  const { record, view } = startRecord(RECORD.streamEnd, 24, text.length);
  view.setUint32(8, stream, true);
  view.setUint32(12, subscription, true);
  view.setUint32(16, STATUS_CODES.indexOf(code), true);
  view.setUint32(20, text.length, true);
  record.set(text, 24);
  return record;
}

/** END; a code that the driver protocol has no number for goes as `bad_record`. */
export function endRecord(code: ErrorCode | "ok", reason: string): Uint8Array {
  const text = new TextEncoder().encode(reason.slice(0, 1000));
  const { record, view } = startRecord(RECORD.end, 16, text.length);
  const number = STATUS_CODES.indexOf(code);
  view.setUint32(8, number < 0 ? STATUS_CODES.indexOf("bad_record") : number, true);
  view.setUint32(12, text.length, true);
  record.set(text, 16);
  return record;
}

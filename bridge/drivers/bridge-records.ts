// SPDX-License-Identifier: MIT
// Writes the control records that the bridge sends to a driver.
import { align8, viewOf } from "../layout/batch.ts";
import { STATUS_CODES, type ErrorCode } from "../model/errors.ts";
import { MAGIC, PROTOCOL_MAJOR, PROTOCOL_MINOR, RECORD } from "./protocol.ts";

/** ATTACH: the bridge says its name. */
export function attachRecord(bridgeName: string): Uint8Array {
  const name = new TextEncoder().encode(bridgeName);
  const { record, view } = start(RECORD.attach, 24, name.length);
  view.setUint32(8, MAGIC, true);
  view.setUint16(12, PROTOCOL_MAJOR, true);
  view.setUint16(14, PROTOCOL_MINOR, true);
  view.setUint32(16, name.length, true);
  record.set(name, 24);
  return record;
}

/** SET; value and mask have the size of the parameter's struct. */
export function setRecord(id: number, parameter: number, value: Uint8Array, mask: Uint8Array): Uint8Array {
  const maskAt = align8(value.length);
  const { record, view } = start(RECORD.set, 24, maskAt + mask.length);
  view.setBigUint64(8, BigInt(id), true);
  view.setUint32(16, parameter, true);
  view.setUint32(20, value.length, true);
  record.set(value, 24);
  record.set(mask, 24 + maskAt);
  return record;
}

/** CALL */
export function callRecord(id: number, service: number, request: Uint8Array): Uint8Array {
  const { record, view } = start(RECORD.call, 24, request.length);
  view.setBigUint64(8, BigInt(id), true);
  view.setUint32(16, service, true);
  view.setUint32(20, request.length, true);
  record.set(request, 24);
  return record;
}

/** CANCEL */
export function cancelRecord(id: number): Uint8Array {
  const { record, view } = start(RECORD.cancel, 16, 0);
  view.setBigUint64(8, BigInt(id), true);
  return record;
}

/** PING, or the PONG that answers one. `clock` and `offset` in ns. */
export function pingRecord(type: "ping" | "pong", id: bigint, clock: bigint, offset: bigint): Uint8Array {
  const { record, view } = start(RECORD[type], 32, 0);
  view.setBigUint64(8, id, true);
  view.setBigInt64(16, clock, true);
  view.setBigInt64(24, offset, true);
  return record;
}

/** END; a code that the driver protocol has no number for goes as `bad_record`. */
export function endRecord(code: ErrorCode | "ok", reason: string): Uint8Array {
  const text = new TextEncoder().encode(reason.slice(0, 1000));
  const { record, view } = start(RECORD.end, 16, text.length);
  const number = STATUS_CODES.indexOf(code);
  view.setUint32(8, number < 0 ? STATUS_CODES.indexOf("bad_record") : number, true);
  view.setUint32(12, text.length, true);
  record.set(text, 16);
  return record;
}

function start(type: number, headerBytes: number, tailBytes: number): { record: Uint8Array; view: DataView } {
  const record = new Uint8Array(align8(headerBytes + tailBytes));
  const view = viewOf(record);
  view.setUint32(0, record.length, true);
  view.setUint8(4, type);
  return { record, view };
}

// SPDX-License-Identifier: MIT
// Writes the control records that the bridge sends to a driver.
import { startRecord } from "../layout/record-body.ts";
import { STATUS_CODES, type ErrorCode } from "../model/errors.ts";
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

// SPDX-License-Identifier: MIT
// The control records of the client link: sets, calls and their answers without JSON, stamps and acknowledgements. Sets and calls to drivers look the same.
import { LINK_RECORD } from "../model/client-link.ts";
import { align8, readCount } from "./batch.ts";
import { RecordBody, startRecord } from "./record-body.ts";

/** A SET: `target` is the parameter of a driver, or a handle. Value and mask have the size of the struct. */
export interface SetRecord {
  readonly id: number;
  readonly target: number;
  readonly value: Uint8Array;
  readonly mask: Uint8Array;
}

/** A CALL: `target` is the service of a driver, or a handle. */
export interface CallRecord {
  readonly id: number;
  readonly target: number;
  readonly request: Uint8Array;
}

/** A VALUE: what a parameter is now. */
export interface ValueRecord {
  /** The set that it answers, or 0. */
  readonly set: number;
  readonly target: number;
  /** 0: it governs no channel. */
  readonly stream: number;
  readonly next: number;
  /** ns; of a driver in its own clock, to clients UTC. */
  readonly time: bigint;
  readonly value: Uint8Array;
}

/** A STAMP: when the bridge read the newest sample of a message and when it made the message, in ns since 1970. */
export interface StampRecord {
  readonly stream: number;
  readonly read: bigint;
  readonly sent: bigint;
}

export function writeSet({ id, target, value, mask }: SetRecord): Uint8Array {
  const maskAt = 24 + align8(value.length);
  const { record, view } = startRecord(LINK_RECORD.set, maskAt, mask.length);
  view.setBigUint64(8, BigInt(id), true);
  view.setUint32(16, target, true);
  view.setUint32(20, value.length, true);
  record.set(value, 24);
  record.set(mask, maskAt);
  return record;
}

/** Value and mask are views of the record. Throws `bad_record`. */
export function readSet(record: Uint8Array): SetRecord {
  const body = new RecordBody(record);
  const view = body.fixed(24);
  const size = view.getUint32(20, true);
  return {
    id: readCount(view, 8, "a set's id"),
    target: view.getUint32(16, true),
    value: body.part(24, size),
    mask: body.part(24 + align8(size), size),
  };
}

export function writeCall({ id, target, request }: CallRecord): Uint8Array {
  const { record, view } = startRecord(LINK_RECORD.call, 24, request.length);
  view.setBigUint64(8, BigInt(id), true);
  view.setUint32(16, target, true);
  view.setUint32(20, request.length, true);
  record.set(request, 24);
  return record;
}

/** The request is a view of the record. Throws `bad_record`. */
export function readCall(record: Uint8Array): CallRecord {
  const body = new RecordBody(record);
  const view = body.fixed(24);
  const request = body.part(24, view.getUint32(20, true));
  return { id: readCount(view, 8, "a call's id"), target: view.getUint32(16, true), request };
}

export function writeCancel(id: number): Uint8Array {
  const { record, view } = startRecord(LINK_RECORD.cancel, 16);
  view.setBigUint64(8, BigInt(id), true);
  return record;
}

/** The id of the call. Throws `bad_record`. */
export function readCancel(record: Uint8Array): number {
  return readCount(new RecordBody(record).fixed(16), 8, "a cancelled call's id");
}

export function writeValue({ set, target, stream, next, time, value }: ValueRecord): Uint8Array {
  const { record, view } = startRecord(LINK_RECORD.value, 48, value.length);
  view.setBigUint64(8, BigInt(set), true);
  view.setUint32(16, target, true);
  view.setUint32(20, stream, true);
  view.setBigUint64(24, BigInt(next), true);
  view.setBigInt64(32, time, true);
  view.setUint32(40, value.length, true);
  record.set(value, 48);
  return record;
}

/** The value is a view of the record. Throws `bad_record`. */
export function readValue(record: Uint8Array): ValueRecord {
  const body = new RecordBody(record);
  const view = body.fixed(48);
  return {
    set: readCount(view, 8, "a set's id"),
    target: view.getUint32(16, true),
    stream: view.getUint32(20, true),
    next: readCount(view, 24, "a value's next sequence"),
    time: view.getBigInt64(32, true),
    value: body.part(48, view.getUint32(40, true)),
  };
}

export function writeReply(call: number, reply: Uint8Array): Uint8Array {
  const { record, view } = startRecord(LINK_RECORD.reply, 24, reply.length);
  view.setBigUint64(8, BigInt(call), true);
  view.setUint32(16, reply.length, true);
  record.set(reply, 24);
  return record;
}

/** The reply is a view of the record. Throws `bad_record`. */
export function readReply(record: Uint8Array): { readonly call: number; readonly reply: Uint8Array } {
  const body = new RecordBody(record);
  const view = body.fixed(24);
  return { call: readCount(view, 8, "a call's id"), reply: body.part(24, view.getUint32(16, true)) };
}

export function writeStamp({ stream, read, sent }: StampRecord): Uint8Array {
  const { record, view } = startRecord(LINK_RECORD.stamp, 32);
  view.setUint32(8, stream, true);
  view.setBigInt64(16, read, true);
  view.setBigInt64(24, sent, true);
  return record;
}

/** Throws `bad_record`. */
export function readStamp(record: Uint8Array): StampRecord {
  const view = new RecordBody(record).fixed(32);
  return { stream: view.getUint32(8, true), read: view.getBigInt64(16, true), sent: view.getBigInt64(24, true) };
}

/** `bytes`: of message payloads, taken since the session began. */
export function writeAck(bytes: number): Uint8Array {
  const { record, view } = startRecord(LINK_RECORD.ack, 16);
  view.setBigUint64(8, BigInt(bytes), true);
  return record;
}

/** Throws `bad_record`. */
export function readAck(record: Uint8Array): number {
  return readCount(new RecordBody(record).fixed(16), 8, "the bytes of an acknowledgement");
}

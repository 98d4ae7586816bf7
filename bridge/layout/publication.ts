// SPDX-License-Identifier: MIT
// Makes the batch in which a program publishes JSON or bytes in an open channel (docs/batch-format.md).
import {
  BATCH_HEADER_BYTES,
  FLAG_VARIABLE,
  MAX_BATCH_COUNT,
  MAX_RECORD_BYTES,
  MAX_SAMPLE_BYTES,
  RECORD_BATCH,
} from "../model/batch.ts";
import { BridgeError } from "../model/errors.ts";
import { align8, viewOf } from "./batch.ts";

/** A sample's payload, and its time in ns since 1970 UTC; without one it gets the bridge's time. */
export interface Publication {
  readonly payload: Uint8Array;
  readonly timeNs?: bigint;
}

/**
 * A batch of these samples with `handle` as its stream and `first` as its first sequence; stream, sender, epoch and sequences are written by the bridge.
 * Throws `message_too_large` for a payload of more than 1 MiB or a batch of more than 16 MiB, `invalid_argument` for no sample.
 */
export function writePublication(handle: number, first: number, samples: readonly Publication[]): Uint8Array {
  const count = samples.length;
  if (count === 0 || count > MAX_BATCH_COUNT) {
    throw new BridgeError("invalid_argument", `a batch cannot have ${String(count)} samples`);
  }
  const lengthsAt = BATCH_HEADER_BYTES + 8 * count;
  let at = lengthsAt + align8(4 * count);
  let bytes = at;
  for (const { payload } of samples) {
    if (payload.length > MAX_SAMPLE_BYTES) {
      throw new BridgeError("message_too_large", `a sample of ${String(payload.length)} bytes is larger than 1 MiB`);
    }
    bytes += payload.length;
  }
  bytes = align8(bytes);
  if (bytes > MAX_RECORD_BYTES)
    throw new BridgeError("message_too_large", "the samples are larger than a batch may be");
  const record = new Uint8Array(bytes);
  const view = viewOf(record);
  view.setUint32(0, bytes, true);
  view.setUint8(4, RECORD_BATCH);
  view.setUint8(5, FLAG_VARIABLE);
  view.setUint32(8, handle, true);
  view.setBigUint64(24, BigInt(first), true);
  view.setUint32(32, count, true);
  for (let i = 0; i < count; i++) {
    const sample = samples[i];
    if (sample === undefined) continue;
    const { payload, timeNs } = sample;
    if (timeNs !== undefined) view.setBigInt64(BATCH_HEADER_BYTES + 8 * i, timeNs, true);
    view.setUint32(lengthsAt + 4 * i, payload.length, true);
    record.set(payload, at);
    at += payload.length;
  }
  return record;
}

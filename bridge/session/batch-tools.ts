// SPDX-License-Identifier: MIT
// What the hub has done to whole batches, made of the codec and the record format.
import type { BatchTools } from "../hub/ports.ts";
import { readBatch, viewOf } from "../layout/batch.ts";
import { writeStamp } from "../layout/link-records.ts";
import type { Codec } from "../layout/codec.ts";
import { nsFromMs } from "../layout/record.ts";
import { BATCH_HEADER_BYTES, FLAG_VARIABLE, RECORD_BATCH } from "../model/batch.ts";
import { makeShaper } from "./shaper.ts";

/** The hub's batch tools over a codec. */
export function batchTools(codec: Codec): BatchTools {
  const utf8 = new TextEncoder();
  return {
    merge: (batches) => codec.merge(batches),
    newest: newestOf,
    shaper: (form, layout) => makeShaper(codec, form, layout),
    stamp: (stream, readMs, sentMs) => writeStamp({ stream, read: nsFromMs(readMs), sent: nsFromMs(sentMs) }),
    samples: (stream, kind, layout, batch) => {
      const samples = codec.json(layout, batch, kind === "bytes" ? "bytes" : "json");
      return utf8.encode(`{"op":"samples","stream":${String(stream)},"samples":${samples}}`);
    },
  };
}

/** A batch of the last sample alone. Throws `bad_record`. */
export function newestOf(batch: Uint8Array, stream: number): Uint8Array {
  const { header, timesAt, sequencesAt, lengthsAt, samplesAt, samplesBytes } = readBatch(batch);
  const from = viewOf(batch);
  const index = header.count - 1;
  const size = lengthsAt === 0 ? header.size : from.getUint32(lengthsAt + index * 4, true);
  const sampleAt = samplesAt + samplesBytes - size;
  const lengthBytes = lengthsAt === 0 ? 0 : 8;
  const startAt = BATCH_HEADER_BYTES + 8 + lengthBytes;
  const record = new Uint8Array(Math.ceil((startAt + size) / 8) * 8);
  const to = viewOf(record);
  to.setUint32(0, record.length, true);
  to.setUint8(4, RECORD_BATCH);
  to.setUint8(5, header.flags & FLAG_VARIABLE);
  to.setUint32(8, stream, true);
  to.setUint32(12, header.schema, true);
  to.setBigUint64(16, header.epoch, true);
  const sequence = sequencesAt === 0 ? BigInt(header.first + index) : from.getBigUint64(sequencesAt + index * 8, true);
  to.setBigUint64(24, sequence, true);
  to.setUint32(32, 1, true);
  to.setUint32(36, header.size, true);
  to.setBigInt64(BATCH_HEADER_BYTES, from.getBigInt64(timesAt + index * 8, true), true);
  if (lengthBytes > 0) to.setUint32(BATCH_HEADER_BYTES + 8, size, true);
  record.set(batch.subarray(sampleAt, sampleAt + size), startAt);
  return record;
}

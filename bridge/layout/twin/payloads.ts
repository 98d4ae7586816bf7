// SPDX-License-Identifier: MIT
// Batches for readers that know no layouts, in JavaScript; the same as native/decode/payloads.cpp.
import { FLAG_VARIABLE, MAX_SAMPLE_BYTES } from "../../model/batch.ts";
import { BridgeError } from "../../model/errors.ts";
import type { Layout } from "../../model/schema.ts";
import { readBatch, readCount, viewOf, type BatchParts } from "../batch.ts";
import type { PayloadTarget } from "../codec.ts";
import { readStructs } from "../column.ts";
import { variablePayloads, writeGap } from "../record.ts";
import { placesOf, writeHeader } from "./header.ts";
import { MAX_JSON_BYTES, type Writer } from "./json.ts";

/** What {@link Codec.payloads} gives; `structs` says what the samples are, null: payloads. */
export function payloadRecords(
  batch: Uint8Array,
  target: PayloadTarget,
  structs: { readonly layout: Layout; readonly write: Writer } | null,
): Uint8Array[] {
  const parts = structs === null ? readBatch(batch) : readStructs(structs.layout, batch);
  const pieces = structs === null ? checked(batch, target.kind) : texts(batch, parts, structs.write);
  const records: Uint8Array[] = [];
  for (let done = 0; done < pieces.length;) {
    const count = pieces[done] === null ? badRun(pieces, done) : goodRun(parts, pieces, done, target.maxBytes);
    const run = { from: done, count };
    records.push(
      pieces[done] === null ? gapOf(batch, parts, run, target) : batchOf(batch, parts, run, pieces, target.stream),
    );
    done += count;
  }
  return records;
}

/** A payload; null: it is left out. */
type Piece = Uint8Array | null;

interface SampleRun {
  readonly from: number;
  readonly count: number;
}

function texts(batch: Uint8Array, { header, samplesAt }: BatchParts, write: Writer): Piece[] {
  const view = viewOf(batch);
  const utf8 = new TextEncoder();
  let bytes = 0;
  return Array.from({ length: header.count }, (_, i) => {
    const text = utf8.encode(write(view, samplesAt + i * header.size));
    if (text.length > MAX_SAMPLE_BYTES) return null;
    bytes += text.length;
    if (bytes > MAX_JSON_BYTES) throw new BridgeError("message_too_large", "a batch makes more than 256 MiB of JSON");
    return text;
  });
}

function checked(batch: Uint8Array, kind: "json" | "bytes"): Piece[] {
  const payloads = variablePayloads(batch);
  return kind === "bytes" ? payloads : payloads.map((payload) => (isJson(payload) ? payload : null));
}

function isJson(payload: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload));
    return true;
  } catch {
    return false;
  }
}

function badRun(pieces: readonly Piece[], from: number): number {
  const end = pieces.findIndex((piece, i) => i > from && piece !== null);
  return (end < 0 ? pieces.length : end) - from;
}

/** How many good ones make a record of at most `maxBytes`; at least one. */
function goodRun({ header }: BatchParts, pieces: readonly Piece[], from: number, maxBytes: number): number {
  const flags = header.flags | FLAG_VARIABLE;
  let bytes = 0;
  let count = 0;
  for (let piece = pieces[from]; piece !== undefined && piece !== null; piece = pieces[from + count]) {
    bytes += piece.length;
    if (count > 0 && placesOf({ count: count + 1, flags }, bytes).bytes > maxBytes) break;
    count += 1;
  }
  return count;
}

function sequenceAt(batch: Uint8Array, { header, sequencesAt }: BatchParts, sample: number): number {
  return sequencesAt === 0 ? header.first + sample : readCount(viewOf(batch), sequencesAt + 8 * sample, "a sequence");
}

function gapOf(
  batch: Uint8Array,
  parts: BatchParts,
  { from, count }: SampleRun,
  { stream }: PayloadTarget,
): Uint8Array {
  const { epoch } = parts.header;
  const to = sequenceAt(batch, parts, from + count - 1);
  return writeGap(stream, { epoch, from: sequenceAt(batch, parts, from), to, count, reason: "unknown" });
}

function batchOf(
  batch: Uint8Array,
  parts: BatchParts,
  { from, count }: SampleRun,
  pieces: readonly Piece[],
  stream: number,
): Uint8Array {
  const { header, timesAt, sequencesAt, lengthsAt } = parts;
  const own = pieces.slice(from, from + count).map((piece) => piece ?? new Uint8Array(0));
  const flags = header.flags | FLAG_VARIABLE;
  const places = placesOf(
    { count, flags },
    own.reduce((sum, { length }) => sum + length, 0),
  );
  const out = new Uint8Array(places.bytes);
  writeHeader(batch, { first: sequenceAt(batch, parts, from), count, size: 0, flags }, places.bytes, out);
  const view = viewOf(out);
  view.setUint32(8, stream, true);
  view.setUint32(12, lengthsAt === 0 ? 0 : header.schema, true);
  out.set(batch.subarray(timesAt + 8 * from, timesAt + 8 * (from + count)), places.timesAt);
  if (sequencesAt !== 0) {
    out.set(batch.subarray(sequencesAt + 8 * from, sequencesAt + 8 * (from + count)), places.sequencesAt);
  }
  let at = places.samplesAt;
  own.forEach((payload, i) => {
    view.setUint32(places.lengthsAt + 4 * i, payload.length, true);
    out.set(payload, at);
    at += payload.length;
  });
  return out;
}

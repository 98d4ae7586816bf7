// SPDX-License-Identifier: MIT
// Batches of a layout as batches of some of its fields in JavaScript; the same as native/decode/project.cpp.
import { BATCH_HEADER_BYTES, MAX_RECORD_BYTES } from "../../model/batch.ts";
import { leafAt, readStructs } from "../column.ts";
import { elementOffset } from "../element.ts";
import type { Projection } from "../select/projection.ts";
import { loadInteger, storePattern } from "./bits.ts";
import { placesOf, writeHeader } from "./header.ts";
import { sequenceAt, sourceOf, type Source } from "./take.ts";

/** Writes the struct at `from` of the source's batch to `to` of `out`, which is zero there. */
type Copy = (source: Source, from: number, out: Uint8Array, to: number) => void;

/** What {@link Codec.project} says. */
export function projectBatch(projection: Projection, batch: Uint8Array): Uint8Array[] {
  const source = sourceOf(batch, readStructs(projection.source, batch));
  const { header, timesAt, sequencesAt, samplesAt } = source.parts;
  const { size } = projection.layout;
  const copy = copier(projection);
  const most = Math.floor((MAX_RECORD_BYTES - BATCH_HEADER_BYTES) / (size + (sequencesAt === 0 ? 8 : 16)));
  return Array.from({ length: Math.ceil(header.count / most) }, (_, i) => {
    const done = i * most;
    const own = { ...header, first: sequenceAt(source, done), count: Math.min(most, header.count - done), size };
    const places = placesOf(own, own.count * size);
    const out = new Uint8Array(places.bytes);
    writeHeader(batch, own, places.bytes, out);
    out.set(batch.subarray(timesAt + done * 8, timesAt + (done + own.count) * 8), places.timesAt);
    if (sequencesAt !== 0) {
      out.set(batch.subarray(sequencesAt + done * 8, sequencesAt + (done + own.count) * 8), places.sequencesAt);
    }
    for (let k = 0; k < own.count; k++) {
      copy(source, samplesAt + (done + k) * header.size, out, places.samplesAt + k * size);
    }
    return out;
  });
}

function copier({ source: layout, layout: target, moves, widenings }: Projection): Copy {
  const little = layout.endian === "le";
  return ({ batch, view }, from, out, to) => {
    for (let i = 0; i < moves.length; i += 3) {
      const [at = 0, place = 0, bytes = 0] = [moves[i], moves[i + 1], moves[i + 2]];
      for (let k = 0; k < bytes; k++) out[to + place + k] = batch[from + at + k] ?? 0;
    }
    for (let i = 0; i < widenings.length; i += 3) {
      const leaf = leafAt(layout, widenings[i] ?? 0);
      const found = loadInteger(view, from + elementOffset(leaf, widenings[i + 1] ?? 0), leaf, little);
      const value = leaf.kind === "bool" && found !== 0n ? 1n : found;
      const place = to + (widenings[i + 2] ?? 0);
      // The leaf without its bits: an integer of its type.
      const { bits: _, ...whole } = leaf;
      storePattern(whole, value, target.endian === "le", (byte, bits) => (out[place + byte] = bits));
    }
  };
}

// SPDX-License-Identifier: MIT
// Reads and writes control records: every length is held against the record before it is used.
import { align8, refuseRecord, viewOf } from "./batch.ts";

/** A record whose parts are read with their lengths checked. */
export class RecordBody {
  readonly #record: Uint8Array;

  constructor(record: Uint8Array) {
    this.#record = record;
  }

  /** A view for reading a fixed part of so many bytes. Throws `bad_record` when the record is shorter. */
  fixed(bytes: number): DataView {
    if (this.#record.length < bytes) refuseRecord(`of type ${String(this.#record[4])} is too short`);
    return viewOf(this.#record);
  }

  /** The part of so many bytes at `at`, a view of the record. Throws `bad_record` when it ends outside. */
  part(at: number, bytes: number): Uint8Array {
    const part = this.#record.subarray(at, at + bytes);
    if (part.length !== bytes) refuseRecord(`of type ${String(this.#record[4])} states more than it holds`);
    return part;
  }

  /** Parts of these lengths that follow each other from `at`. */
  parts(at: number, ...lengths: readonly number[]): Uint8Array[] {
    let from = at;
    return lengths.map((length) => {
      const part = this.part(from, length);
      from += length;
      return part;
    });
  }
}

/** A new record of that type with room for a header and a tail, padded; all behind the prefix is zero. */
export function startRecord(
  type: number,
  headerBytes: number,
  tailBytes = 0,
): { readonly record: Uint8Array; readonly view: DataView } {
  const record = new Uint8Array(align8(headerBytes + tailBytes));
  const view = viewOf(record);
  view.setUint32(0, record.length, true);
  view.setUint8(4, type);
  return { record, view };
}

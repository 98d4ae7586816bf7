// SPDX-License-Identifier: MIT
// Runs a splitter as a link does: routes are set and taken where the records say so.
import type { Splitter } from "../../bridge/layout/codec.ts";
import { recordType } from "../../bridge/layout/record.ts";
import { join } from "./records.ts";

/**
 * Pushes all chunks, each with memory that `lend` gives; an ADVERTISE routes its stream to ten times its id, a WITHDRAW ends that. `maxLeft` above 0: each in memory of its own,
 * where records may stay, behind what was left of the one before.
 */
export function runSplitter(
  splitter: Splitter,
  chunks: readonly Uint8Array[],
  lend: (bytes: number) => ArrayBuffer | undefined = () => undefined,
  maxLeft = 0,
): Uint8Array[] {
  const records: Uint8Array[] = [];
  let left = new Uint8Array(0);
  for (const piece of chunks) {
    const chunk = maxLeft === 0 ? piece : join(left, piece);
    for (const record of splitter.push(chunk, lend(chunk.length + splitter.keptBytes), maxLeft)) {
      const view = new DataView(record.buffer, record.byteOffset, record.length);
      if (recordType(record) === 18 && record.length >= 20) {
        const from = view.getUint32(8, true);
        splitter.route(from, { stream: (from * 10) % 2 ** 32, schema: 9, size: view.getUint32(16, true) });
      }
      if (recordType(record) === 19 && record.length >= 12) splitter.unroute(view.getUint32(8, true));
      records.push(record);
    }
    left = chunk.slice(chunk.length - splitter.leftBytes);
  }
  return records;
}

// SPDX-License-Identifier: MIT
// Takes out of a chunk what its reader has published itself; all other readers go on sharing the bytes.
import type { Chunk } from "../hub/ports.ts";

/** The chunk without the samples of these senders: itself where it has none of them, null where nothing is left and nothing else is there instead. */
export function withoutSenders(chunk: Chunk, senders: ReadonlySet<number>): Chunk | null {
  const { runs } = chunk;
  if (runs?.some((run) => run !== null && senders.has(run.sender)) !== true) return chunk;
  const kept = runs.map((run) => run === null || !senders.has(run.sender));
  const left = runs.filter((run, i) => run !== null && kept[i]);
  const head = left[0];
  const tail = left.at(-1);
  if (head === undefined || head === null || tail === undefined || tail === null) {
    return chunk.instead === null ? null : withoutSenders(chunk.instead, senders);
  }
  const parts = chunk.parts.filter((_, i) => kept[i]);
  return {
    epoch: chunk.epoch,
    first: head.first,
    last: tail.last,
    count: left.reduce((sum, run) => sum + (run?.count ?? 0), 0),
    bytes: parts.reduce((sum, { byteLength }) => sum + byteLength, 0),
    parts,
    runs: runs.filter((_, i) => kept[i]),
    loans: chunk.loans,
    instead: null,
  };
}

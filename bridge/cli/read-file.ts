// SPDX-License-Identifier: MIT
// Reads a file that somebody named, which may be a pipe, and may be endless.
import { closeSync, openSync, readSync } from "node:fs";
import { BridgeError } from "../model/errors.ts";

const CHUNK_BYTES = 65_536;

/** The bytes of a file. Blocks. Throws `usage` for one of more than `maxBytes`, and as the system does. */
export function readFileOfAtMost(path: string, maxBytes: number): Uint8Array {
  const file = openSync(path, "r");
  try {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const chunk = new Uint8Array(CHUNK_BYTES);
      const count = readSync(file, chunk);
      if (count === 0) return Buffer.concat(chunks, size);
      chunks.push(chunk.subarray(0, count));
      size += count;
      if (size > maxBytes) throw new BridgeError("usage", `it has more than ${String(maxBytes)} bytes`);
    }
  } finally {
    closeSync(file);
  }
}

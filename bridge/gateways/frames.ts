// SPDX-License-Identifier: MIT
// Writes WebSocket frames of a server (RFC 6455: final, not masked, no extension), each shared message once for all its readers.

/** A frame is text or binary. */
export const OPCODE = { text: 1, binary: 2 } as const;

/** The header of a frame around so many bytes. */
export function frameHeader(opcode: number, bytes: number): Uint8Array {
  const length = bytes < 126 ? 2 : bytes < 65_536 ? 4 : 10;
  const header = Buffer.allocUnsafe(length);
  header[0] = 0x80 | opcode;
  if (length === 2) {
    header[1] = bytes;
  } else if (length === 4) {
    header[1] = 126;
    header.writeUInt16BE(bytes, 2);
  } else {
    header[1] = 127;
    header.writeBigUInt64BE(BigInt(bytes), 2);
  }
  return header;
}

/** Up to so many bytes a copy is cheaper than to write several pieces. */
const COPY_BYTES = 4096;

/** The pieces of one message's frame: one when it is small. */
export function framePieces(opcode: number, parts: readonly Uint8Array[]): readonly Uint8Array[] {
  let bytes = 0;
  for (const { byteLength } of parts) bytes += byteLength;
  const pieces = [frameHeader(opcode, bytes), ...parts];
  return bytes <= COPY_BYTES ? [Buffer.concat(pieces)] : pieces;
}

/**
 * Frames of messages that go to several connections, one behind the other. The first one writes header and parts of a large one without a copy; from the second
 * on there is one piece of memory for all, which is the cheapest thing to write. Only the latest message is known: a reader that comes late with an
 * older one writes its parts.
 */
export class SharedFrames {
  #message: object | undefined;
  #frame: Uint8Array | undefined;

  /** The pieces to write. `message` is what identifies it: the same object each time. */
  of(opcode: number, message: object, parts: readonly Uint8Array[]): readonly Uint8Array[] {
    if (this.#message === message && this.#frame !== undefined) return [this.#frame];
    const pieces = framePieces(opcode, parts);
    const isNew = this.#message !== message;
    this.#message = message;
    this.#frame = pieces.length === 1 ? pieces[0] : isNew ? undefined : Buffer.concat(pieces);
    return this.#frame === undefined ? pieces : [this.#frame];
  }
}

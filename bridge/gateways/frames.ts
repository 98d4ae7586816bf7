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
  if (bytes <= COPY_BYTES) return [Buffer.concat([frameHeader(opcode, bytes), ...parts])];
  return [frameHeader(opcode, bytes), ...neighbours(parts)];
}

/** Parts that stand one behind the other in memory, as records do that were read together, are one piece. */
function neighbours(parts: readonly Uint8Array[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let last: Uint8Array | undefined;
  for (const part of parts) {
    if (last?.buffer === part.buffer && last.byteOffset + last.byteLength === part.byteOffset) {
      last = new Uint8Array(part.buffer, last.byteOffset, last.byteLength + part.byteLength);
      pieces[pieces.length - 1] = last;
    } else {
      last = part;
      pieces.push(part);
    }
  }
  return pieces;
}

/** To write one more piece costs about as much as to copy so many bytes to new memory. */
const PIECE_BYTES = 512;

/**
 * Frames of messages that go to several connections, one behind the other. The first ones write header and parts without a copy; once a copy would have cost less than all the
 * pieces, there is one piece of memory for all that follow, which is the cheapest thing to write. So a message of many small parts is put together for its second reader, one of a few
 * large parts only for a hundred: new memory is work for the collector of garbage, too. Only the latest message is known: a reader that comes late with an older one writes its parts.
 */
export class SharedFrames {
  #message: object | undefined;
  #pieces: readonly Uint8Array[] = [];
  #copyBytes = 0;

  /** The pieces to write. `message` is what identifies it: the same object each time. */
  of(opcode: number, message: object, parts: readonly Uint8Array[]): readonly Uint8Array[] {
    if (this.#message !== message) {
      this.#message = message;
      this.#pieces = framePieces(opcode, parts);
      this.#copyBytes = this.#pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
    } else if (this.#pieces.length > 1 && this.#copyBytes <= 0) {
      this.#pieces = [Buffer.concat(this.#pieces)];
    }
    this.#copyBytes -= PIECE_BYTES * (this.#pieces.length - 1);
    return this.#pieces;
  }
}

// SPDX-License-Identifier: MIT
// Takes a ZMTP 3 stream apart (RFC 23): the greeting, then commands and messages of several frames. Knows no socket.
import { BridgeError } from "../../../model/errors.ts";

export const GREETING_BYTES = 64;

/** The flags in the first byte of a frame. */
export const FLAG = { more: 1, long: 2, command: 4 } as const;

/** Frames of one message; a call has two. */
const MAX_FRAMES = 16;

/** A command is a name and a few properties or a topic. */
const MAX_COMMAND_BYTES = 4096;

/** What a peer said, in order. */
export type ZmtpItem =
  | { readonly is: "greeting"; readonly major: number; readonly mechanism: string }
  | { readonly is: "command"; readonly name: string; readonly body: Buffer }
  | { readonly is: "message"; readonly frames: readonly Buffer[] };

/** The reading side of one connection. An error of it is final: what follows makes no sense. */
export class ZmtpReader {
  readonly #maxMessageBytes: number;
  #chunks: Buffer[] = [];
  #length = 0;
  /** Less than this is not worth looking at. */
  #needed = 1;
  #greeted = false;
  #frames: Buffer[] = [];
  #messageBytes = 0;

  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** Everything that is whole now. Throws `bad_message` and `message_too_large`, the latter before the message is kept. */
  push(chunk: Buffer): ZmtpItem[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const items: ZmtpItem[] = [];
    if (this.#length < this.#needed) return items;
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    let at = 0;
    for (;;) {
      const used = this.#greeted ? this.#frame(bytes, at, items) : this.#greeting(bytes, items);
      if (used === 0) break;
      at += used;
    }
    const rest = bytes.subarray(at);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#length = rest.length;
    return items;
  }

  /** How many bytes were taken; 0: there are too few. */
  #greeting(bytes: Buffer, items: ZmtpItem[]): number {
    if (bytes.length > 0 && bytes[0] !== 0xff) throw badStream("it does not begin as ZMTP 3 does");
    this.#needed = GREETING_BYTES;
    if (bytes.length < GREETING_BYTES) return 0;
    if (((bytes[9] ?? 0) & 0x7f) !== 0x7f) throw badStream("its signature is wrong");
    this.#greeted = true;
    this.#needed = 2;
    items.push({ is: "greeting", major: bytes[10] ?? 0, mechanism: textUntilNul(bytes.subarray(12, 32)) });
    return GREETING_BYTES;
  }

  #frame(bytes: Buffer, at: number, items: ZmtpItem[]): number {
    const there = bytes.length - at;
    this.#needed = 2;
    if (there < 2) return 0;
    const flags = bytes[at] ?? 0;
    if (flags > (FLAG.more | FLAG.long | FLAG.command)) throw badStream("a frame has unknown flags");
    const isLong = (flags & FLAG.long) !== 0;
    const head = isLong ? 9 : 2;
    this.#needed = head;
    if (there < head) return 0;
    const size = isLong ? bytes.readBigUInt64BE(at + 1) : BigInt(bytes[at + 1] ?? 0);
    const isCommand = (flags & FLAG.command) !== 0;
    const most = isCommand ? MAX_COMMAND_BYTES : this.#maxMessageBytes - this.#messageBytes;
    if (size > BigInt(most)) {
      throw new BridgeError(
        "message_too_large",
        `a ZeroMQ message has more than ${String(this.#maxMessageBytes)} bytes`,
      );
    }
    const end = head + Number(size);
    this.#needed = end;
    if (there < end) return 0;
    const body = bytes.subarray(at + head, at + end);
    if (isCommand) items.push(commandOf(body));
    else this.#take(body, (flags & FLAG.more) !== 0, items);
    this.#needed = 2;
    return end;
  }

  #take(body: Buffer, more: boolean, items: ZmtpItem[]): void {
    this.#frames.push(body);
    this.#messageBytes += body.length;
    if (more) {
      if (this.#frames.length >= MAX_FRAMES) throw badStream(`a message has more than ${String(MAX_FRAMES)} frames`);
      return;
    }
    items.push({ is: "message", frames: this.#frames });
    this.#frames = [];
    this.#messageBytes = 0;
  }
}

/** Makes the error for what is no ZMTP. */
export function badStream(what: string): BridgeError {
  return new BridgeError("bad_message", `a ZeroMQ connection cannot be read: ${what}`);
}

function commandOf(body: Buffer): ZmtpItem {
  const length = body[0] ?? 0;
  if (length === 0 || length >= body.length + 1) throw badStream("a command has no name");
  return { is: "command", name: body.toString("latin1", 1, 1 + length), body: body.subarray(1 + length) };
}

function textUntilNul(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString("latin1", 0, end < 0 ? bytes.length : end);
}

// SPDX-License-Identifier: MIT
// Writes what a ZMTP 3.0 server says (RFC 23): its greeting, commands with their properties, and frames.
import { badStream, FLAG, GREETING_BYTES } from "./zmtp-reader.ts";

/** Version 3.0 with the mechanism NULL. In 3.0 a subscription is a message; peers of 3.1 go along. */
export function greeting(): Buffer {
  const bytes = Buffer.alloc(GREETING_BYTES);
  bytes[0] = 0xff;
  bytes[8] = 1; // as the library itself writes it for the sake of peers of version 1
  bytes[9] = 0x7f;
  bytes[10] = 3;
  bytes.write("NULL", 12, "latin1");
  return bytes;
}

/** READY, which ends the handshake. */
export function readyCommand(socketType: string): Buffer {
  const name = "Socket-Type";
  const property = Buffer.alloc(1 + name.length + 4 + socketType.length);
  property[0] = name.length;
  property.write(name, 1, "latin1");
  property.writeUInt32BE(socketType.length, 1 + name.length);
  property.write(socketType, 5 + name.length, "latin1");
  return command("READY", property);
}

/** The answer to a PING with that body: its context, without the time to live. */
export function pongCommand(ping: Buffer): Buffer {
  return command("PONG", ping.subarray(2, 18));
}

/** The properties of a READY by their names in small letters. Throws `bad_message`. */
export function propertiesOf(body: Buffer): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  for (let at = 0; at < body.length;) {
    const nameEnd = at + 1 + (body[at] ?? 0);
    if (nameEnd + 4 > body.length) throw badStream("a property is cut off");
    const end = nameEnd + 4 + body.readUInt32BE(nameEnd);
    if (end > body.length) throw badStream("a property is cut off");
    properties.set(body.toString("latin1", at + 1, nameEnd).toLowerCase(), body.toString("latin1", nameEnd + 4, end));
    at = end;
  }
  return properties;
}

/** The head of a message's frame; its body follows. */
export function frameHead(bodyBytes: number, more: boolean): Buffer {
  const flag = more ? FLAG.more : 0;
  if (bodyBytes < 0x100) return Buffer.from([flag, bodyBytes]);
  const head = Buffer.alloc(9);
  head[0] = flag | FLAG.long;
  head.writeBigUInt64BE(BigInt(bodyBytes), 1);
  return head;
}

function command(name: string, body: Buffer): Buffer {
  const length = 1 + name.length + body.length;
  return Buffer.concat([Buffer.from([FLAG.command, length, name.length]), Buffer.from(name, "latin1"), body]);
}

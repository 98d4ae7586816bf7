// SPDX-License-Identifier: MIT
// Socket.IO packets of the event `data` without parsing their JSON: digits stay as they were sent, and nothing deep is walked through.
import { Decoder, PacketType } from "socket.io-parser";

/** The payload of a `data` event as the text that was sent; nothing about it was checked. */
export class PayloadText {
  readonly json: string;

  constructor(json: string) {
    this.json = json;
  }
}

/** An event `data` of the namespace `/`, perhaps with the number of an acknowledgement. Both generations of the protocol write it so. */
const DATA = /^2(\d{0,9})\[\s*"data"\s*,/;

/** Decodes packets as the library does, but leaves the payload of `data` as text. */
export class PacketDecoder extends Decoder {
  override add(packet: unknown): void {
    const found = typeof packet === "string" ? DATA.exec(packet) : null;
    const text = found?.input.trimEnd();
    if (found === null || text?.endsWith("]") !== true) {
      super.add(packet);
      return;
    }
    const [head, number = ""] = found;
    this.emitReserved("decoded", {
      type: PacketType.EVENT,
      nsp: "/",
      data: ["data", new PayloadText(text.slice(head.length, -1))],
      ...(number === "" ? {} : { id: Number(number) }),
    });
  }
}

/** The packet of a `data` event with this payload, which is valid JSON. */
export function dataPacket(json: string): string {
  return `2["data",${json}]`;
}

// SPDX-License-Identifier: MIT
// A client of the gateway `zmq` in Node: one call at a time, as REQ sockets do it.
import { Request } from "zeromq";
import { pickle } from "../../bridge/gateways/zmq/pickle/pickle.ts";
import { unpickle } from "../../bridge/gateways/zmq/pickle/unpickle.ts";
import type { Value } from "../../bridge/model/values.ts";

/** One REQ socket. */
export class ZmqPeer {
  readonly #socket = new Request({ linger: 0 });

  /** `url` as the gateway gives it. */
  constructor(url: string) {
    this.#socket.connect(url.replace(/\?.*/, ""));
  }

  /** What the method gave; rejects with the text of what it raised. */
  async call(object: string, attribute: string, ...args: readonly Value[]): Promise<Value> {
    await this.#socket.send(pickle([object, attribute, args, {}, false]));
    const [frame = Buffer.alloc(0)] = await this.#socket.receive();
    const length = frame.readUInt16LE(1);
    const result = unpickle(frame.subarray(3 + length));
    if (unpickle(frame.subarray(3, 3 + length)) === true) return result;
    throw new Error(typeof result === "string" ? result : JSON.stringify(result));
  }

  close(): void {
    this.#socket.close();
  }
}

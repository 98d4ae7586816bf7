// SPDX-License-Identifier: MIT
// One client of the gateway: each object that it sends is a call, each reply a frame of its own, in the order of what was sent.
import type { WebSocket } from "ws";
import { toBridgeError } from "../../model/errors.ts";
import type { Json } from "../../model/values.ts";

/** Calls of one client that are under way; then it is read from no further until one is answered. */
export const MAX_WAITING = 64;

/** What may wait for a client that does not read; then it is read from no further either. */
export const QUEUE_BYTES = 1_048_576;

/** A JSON object. */
export type JsonObject = Readonly<Record<string, Json>>;

/** What a client is made of. */
export interface PeerParts {
  readonly ws: WebSocket;
  /** Carries out an object; may also throw. */
  call(value: JsonObject): Promise<Json>;
  /** Where its replies go: to it alone, or to all. */
  reply(text: string): void;
  refused(): void;
}

/** A client. Nothing that it does throws. */
export class Peer {
  readonly #parts: PeerParts;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(parts: PeerParts) {
    this.#parts = parts;
    parts.ws.on("message", (message: Buffer) => {
      this.#take(message.toString());
    });
  }

  /** Whether it reads what it is sent. */
  get keepsUp(): boolean {
    return this.#parts.ws.bufferedAmount <= QUEUE_BYTES;
  }

  send(text: string): void {
    const { ws } = this.#parts;
    if (ws.readyState !== ws.OPEN) return;
    ws.send(text, () => {
      this.#pace();
    });
  }

  #take(text: string): void {
    this.#waiting += 1;
    this.#pace();
    const answer = this.#answer(text);
    this.#last = this.#last.then(async () => {
      const { text: reply, isReply } = await answer;
      this.#waiting -= 1;
      if (isReply) this.#parts.reply(reply);
      else this.send(reply);
      this.#pace();
    });
  }

  /** The frame that a message gets; only that of an object that was carried out is a reply. Never rejects. */
  async #answer(text: string): Promise<{ readonly text: string; readonly isReply: boolean }> {
    let value: Json;
    try {
      value = JSON.parse(text) as Json;
    } catch {
      this.#parts.refused();
      return { text: `Could not deserialize the incoming message: ${text}`, isReply: false };
    }
    if (!isObject(value)) return { text: `WSHandler processed message: ${text}`, isReply: false };
    try {
      return { text: replyText(await this.#parts.call(value)), isReply: true };
    } catch (thrown) {
      this.#parts.refused();
      const { code, message, name } = toBridgeError(thrown);
      const error = code === "service_failed" ? { code, message, name } : { code, message };
      return { text: replyText({ error }), isReply: false };
    }
  }

  #pace(): void {
    const { ws } = this.#parts;
    if (this.#waiting < MAX_WAITING && this.keepsUp) ws.resume();
    else ws.pause();
  }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Apostrophes are escaped: the old notebook's callback makes quotation marks of them before it reads the JSON. */
function replyText(value: Json): string {
  return JSON.stringify(value).replaceAll("'", "\\u0027");
}

// SPDX-License-Identifier: MIT
// Reads what a bridge sends, and why it closed.
import { BridgeError, type ErrorCode } from "../../model/errors.ts";
import type { Request, ServerMessage } from "../../session/messages.ts";
import type { ProgramNote } from "../../session/program-messages.ts";

/** What a client sends as text, behind its hello. */
export type ClientMessage = Request | ProgramNote;

type Shape = Readonly<Record<string, "number" | "string" | "object">>;

/** The parts of each message without which the client cannot go on; `object` includes lists, and not null. */
const SHAPES: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ["welcome", { bridge: "object", session: "string", limits: "object" }],
  ["result", { id: "number" }],
  ["error", { error: "object" }],
  ["schema", { schema: "number", type: "string", blob: "object" }],
  [
    "stream",
    { stream: "number", channel: "string", kind: "string", epoch: "string", next: "number", subscriptions: "object" },
  ],
  ["restart", { stream: "number", epoch: "string", next: "number" }],
  ["end", { stream: "number", reason: "string" }],
  ["samples", { stream: "number" }],
  ["directory", { added: "object", changed: "object", removed: "object" }],
  ["rates", { rates: "object" }],
  ["parameter", { parameter: "string" }],
  ["log", { driver: "string", text: "string" }],
  ["notice", { code: "string", message: "string" }],
  ["sender", { sender: "number", name: "string", client: "string" }],
  ["refused", { handle: "number", first: "number", count: "number", error: "object" }],
  ["invoke", { call: "number", service: "string", args: "object", named: "object" }],
  ["abandon", { call: "number" }],
  ["adjust", { call: "number", stream: "string" }],
  ["ticket", { ticket: "string", sessions: "number" }],
]);

/** A message of the bridge; undefined for an `op` that this version does not know. Throws `bad_message`. */
export function parseMessage(text: string): ServerMessage | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch (cause) {
    throw new BridgeError("bad_message", "the bridge sent a text that is not JSON", { cause });
  }
  if (typeof message !== "object" || message === null || !("op" in message) || typeof message.op !== "string") {
    throw new BridgeError("bad_message", "the bridge sent a message without an op");
  }
  const shape = SHAPES.get(message.op);
  if (shape === undefined) return undefined;
  const fields = new Map<string, unknown>(Object.entries(message));
  for (const [name, type] of Object.entries(shape)) {
    const value = fields.get(name);
    if (typeof value !== type || value === null) {
      throw new BridgeError("bad_message", `the bridge sent "${message.op}" without "${name}"`);
    }
  }
  return message as ServerMessage;
}

const CLOSED_BY: ReadonlyMap<number, ErrorCode> = new Map<number, ErrorCode>([
  [1001, "closed"],
  [1009, "message_too_large"],
  [4400, "bad_message"],
  [4401, "unauthorized"],
  [4406, "version_mismatch"],
  [4408, "timeout"],
]);

/** Why a socket closed: from the close code, or from whether it ever opened. */
export function closeError(closed: {
  readonly code: number;
  readonly reason: string;
  readonly cause: Error | undefined;
  readonly url: string;
  readonly opened: boolean;
}): BridgeError {
  const { code, reason, cause, url, opened } = closed;
  const options = cause === undefined ? {} : { cause };
  const known = CLOSED_BY.get(code);
  if (known !== undefined) return new BridgeError(known, reason === "" ? undefined : reason, options);
  const why = cause === undefined ? "" : ` (${cause.message})`;
  if (!opened) {
    return new BridgeError("no_bridge", `no bridge answers at ${url}${why}; start one with: structwire serve`, options);
  }
  return new BridgeError("disconnected", `the connection to ${url} was lost${why}`, options);
}

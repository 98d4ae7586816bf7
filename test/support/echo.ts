// SPDX-License-Identifier: MIT
// A service that gives back what it is called with, over the wire of our own protocol.
import type { Message, WireClient } from "./wire-client.ts";

/** Exposes it; resolves when it can be called. It answers an object with `fail` with an error of that text, and one with `never` not at all. */
export async function exposeEcho(client: WireClient, service: string): Promise<void> {
  client.ws.on("message", (text: Buffer, isBinary) => {
    if (isBinary) return;
    const { op, call, args, named } = JSON.parse(text.toString()) as Message & { args: readonly unknown[] };
    if (op !== "invoke") return;
    const [value = named] = args;
    const { fail, never } = (value ?? {}) as { fail?: unknown; never?: unknown };
    if (never !== undefined) return;
    if (fail === undefined) client.say({ op: "return", call, result: value });
    else client.say({ op: "return", call, error: { name: "RangeError", message: fail } });
  });
  await client.ask({ op: "expose", services: [{ service }] });
}

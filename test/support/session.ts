// SPDX-License-Identifier: MIT
// A session over a connection in memory and a hub with one driver: for tests without sockets.
import { randomBytes } from "node:crypto";
import { javascriptCodec } from "../../bridge/layout/javascript.ts";
import { Describer } from "../../bridge/session/describe.ts";
import { Gate } from "../../bridge/session/gate.ts";
import type { BridgeParts } from "../../bridge/session/operations.ts";
import type { Preset } from "../../bridge/session/preset-messages.ts";
import type { PresetStore } from "../../bridge/session/presets.ts";
import { Session } from "../../bridge/session/session.ts";
import { Bench } from "./hub.ts";
import { MemoryConnection } from "./memory-connection.ts";

export const TOKEN = "the-token-of-this-test";

/** Presets that are kept nowhere. */
class MemoryPresets implements PresetStore {
  readonly presets: Map<string, Preset> = new Map<string, Preset>();

  keep(preset: Preset): void {
    this.presets.set(preset.preset, preset);
  }

  forget(name: string): void {
    this.presets.delete(name);
  }
}

/** A hub with `motor` in it, and sessions of it. */
export class SessionBench extends Bench {
  readonly codec = javascriptCodec();
  readonly parts: BridgeParts = {
    hub: this.hub,
    codec: this.codec,
    gate: new Gate(TOKEN, randomBytes(32)),
    describer: new Describer(this.codec),
    presets: new MemoryPresets(),
    status: () => `{"name":"test"}`,
  };

  /** A session that has said nothing yet. */
  open(queueBytes = 2_097_152): Client {
    const connection = new MemoryConnection();
    const session = new Session({
      id: "s1",
      connection,
      bridge: this.parts,
      identity: { id: "b1", name: "test", version: "0.1.0", pid: 1, started: 0 },
      queueBytes,
      log: () => undefined,
    });
    return new Client(session, connection);
  }

  /** A session whose hello was accepted. */
  enter(token = TOKEN, queueBytes?: number): Client {
    const client = this.open(queueBytes);
    client.say({ op: "hello", version: 1, token });
    client.connection.texts();
    return client;
  }
}

/** The client's end of a session. */
export class Client {
  readonly session: Session;
  readonly connection: MemoryConnection;
  #id = 0;

  constructor(session: Session, connection: MemoryConnection) {
    this.session = session;
    this.connection = connection;
  }

  say(message: unknown): void {
    this.session.text(JSON.stringify(message));
  }

  /** Sends a request and gives the messages that came at once; the answer is among them unless it takes time. */
  ask(body: Record<string, unknown>): Record<string, unknown>[] {
    this.#id += 1;
    this.say({ id: this.#id, ...body });
    return this.connection.texts();
  }

  /** Sends a request that is answered at once with a result. */
  result(body: Record<string, unknown>): Record<string, unknown> {
    const [answer] = this.ask(body);
    if (answer?.["op"] !== "result") throw new Error(`no result: ${JSON.stringify(answer)}`);
    return answer["result"] as Record<string, unknown>;
  }

  /** Sends a request that is answered at once with an error; gives its code. */
  code(body: Record<string, unknown>): string {
    const [answer] = this.ask(body);
    return codeOf(answer);
  }
}

export function codeOf(answer: Record<string, unknown> | undefined): string {
  if (answer?.["op"] !== "error") throw new Error(`no error: ${JSON.stringify(answer)}`);
  return (answer["error"] as { code: string }).code;
}

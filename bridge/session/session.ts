// SPDX-License-Identifier: MIT
// One client's conversation: admits it by its token, answers each request once, and ends with everything that it held.
import type { Cancel, Clock } from "../hub/ports.ts";
import { Readership } from "../hub/readership.ts";
import { recordBytes } from "../layout/record.ts";
import { BridgeError, closeCode, toBridgeError } from "../model/errors.ts";
import type { Access } from "./access.ts";
import type { Connection } from "./connection.ts";
import { PROTOCOL_VERSION, type Welcome } from "./messages.ts";
import { MAX_SUBSCRIPTIONS, Operations, type BridgeParts } from "./operations.ts";
import { Outbox, type OutboxCounts } from "./outbox.ts";
import { readHello, readRequest, type CheckedRequest } from "./requests.ts";
import { StreamWriter } from "./stream-writer.ts";
import { Watcher } from "./watcher.ts";

/** The first message must have come within this. */
export const HELLO_MS = 10_000;

/** The largest message, and the most that is read before the hello is accepted. */
export const MAX_MESSAGE_BYTES = 1_048_576;
export const MAX_HELLO_MESSAGE_BYTES = 65_536;

/** Bytes that may be on their way to a client that acknowledges them. */
export const WINDOW_BYTES = 1_048_576;

/** Requests of one session that wait for their answer. */
export const MAX_REQUESTS = 256;

/** What a session is given. */
export interface SessionOptions {
  readonly id: string;
  readonly connection: Connection;
  readonly bridge: BridgeParts;
  readonly identity: Welcome["bridge"];
  readonly queueBytes: number;
  /** Tells the daemon's log why a session was ended, and of faults of the bridge itself. */
  log(level: "debug" | "error", text: string, error?: BridgeError): void;
}

/** How a session stands. */
export interface SessionState {
  readonly session: string;
  readonly client: string;
  readonly access: "none" | "full" | "ticket";
  readonly subscriptions: number;
  readonly streams: number;
  readonly queueBytes: number;
  readonly sent: OutboxCounts;
}

/** A session. The gateway calls `text`, `binary`, `refuse` and, once, `ended`; none of them throws. */
export class Session {
  readonly id: string;
  readonly #options: SessionOptions;
  readonly #clock: Clock;
  readonly #outbox: Outbox;
  /** The requests that are under way, each with what cancels it where it can be. */
  readonly #pending = new Map<number, AbortController | undefined>();
  #client = "";
  #admitted: { readonly access: Access; readonly readership: Readership; readonly watcher: Watcher } | undefined;
  #operations: Operations | undefined;
  #cancelTimer: Cancel;
  #failed = false;
  #closed = false;

  constructor(options: SessionOptions) {
    this.id = options.id;
    this.#options = options;
    this.#clock = options.bridge.hub.clock;
    this.#outbox = new Outbox({
      connection: options.connection,
      clock: this.#clock,
      queueBytes: options.queueBytes,
      onStuck: () => {
        this.#fail(new BridgeError("timeout", "the client has not read for too long"));
      },
      onRelief: () => {
        this.#admitted?.watcher.relieve();
      },
    });
    this.#cancelTimer = this.#clock.after(HELLO_MS, () => {
      this.#fail(new BridgeError("timeout", "no hello came in time"));
    });
  }

  /** Whether its hello was accepted. */
  get admitted(): boolean {
    return this.#admitted !== undefined;
  }

  get state(): SessionState {
    const access = this.#admitted?.access;
    return {
      session: this.id,
      client: this.#client,
      access: access === undefined ? "none" : access.full ? "full" : "ticket",
      subscriptions: this.#admitted?.readership.size ?? 0,
      streams: this.#admitted?.readership.streamCount ?? 0,
      queueBytes: this.#options.connection.bufferedBytes,
      sent: { ...this.#outbox.counts },
    };
  }

  /** A text message came. */
  text(message: string): void {
    if (this.#closed) return;
    try {
      if (this.#operations === undefined) this.#hello(message);
      else this.#request(this.#operations, message);
    } catch (thrown) {
      this.#fail(toBridgeError(thrown));
    }
  }

  /** A binary message came. No record of a client means anything yet. */
  binary(message: Uint8Array): void {
    if (this.#closed) return;
    try {
      if (this.#operations === undefined) throw new BridgeError("bad_message", "the first message must be a hello");
      if (recordBytes(message) > message.byteLength) throw new BridgeError("bad_record");
      this.#answerError(undefined, new BridgeError("unsupported", "this bridge takes no binary messages"));
    } catch (thrown) {
      const cause = toBridgeError(thrown);
      this.#fail(cause.code === "bad_record" ? new BridgeError("bad_message", "a binary message is no record") : cause);
    }
  }

  /** The client broke a rule that the gateway keeps: it is told, and the session ends. */
  refuse(error: BridgeError): void {
    this.#fail(error);
  }

  /** The connection is gone. */
  ended(): void {
    this.#release();
  }

  /** Ends it from the bridge's side. */
  close(error: BridgeError): void {
    if (this.#closed) return;
    this.#release();
    this.#options.connection.close(closeCode(error.code), error.code);
  }

  #hello(message: string): void {
    if (message.length > MAX_HELLO_MESSAGE_BYTES) throw new BridgeError("message_too_large");
    const { version, token, client } = readHello(message);
    if (version !== PROTOCOL_VERSION) {
      const text = `this bridge speaks version ${String(PROTOCOL_VERSION)} of the client protocol, not ${String(version)}`;
      throw new BridgeError("version_mismatch", text);
    }
    const { bridge, identity, id } = this.#options;
    const access = bridge.gate.admit(token, this.#clock.now());
    if (access === undefined) {
      const wrong = token === "" ? "no token was given" : "the token is wrong or its time is over";
      throw new BridgeError("unauthorized", `${wrong}; take the whole link that the bridge printed last`);
    }
    this.#client = client ?? "";
    this.#admit(access);
    const welcome: Welcome = {
      op: "welcome",
      version: PROTOCOL_VERSION,
      session: id,
      bridge: identity,
      time: this.#clock.now(),
      limits: { messageBytes: MAX_MESSAGE_BYTES, subscriptions: MAX_SUBSCRIPTIONS, windowBytes: WINDOW_BYTES },
    };
    this.#outbox.control(JSON.stringify(welcome));
  }

  #admit(access: Access): void {
    const { bridge } = this.#options;
    this.#cancelTimer();
    if (access.expires !== null) {
      this.#cancelTimer = this.#clock.after(Math.max(0, access.expires - this.#clock.now()), () => {
        this.#fail(new BridgeError("unauthorized", "the ticket's time is over"));
      });
    }
    const writer: StreamWriter = new StreamWriter(this.#outbox, bridge.describer, () => readership);
    const readership: Readership = new Readership(bridge.hub, writer, (name) => access.channel(name));
    const watcher = new Watcher(bridge.hub, this.#outbox, bridge.describer, access);
    this.#admitted = { access, readership, watcher };
    this.#operations = new Operations(bridge, {
      access,
      readership,
      watcher,
      cancel: (request) => {
        const stop = this.#pending.get(request);
        stop?.abort();
        return stop !== undefined;
      },
    });
  }

  #request(operations: Operations, message: string): void {
    const received = readRequest(message);
    if ("error" in received) {
      const inUse = received.id !== undefined && this.#pending.has(received.id);
      this.#answerError(inUse ? undefined : received.id, received.error);
      return;
    }
    const { request } = received;
    if (this.#pending.has(request.id)) {
      this.#answerError(undefined, new BridgeError("bad_message", `the id ${String(request.id)} is in use`));
      return;
    }
    this.#run(operations, request);
  }

  #run(operations: Operations, request: CheckedRequest): void {
    const { id } = request;
    if (this.#pending.size >= MAX_REQUESTS) {
      this.#answerError(id, new BridgeError("busy", `${String(MAX_REQUESTS)} requests of this session wait already`));
      return;
    }
    const stop = request.op === "call" ? new AbortController() : undefined;
    try {
      const outcome = operations.run(request, stop?.signal);
      if (!(outcome instanceof Promise)) {
        this.#answer(id, outcome.json);
        outcome.after?.();
        return;
      }
      this.#pending.set(id, stop);
      outcome.then(
        ({ json }) => {
          this.#pending.delete(id);
          this.#answer(id, json);
        },
        (thrown: unknown) => {
          this.#pending.delete(id);
          this.#answerError(id, toBridgeError(thrown));
        },
      );
    } catch (thrown) {
      this.#answerError(id, toBridgeError(thrown));
    }
  }

  #answer(id: number, json: string): void {
    if (!this.#closed) this.#outbox.control(`{"op":"result","id":${String(id)},"result":${json}}`);
  }

  #answerError(id: number | undefined, error: BridgeError): void {
    if (this.#closed) return;
    if (error.code === "internal") this.#options.log("error", `session ${this.id}: a fault of the bridge`, error);
    const body = {
      op: "error",
      ...(id === undefined ? {} : { id }),
      error: { code: error.code, message: error.message },
    };
    this.#outbox.control(JSON.stringify(body));
  }

  /** Tells the client and ends the session. */
  #fail(error: BridgeError): void {
    if (this.#closed || this.#failed) return;
    this.#failed = true; // telling the client may fail in its turn
    this.#answerError(undefined, error);
    this.#options.log("debug", `session ${this.id} closed`, error);
    this.close(error);
  }

  #release(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelTimer();
    this.#admitted?.readership.close();
    this.#admitted?.watcher.close();
    for (const stop of this.#pending.values()) stop?.abort();
    this.#pending.clear();
    this.#outbox.close();
  }
}

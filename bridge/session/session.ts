// SPDX-License-Identifier: MIT
// One client's conversation: admits it by its token, answers each request once, and ends with everything that it held.
import type { Cancel, Clock } from "../hub/ports.ts";
import type { ProvidedCounts } from "../hub/provider.ts";
import { Readership } from "../hub/readership.ts";
import { readAck, readCall, readCancel, readSet, writeReply } from "../layout/link-records.ts";
import { splitMessage } from "../layout/record.ts";
import { RECORD_BATCH } from "../model/batch.ts";
import { LINK_RECORD } from "../model/client-link.ts";
import { BridgeError, closeCode, toBridgeError } from "../model/errors.ts";
import type { LossReason } from "../model/values.ts";
import type { Access } from "./access.ts";
import type { Connection } from "./connection.ts";
import { PROTOCOL_VERSION, type Welcome } from "./messages.ts";
import { FastPath } from "./fast-path.ts";
import { MAX_SUBSCRIPTIONS, Operations, type BridgeParts, type Outcome } from "./operations.ts";
import { Outbox, type OutboxCounts } from "./outbox.ts";
import { Pending } from "./pending.ts";
import { Publishing, type PublishedCounts } from "./publishing.ts";
import { readHello, readRequest, type CheckedRequest } from "./requests.ts";
import { errorBody } from "./returns.ts";
import { Seat } from "./seat.ts";
import { ProviderWire } from "./provider-wire.ts";
import { StreamWriter } from "./stream-writer.ts";
import { Watcher } from "./watcher.ts";
import { WINDOW_BYTES } from "./window.ts";

/** The first message must have come within this. */
export const HELLO_MS = 10_000;

/** The largest message (a sample of 1 MiB in base64 has room in it), and the most that is read before the hello is accepted. */
export const MAX_MESSAGE_BYTES = 2_097_152;
export const MAX_HELLO_MESSAGE_BYTES = 65_536;

/** Records of one message that could not be carried out and are answered, each for itself; a few bytes make one, and its answer costs far more. */
export const MAX_MISTAKES = 4096;

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
  /** What it published itself. */
  readonly published: PublishedCounts;
  readonly provides: ProvidedCounts;
  /** Samples that it was due and did not get. */
  readonly lost: { readonly [Reason in LossReason]?: number };
}

/** What a session has from its hello on. */
interface Admitted {
  readonly access: Access;
  readonly readership: Readership;
  readonly watcher: Watcher;
  readonly fastPath: FastPath;
  readonly publishing: Publishing;
  readonly seat: Seat;
}

/** A session. The gateway calls `text`, `binary`, `refuse` and, once, `ended`; none of them throws. */
export class Session {
  readonly id: string;
  readonly #options: SessionOptions;
  readonly #clock: Clock;
  readonly #outbox: Outbox;
  readonly #pending = new Pending((id, error) => {
    this.#answerError(id, error);
  });
  #client = "";
  #admitted: Admitted | undefined;
  #operations: Operations | undefined;
  #cancelTimer: Cancel;
  #leaveTicket: Cancel = () => undefined;
  /** Records of the message that is being read that could not be carried out. */
  #mistakes = 0;
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
    const sent = this.#outbox.counts;
    return {
      session: this.id,
      client: this.#client,
      access: access === undefined ? "none" : access.full ? "full" : "ticket",
      subscriptions: this.#admitted?.readership.size ?? 0,
      streams: this.#admitted?.readership.streamCount ?? 0,
      queueBytes: this.#options.connection.bufferedBytes + sent.queuedBytes,
      sent,
      published: this.#admitted?.publishing.counts ?? { published: 0, refused: 0, open: 0 },
      provides: this.#admitted?.seat.counts ?? { services: 0, streams: 0, waiting: 0 },
      lost: { ...this.#outbox.ledger.lost },
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

  /** A binary message came: records of the fast path. */
  binary(message: Uint8Array): void {
    if (this.#closed) return;
    try {
      if (this.#admitted === undefined) throw new BridgeError("bad_message", "the first message must be a hello");
      if (message.length === 0) throw new BridgeError("bad_message", "a binary message is no record; it is empty");
      this.#mistakes = 0;
      for (const record of splitMessage(message)) {
        this.#record(this.#admitted, record);
        if (this.#mistakes > MAX_MISTAKES) {
          const text = `more than ${String(MAX_MISTAKES)} records of a message cannot be carried out`;
          throw new BridgeError("bad_message", text);
        }
      }
    } catch (thrown) {
      const cause = toBridgeError(thrown);
      const text = `a binary message is no record; ${cause.message}`;
      this.#fail(cause.code === "bad_record" ? new BridgeError("bad_message", text, { cause }) : cause);
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
    const { version, token, client, acks } = readHello(message);
    if (version !== PROTOCOL_VERSION) {
      const text = `this bridge speaks version ${String(PROTOCOL_VERSION)} of the client protocol, not ${String(version)}`;
      throw new BridgeError("version_mismatch", text);
    }
    const { bridge, identity, id } = this.#options;
    const entry = bridge.gate.enter(token, this.#clock.now());
    if (entry === undefined) {
      const wrong = token === "" ? "no token was given" : "the token is wrong, used up or its time is over";
      throw new BridgeError("unauthorized", `${wrong}; take the whole link that the bridge printed last`);
    }
    this.#client = client ?? "";
    if (acks === true) this.#outbox.expectAcks();
    this.#admit(entry.access, token);
    const welcome: Welcome = {
      op: "welcome",
      version: PROTOCOL_VERSION,
      session: id,
      bridge: identity,
      time: this.#clock.now(),
      limits: { messageBytes: MAX_MESSAGE_BYTES, subscriptions: MAX_SUBSCRIPTIONS, windowBytes: WINDOW_BYTES },
      ...(entry.ticket === undefined ? {} : { ticket: entry.ticket }),
    };
    this.#outbox.control(JSON.stringify(welcome));
  }

  #admit(access: Access, token: string): void {
    const { bridge } = this.#options;
    this.#cancelTimer();
    if (!access.full) this.#leaveTicket = bridge.gate.sessions.enter(token);
    if (access.expires !== null) {
      this.#cancelTimer = this.#clock.after(Math.max(0, access.expires - this.#clock.now()), () => {
        this.#fail(new BridgeError("unauthorized", "the ticket's time is over"));
      });
    }
    const { hub, codec, describer } = bridge;
    const publishing = new Publishing({ hub, codec, access, name: this.id, client: this.#client });
    const writer: StreamWriter = new StreamWriter({
      outbox: this.#outbox,
      describer,
      senders: hub.senders,
      own: publishing.senders,
      readership: () => readership,
    });
    const readership: Readership = new Readership(bridge.hub, writer, (name) => access.channel(name));
    const watcher = new Watcher(bridge.hub, this.#outbox, bridge.describer, access, bridge.gate.sessions);
    const fastPath = new FastPath(bridge.hub, access, (entry) => {
      writer.tellSchema(entry);
    });
    const identity = { name: this.id, client: this.#client };
    const seat = new Seat(hub, identity, new ProviderWire(this.#options.connection, this.#outbox));
    this.#admitted = { access, readership, watcher, fastPath, publishing, seat };
    this.#operations = new Operations(bridge, {
      access,
      readership,
      watcher,
      fastPath,
      publishing,
      seat,
      ledger: () => {
        readership.flush();
        return { streams: this.#outbox.entries((stream) => readership.subscriptionsOf(stream)) };
      },
      cancel: (request) => this.#pending.cancel(request),
    });
  }

  #record({ fastPath, publishing }: Admitted, record: Uint8Array): void {
    switch (record[4]) {
      case RECORD_BATCH: {
        const refused = publishing.take(record);
        if (refused === undefined) return;
        this.#mistakes += 1;
        this.#outbox.control(JSON.stringify(refused));
        return;
      }
      case LINK_RECORD.ack:
        this.#outbox.acknowledge(readAck(record));
        return;
      case LINK_RECORD.cancel:
        this.#pending.cancel(readCancel(record));
        return;
      case LINK_RECORD.set: {
        const set = readSet(record);
        if (!this.#pending.refuses(set.id)) this.#pending.wait(set.id, fastPath.set(set), this.#answerRecord);
        return;
      }
      case LINK_RECORD.call: {
        const call = readCall(record);
        if (this.#pending.refuses(call.id)) return;
        this.#pending.attempt(call.id, () => {
          const { answer, cancel } = fastPath.call(call);
          const reply = (value: Uint8Array): void => {
            this.#answerRecord(writeReply(call.id, value));
          };
          this.#pending.wait(call.id, answer, reply, cancel);
        });
        return;
      }
      default: {
        const text = `a client does not send records of type ${String(record[4])}`;
        this.#answerError(undefined, new BridgeError("unsupported", text));
      }
    }
  }

  readonly #answerRecord = (answer: Uint8Array): void => {
    if (!this.#closed) this.#outbox.controlRecord(answer);
  };

  #request(operations: Operations, message: string): void {
    const received = readRequest(message);
    if ("error" in received) {
      const inUse = received.id !== undefined && this.#pending.has(received.id);
      this.#answerError(inUse ? undefined : received.id, received.error);
      return;
    }
    if ("returned" in received) {
      const { returned } = received;
      this.#pending.attempt(undefined, () => this.#admitted?.seat.returned(returned));
    } else if (!this.#pending.refuses(received.request.id)) {
      this.#run(operations, received.request);
    }
  }

  #run(operations: Operations, request: CheckedRequest): void {
    const { id } = request;
    this.#pending.attempt(id, () => {
      const outcome = operations.run(request);
      if ("json" in outcome) {
        this.#answer(id, outcome);
        outcome.after?.();
        return;
      }
      const answer = (value: Outcome): void => {
        this.#answer(id, value);
      };
      if (outcome instanceof Promise) this.#pending.wait(id, outcome, answer);
      else this.#pending.wait(id, outcome.answer, answer, outcome.cancel);
    });
  }

  #answer(id: number, { json, overtakes }: Outcome): void {
    if (this.#closed) return;
    const text = `{"op":"result","id":${String(id)},"result":${json}}`;
    if (overtakes === true) this.#outbox.control(text);
    else this.#outbox.controlInTurn(text);
  }

  #answerError(id: number | undefined, error: BridgeError): void {
    this.#mistakes += 1;
    if (this.#closed) return;
    if (error.code === "internal") this.#options.log("error", `session ${this.id}: a fault of the bridge`, error);
    const body = {
      op: "error",
      ...(id === undefined ? {} : { id }),
      error: errorBody(error),
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
    this.#leaveTicket();
    this.#admitted?.readership.close();
    this.#admitted?.watcher.close();
    this.#admitted?.publishing.end();
    this.#admitted?.seat.leave();
    this.#pending.close();
    this.#outbox.close();
  }
}

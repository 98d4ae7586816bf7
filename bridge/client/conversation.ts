// SPDX-License-Identifier: MIT
// One client's conversation with its bridge: a link that mends itself, the requests on it, and all that is kept going across its connections.
import { readReply, readValue } from "../layout/link-records.ts";
import { recordType, splitMessage } from "../layout/record.ts";
import { LINK_RECORD } from "../model/client-link.ts";
import { BridgeError } from "../model/errors.ts";
import type { RequestBody, Welcome } from "../session/messages.ts";
import { DirectoryWatch } from "./directory-watch.ts";
import { Listeners, type ClientState } from "./events.ts";
import type { FastPath } from "./fast/fast-path.ts";
import { Subscriptions } from "./flow/subscriptions.ts";
import { hear, type Hearing } from "./hearing.ts";
import { KeptThings } from "./kept/kept.ts";
import type { ClockOffset } from "./link/bridge-clock.ts";
import { pageUrl } from "./link/endpoint.ts";
import { Heartbeat } from "./link/heartbeat.ts";
import { newLife, type Life } from "./link/life.ts";
import { Link, type LinkOptions } from "./link/link.ts";
import { errorOf, Requests, type Arrival, type Asked } from "./link/requests.ts";
import type { Endpoint, Platform } from "./link/transport.ts";
import { LogLines } from "./log-lines.ts";
import { Offering } from "./offering.ts";
import { TicketWatches } from "./ticket-watches.ts";

export class Conversation {
  readonly listeners: Listeners = new Listeners();
  readonly requests: Requests;
  readonly kept: KeptThings = new KeptThings();
  readonly subscriptions: Subscriptions;
  readonly directory: DirectoryWatch;
  readonly logs: LogLines;
  readonly offering: Offering;
  readonly tickets: TicketWatches;
  readonly #platform: Platform;
  readonly #timeoutMs: number;
  readonly #link: Link;
  readonly #heartbeat: Heartbeat;
  readonly #hearing: Hearing;
  /** Of the connection that holds, or held last. */
  #life: Life;
  #state: ClientState = "connecting";
  #welcome: Welcome | undefined;
  #endpoint: Endpoint | undefined;

  constructor(platform: Platform, options: LinkOptions) {
    this.#platform = platform;
    this.#timeoutMs = options.timeoutMs;
    this.requests = new Requests({
      send: (request) => {
        this.#link.send(request);
      },
      sendRecord: (record) => {
        this.#link.sendRecord(record);
      },
    });
    this.#life = this.#newLife("");
    const ask = (body: RequestBody, arrival?: Arrival): Promise<unknown> =>
      this.ask(body, this.#timeoutMs, arrival).answer;
    this.subscriptions = new Subscriptions({
      ask,
      latency: (book) => (this.#life.clock.offset === undefined ? undefined : book.read(this.#life.clock.offset)),
      streams: () => this.#life.streams,
    });
    this.directory = new DirectoryWatch({ ask, listeners: this.listeners });
    this.logs = new LogLines({ ask, listeners: this.listeners });
    this.tickets = new TicketWatches({ ask });
    this.offering = new Offering({
      ask,
      platform,
      kept: this.kept,
      listeners: this.listeners,
      list: () => this.directory.list("list"),
      send: (note) => {
        this.#link.send(note);
      },
      sendRecord: (record) => {
        this.#link.sendRecord(record);
      },
      unsentBytes: () => this.#link.unsentBytes,
      bridgeTimeNs: () => this.#life.clock.bridgeTimeNs(),
    });
    for (const thing of [this.subscriptions, this.directory, this.logs, this.tickets, this.offering])
      this.kept.add(thing);
    this.#hearing = {
      ...this.#hears(),
      ...this.directory.hears,
      ...this.logs.hears,
      ...this.tickets.hears,
      ...this.offering.hears,
    };
    this.#heartbeat = new Heartbeat({
      ping: (timeoutMs) => this.ask({ op: "ping" }, timeoutMs).answer,
      dead: () => {
        this.#link.abort();
      },
    });
    this.#link = this.#newLink(options);
  }

  get state(): ClientState {
    return this.#state;
  }

  get bridge(): Welcome["bridge"] {
    if (this.#welcome === undefined) throw new BridgeError("disconnected", "the client was never connected");
    return this.#welcome.bridge;
  }

  /** In place of a one-time ticket. */
  get successor(): string | undefined {
    return this.#welcome?.ticket;
  }

  get url(): string {
    return this.#endpoint === undefined ? "" : pageUrl(this.#endpoint);
  }

  /** Sets and calls without JSON, on the connection that holds. */
  get fast(): FastPath | undefined {
    return this.#state === "open" ? this.#life.fast : undefined;
  }

  open(): Promise<void> {
    return this.#link.open();
  }

  /** Asks the bridge; without a connection the answer is rejected at once. */
  ask(body: RequestBody, timeoutMs: number = this.#timeoutMs, arrival?: Arrival): Asked {
    const asked = this.requests.ask(body, timeoutMs, arrival);
    if (this.#state === "closed") this.requests.fail(asked.id, new BridgeError("closed", "the client is closed"));
    else if (!this.#link.isOpen)
      this.requests.fail(asked.id, new BridgeError("disconnected", "there is no connection to the bridge now"));
    return asked;
  }

  /** Sends one binary message; does nothing without a connection. */
  sendRecord(record: Uint8Array): void {
    this.#link.sendRecord(record);
  }

  /** Bytes that were sent and that the system has not taken. */
  get unsentBytes(): number {
    return this.#link.unsentBytes;
  }

  clock(): Promise<ClockOffset> {
    return this.#life.clock.measure();
  }

  async close(): Promise<void> {
    if (this.#state === "closed") return;
    this.#ended();
    this.kept.finish();
    this.requests.failAll(new BridgeError("closed", "the client was closed"));
    await this.#link.close();
    this.listeners.tell("state", { state: "closed" });
  }

  #newLife(session: string): Life {
    return newLife({
      session,
      platform: this.#platform,
      requests: this.requests,
      timeoutMs: this.#timeoutMs,
      link: () => this.#link,
      ask: (body, arrival) => this.ask(body, this.#timeoutMs, arrival),
    });
  }

  #newLink(options: LinkOptions): Link {
    return new Link(this.#platform, options, {
      opened: (welcome, endpoint) => {
        this.#opened(welcome, endpoint);
      },
      message: (message) => {
        this.#heartbeat.heard();
        hear(this.#hearing, message);
      },
      records: (bytes) => {
        this.#heartbeat.heard();
        this.#records(bytes);
      },
      lost: (error, retryMs) => {
        this.#lost(error, retryMs);
      },
    });
  }

  #ended(): void {
    this.#state = "closed";
    this.#heartbeat.stop();
  }

  #opened(welcome: Welcome, endpoint: Endpoint): void {
    this.#life = this.#newLife(welcome.session);
    this.#welcome = welcome;
    this.#endpoint = endpoint;
    this.#state = "open";
    this.#platform.release(this.#heartbeat.start());
    this.kept.connected();
    this.listeners.tell("state", { state: "open" });
  }

  /** Answers of the fast path come in a message of their own. */
  #records(message: Uint8Array): void {
    const type = recordType(message);
    if (type !== LINK_RECORD.value && type !== LINK_RECORD.reply) {
      this.#life.streams.records(message);
      return;
    }
    for (const record of splitMessage(message)) {
      const id = type === LINK_RECORD.value ? readValue(record).set : readReply(record).call;
      this.requests.succeed(id, record);
    }
  }

  #lost(error: BridgeError, retryMs: number | undefined): void {
    this.#heartbeat.stop();
    this.#state = "connecting";
    this.kept.disconnected();
    const pending = ["closed", "timeout", "bad_record"].includes(error.code)
      ? error.message
      : "the connection was lost";
    this.requests.failAll(new BridgeError("disconnected", `${pending} before the answer came`, { cause: error }));
    if (retryMs === undefined) {
      this.#ended();
      this.kept.finish(error);
      this.listeners.tell("state", { state: "closed", error });
    } else {
      this.listeners.tell("state", { state: "connecting", error, retryMs });
    }
  }

  #hears(): Hearing {
    return {
      result: ({ id, result }) => {
        this.requests.succeed(id, result);
      },
      error: ({ id, error }) => {
        if (id === undefined) this.listeners.tell("notice", errorOf(error));
        else this.requests.refuse(id, errorOf(error));
      },
      notice: ({ code, message }) => {
        this.listeners.tell("notice", { code, message });
      },
      schema: (message) => {
        this.#life.streams.schema(message);
      },
      sender: (message) => {
        this.#life.streams.sender(message);
      },
      stream: (message) => {
        this.#life.streams.stream(message);
      },
      restart: (message) => {
        this.#life.streams.restart(message);
      },
      end: (message) => {
        this.#life.streams.end(message);
      },
    };
  }
}

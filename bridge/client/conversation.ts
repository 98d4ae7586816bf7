// SPDX-License-Identifier: MIT
// What a client keeps going across connections: its requests, subscriptions, directory, logs and listeners.
import { readReply, readValue } from "../layout/link-records.ts";
import { recordType, splitMessage } from "../layout/record.ts";
import { LINK_RECORD } from "../model/client-link.ts";
import { BridgeError } from "../model/errors.ts";
import type {
  Directory,
  LogEvent,
  ParameterEntry,
  RateLine,
  RequestBody,
  ServerMessage,
  Welcome,
} from "../session/messages.ts";
import { applyChange, compareDirectories, EMPTY_DIRECTORY } from "./directory-cache.ts";
import { pageUrl } from "./link/endpoint.ts";
import { FastPath } from "./fast/fast-path.ts";
import { Listeners, type ClientState, type ParameterEvent } from "./events.ts";
import { BridgeClock, programClock, type ClockOffset } from "./link/bridge-clock.ts";
import { Heartbeat } from "./link/heartbeat.ts";
import { Link, type LinkOptions } from "./link/link.ts";
import { errorOf, Requests, type Arrival, type Asked } from "./link/requests.ts";
import { Streams } from "./flow/streams.ts";
import { Subscriptions } from "./flow/subscriptions.ts";
import type { Endpoint, Platform } from "./link/transport.ts";

/** As many log lines are remembered to tell those that a reconnect repeats; the bridge repeats 200. */
const REMEMBERED_LOGS = 400;

/** The driver has this long after the bridge's own timeout to have its answer here. */
export const GRACE_MS = 2_000;

export class Conversation {
  readonly listeners: Listeners = new Listeners();
  readonly requests: Requests;
  readonly subscriptions: Subscriptions;
  readonly #platform: Platform;
  readonly #timeoutMs: number;
  readonly #link: Link;
  readonly #heartbeat: Heartbeat;
  #streams: Streams;
  /** Of the connection that holds, or held last. */
  #clock: BridgeClock;
  #fast: FastPath | undefined;
  #state: ClientState = "connecting";
  #welcome: Welcome | undefined;
  #endpoint: Endpoint | undefined;
  #directory: Directory = EMPTY_DIRECTORY;
  #watching = false;
  #logging = false;
  readonly #seenLogs = new Set<string>();

  constructor(platform: Platform, options: LinkOptions) {
    this.#platform = platform;
    this.#timeoutMs = options.timeoutMs;
    this.#streams = this.#newStreams();
    this.#clock = this.#newClock();
    this.requests = new Requests({
      send: (request) => {
        this.#link.send(request);
      },
      sendRecord: (record) => {
        this.#link.sendRecord(record);
      },
    });
    this.subscriptions = new Subscriptions({
      ask: (body, arrival) => this.ask(body, this.#timeoutMs, arrival).answer,
      latency: (book) => (this.#clock.offset === undefined ? undefined : book.read(this.#clock.offset)),
    });
    this.#heartbeat = new Heartbeat({
      ping: (timeoutMs) => this.ask({ op: "ping" }, timeoutMs).answer,
      dead: () => {
        this.#link.abort();
      },
    });
    this.#link = new Link(platform, options, {
      opened: (welcome, endpoint) => {
        this.#streams = this.#newStreams();
        this.#clock = this.#newClock();
        this.#fast = this.#newFastPath(this.#streams);
        this.#opened(welcome, endpoint);
      },
      message: (message) => {
        this.#heartbeat.heard();
        this.#message(message);
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

  get state(): ClientState {
    return this.#state;
  }

  get bridge(): Welcome["bridge"] {
    if (this.#welcome === undefined) throw new BridgeError("disconnected", "the client was never connected");
    return this.#welcome.bridge;
  }

  get url(): string {
    return this.#endpoint === undefined ? "" : pageUrl(this.#endpoint);
  }

  get directory(): Directory {
    return this.#directory;
  }

  /** Sets and calls without JSON, on the connection that holds. */
  get fast(): FastPath | undefined {
    return this.#fast;
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

  list(op: "list" | "watch"): Promise<Directory> {
    return this.#list(op, () => undefined);
  }

  clock(): Promise<ClockOffset> {
    return this.#clock.measure();
  }

  async logs(): Promise<void> {
    await this.ask({ op: "logs" }).answer;
    this.#logging = true;
  }

  async close(): Promise<void> {
    if (this.#state === "closed") return;
    this.#ended();
    this.subscriptions.finish();
    this.requests.failAll(new BridgeError("closed", "the client was closed"));
    await this.#link.close();
    this.listeners.tell("state", { state: "closed" });
  }

  #newStreams(): Streams {
    return new Streams({
      codec: () => this.#platform.codec(),
      now: programClock,
      stamped: () => {
        this.#clock.refresh();
      },
    });
  }

  #newClock(): BridgeClock {
    return new BridgeClock({ ping: () => this.ask({ op: "ping" }).answer, now: programClock });
  }

  #newFastPath(streams: Streams): FastPath {
    return new FastPath({
      timeoutMs: this.#timeoutMs,
      ask: (body, arrived) => this.ask(body, this.#timeoutMs, { arrived }).answer,
      askRecord: (op, write) => this.requests.askRecord(op, write, this.#timeoutMs + GRACE_MS),
      sendRecord: (record) => {
        this.#link.sendRecord(record);
      },
      fail: (id, error) => {
        this.requests.fail(id, error);
      },
      layout: (schema) => streams.layout(schema),
      codec: () => this.#platform.codec(),
    });
  }

  #ended(): void {
    this.#state = "closed";
    this.#fast = undefined;
    this.#heartbeat.stop();
  }

  #opened(welcome: Welcome, endpoint: Endpoint): void {
    this.#welcome = welcome;
    this.#endpoint = endpoint;
    this.#state = "open";
    this.#platform.release(this.#heartbeat.start());
    this.subscriptions.connected(this.#streams);
    // A failure here is the connection's own, which is told and mended by itself.
    if (this.#watching) this.#watchAgain().catch(() => undefined);
    if (this.#logging) this.logs().catch(() => undefined);
    this.listeners.tell("state", { state: "open" });
  }

  /** Answers of the fast path come in a message of their own. */
  #records(message: Uint8Array): void {
    const type = recordType(message);
    if (type !== LINK_RECORD.value && type !== LINK_RECORD.reply) {
      this.#streams.records(message);
      return;
    }
    for (const record of splitMessage(message)) {
      const id = type === LINK_RECORD.value ? readValue(record).set : readReply(record).call;
      this.requests.succeed(id, record);
    }
  }

  #lost(error: BridgeError, retryMs: number | undefined): void {
    this.#heartbeat.stop();
    this.#fast = undefined;
    this.subscriptions.disconnected();
    const pending = ["closed", "timeout", "bad_record"].includes(error.code)
      ? error.message
      : "the connection was lost";
    this.requests.failAll(new BridgeError("disconnected", `${pending} before the answer came`, { cause: error }));
    if (retryMs === undefined) {
      this.#ended();
      this.subscriptions.finish(error);
      this.listeners.tell("state", { state: "closed", error });
    } else {
      this.#state = "connecting";
      this.listeners.tell("state", { state: "connecting", error, retryMs });
    }
  }

  async #watchAgain(): Promise<void> {
    await this.#list("watch", (before) => {
      this.listeners.tell("directory", compareDirectories(before, this.#directory));
    });
  }

  /** The directory is taken over as it arrives: a change that follows it at once is a change of it. */
  #list(op: "list" | "watch", replaced: (before: Directory) => void): Promise<Directory> {
    const arrived = (result: unknown): void => {
      const before = this.#directory;
      this.#directory = result as Directory;
      if (op === "watch") this.#watching = true;
      replaced(before);
    };
    const asked = this.ask(op === "watch" ? { op, rates: true } : { op }, this.#timeoutMs, { arrived });
    return asked.answer as Promise<Directory>;
  }

  #message(message: ServerMessage): void {
    switch (message.op) {
      case "result":
        this.requests.succeed(message.id, message.result);
        break;
      case "error":
        if (message.id === undefined) this.listeners.tell("notice", errorOf(message.error));
        else this.requests.refuse(message.id, errorOf(message.error));
        break;
      case "schema":
        this.#streams.schema(message);
        break;
      case "stream":
        this.#streams.stream(message);
        break;
      case "restart":
        this.#streams.restart(message);
        break;
      case "end":
        this.#streams.end(message);
        break;
      case "directory": {
        const { added, changed, removed } = message;
        this.#directory = applyChange(this.#directory, { added, changed, removed });
        this.listeners.tell("directory", { added, changed, removed });
        break;
      }
      case "rates":
        this.#rates(message.rates);
        break;
      case "parameter":
        this.#parameter(message);
        break;
      case "log":
        this.#log(message);
        break;
      case "notice":
        this.listeners.tell("notice", { code: message.code, message: message.message });
        break;
      case "samples":
      case "welcome":
        // Never asked for, and only at the beginning.
        break;
    }
  }

  #rates(lines: readonly RateLine[]): void {
    const rates = new Map(lines.map(([stream, rate, published]) => [stream, { rate, published }]));
    const changed = this.#directory.channels.flatMap((entry) => {
      const found = rates.get(entry.stream);
      return found === undefined ? [] : [{ ...entry, ...found }];
    });
    const change = { added: [], changed, removed: [] };
    this.#directory = applyChange(this.#directory, change);
    this.listeners.tell("directory", change);
  }

  #parameter({ parameter, value, set }: ParameterEvent): void {
    const known = this.#directory.parameters.find((entry) => entry.parameter === parameter);
    if (known !== undefined) {
      const changed: ParameterEntry = { ...known, value };
      this.#directory = applyChange(this.#directory, { added: [], changed: [changed], removed: [] });
    }
    this.listeners.tell("parameter", { parameter, value, set });
  }

  #log(message: LogEvent): void {
    const { driver, level, time, text } = message;
    const key = JSON.stringify([driver, level, time, text]);
    if (this.#seenLogs.has(key)) return;
    this.#seenLogs.add(key);
    for (const oldest of this.#seenLogs) {
      if (this.#seenLogs.size <= REMEMBERED_LOGS) break;
      this.#seenLogs.delete(oldest);
    }
    this.listeners.tell("log", { op: "log", driver, level, time, text });
  }
}

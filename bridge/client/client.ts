// SPDX-License-Identifier: MIT
// The client that users hold: a bridge's channels, parameters and services, over a connection that mends itself.
import type { Columns, Value } from "../model/values.ts";
import type { PublishedSample } from "../session/channel-messages.ts";
import type {
  Applied,
  Directory,
  DriverSchema,
  Json,
  Ledger,
  LogEvent,
  ChannelEntry,
  ParameterEntry,
  ParameterValue,
  RequestBody,
  ServiceEntry,
  TicketGrant,
  Timed,
  Welcome,
} from "../session/messages.ts";
import { callService } from "./call.ts";
import { Channel } from "./channel.ts";
import { Conversation } from "./conversation.ts";
import { DriverHandle } from "./driver.ts";
import type { AnyDriver, DriverTypes } from "./driver-types.ts";
import type { ClientEvents, ClientState } from "./events.ts";
import { fieldsToJson } from "./json-values.ts";
import type { ClockOffset } from "./link/bridge-clock.ts";
import { GRACE_MS } from "./link/life.ts";
import { Cells } from "./notebook/cells.ts";
import type { DenoJupyter, Notebook } from "./notebook/notebook.ts";
import type { OutputHandle } from "./notebook/output-handle.ts";
import type { PlotHandle } from "./notebook/plot-handle.ts";
import type { FormOptions, KnobOptions, PlotOptions } from "./notebook/plot-options.ts";
import { Expectation } from "./mismatch/expectation.ts";
import type { CallOptions, ConnectOptions, DriverOptions, RequestOptions, SubscribeOptions } from "./options.ts";
import type { LogPanelOptions } from "./panel/log-panel.ts";
import type { Panel } from "./panel/panel.ts";
import { Presets } from "./presets/presets.ts";
import { publishRequest, type PublishOnceOptions } from "./publish/once.ts";
import type { Publisher, PublisherOptions } from "./publish/publisher.ts";
import type { AliasOptions, Exposure } from "./services/exposure.ts";
import type { ExposeOptions } from "./services/methods.ts";
import { remoteObject, type Remote, type RemoteOptions } from "./services/remote.ts";
import type { StreamSet } from "./streams/stream-set.ts";
import { timersOf } from "./streams/timers.ts";
import type { Subscription } from "./subscription.ts";
import type { Platform } from "./link/transport.ts";

/** A ticket: a token that reaches only what it names, until `expires` (ms since 1970). */
export interface Ticket {
  readonly ticket: string;
  readonly expires: number;
}

/** Fields by name for a set or call: numbers, bigints, booleans, texts, byte arrays, lists, and nested structs as objects. */
export type FieldValues = object;

/**
 * A connection to one bridge; made by `connect()`. Every method that returns a promise asks the bridge and never blocks the event loop; it
 * rejects with a `BridgeError` (`timeout`, `disconnected`, `closed`, or the code that the bridge gave).
 */
export class Client {
  readonly #conversation: Conversation;
  readonly #timeoutMs: number;
  readonly #cells: Cells;
  #presets: Presets | undefined;

  /** Use `connect()`. */
  constructor(platform: Platform, options: ConnectOptions = {}) {
    this.#timeoutMs = options.timeoutMs ?? 10_000;
    this.#conversation = new Conversation(platform, {
      client: options.client ?? "structwire",
      timeoutMs: this.#timeoutMs,
      reconnect: options.reconnect ?? true,
    });
    this.#cells = new Cells(this, { timers: timersOf(platform), makeStill: platform.makeStill });
  }

  /** Opens the connection; `connect()` has done it. Tries once, later losses are mended. */
  open(): Promise<void> {
    return this.#conversation.open();
  }

  /** The bridge's name, version, pid and start, of the connection that holds or held last. */
  get bridge(): Welcome["bridge"] {
    return this.#conversation.bridge;
  }

  /** The URL of the bridge (`http://127.0.0.1:8720`), without a token. */
  get url(): string {
    return this.#conversation.url;
  }

  /** What the bridge gave in place of the one-time ticket with which this connection was opened: it connects again, also another program. */
  get successor(): string | undefined {
    return this.#conversation.successor;
  }

  get state(): ClientState {
    return this.#conversation.state;
  }

  /** What the bridge has, as of the last `list()`; kept fresh after `watch()`. */
  get directory(): Directory {
    return this.#conversation.directory.directory;
  }

  /** What `attach()` was given. */
  get notebook(): Notebook | undefined {
    return this.#cells.notebook;
  }

  /** Calls `listener` for each event, on the event loop. Returns what ends it. */
  on<E extends keyof ClientEvents>(event: E, listener: (value: ClientEvents[E]) => void): () => void {
    return this.#conversation.listeners.add(event, listener);
  }

  /** What the bridge has now. */
  list(): Promise<Directory> {
    return this.#conversation.directory.list("list");
  }

  /** Like `list()`; from then on `directory` is kept fresh and the events `directory` and `parameter` come, across reconnects. */
  watch(): Promise<Directory> {
    return this.#conversation.directory.list("watch");
  }

  /** Subscribes to channels by name or pattern (`*` one level, `**` any number). A refusal is thrown by its iteration and rejects its `ready`. */
  subscribe(channels: string | readonly string[], options: SubscribeOptions = {}): Subscription {
    return this.#conversation.subscriptions.open(typeof channels === "string" ? [channels] : channels, options);
  }

  /** One channel by its whole name, `motor/state`. */
  channel<V = Value, C = Columns>(name: string): Channel<V, C> {
    return new Channel<V, C>(name, (channel, options) => this.subscribe(channel, options));
  }

  /** One driver by its name; `D` is the interface that `structwire gen` wrote. Throws `bad_schema` when `options.schema` is none. */
  driver<D extends DriverTypes = AnyDriver>(name: string, options: DriverOptions = {}): DriverHandle<D> {
    const { schema } = options;
    if (schema === undefined) return new DriverHandle<D>(name, this);
    const expectation = new Expectation(name, schema, {
      schema: (driver, known) => this.schema(driver, known),
      notice: (message) => {
        this.#conversation.listeners.tell("notice", { code: "schema_mismatch", message });
      },
    });
    return new DriverHandle<D>(name, this, expectation);
  }

  /**
   * The schema of a driver that is up: all that its structs are. `known`: a schema hash, which is then not sent again. Rejects with `unknown_driver`, or with
   * `disconnected` while it is down.
   */
  async schema(driver: string, known?: string): Promise<DriverSchema> {
    return (await this.#ask({ op: "schema", driver, ...(known === undefined ? {} : { known }) })) as DriverSchema;
  }

  /** What a parameter is now, in the JSON form of docs/client-protocol.md. */
  async get(parameter: string): Promise<ParameterValue> {
    return (await this.#ask({ op: "get", parameter })) as ParameterValue;
  }

  /** Sets fields of a parameter, all or nothing; resolves once the driver has applied them. */
  async set(parameter: string, values: FieldValues, options: RequestOptions = {}): Promise<Applied> {
    const { timeoutMs = this.#timeoutMs } = options;
    const fields = fieldsToJson(values);
    const fast = this.#conversation.fast?.set(parameter, fields, timeoutMs);
    const applied = fast === undefined ? undefined : await fast;
    if (applied !== undefined) return applied;
    return (await this.#ask({ op: "set", parameter, values: fields, timeoutMs }, timeoutMs + GRACE_MS)) as Applied;
  }

  /**
   * Calls a service: of a driver with fields by name or in their order, of another program with arguments by position (`[0.5]`), by name (`{ exposure: 0.5 }`), or both with `named`. The result in JSON
   * form; with `timestamp` together with the time at which the bridge got it.
   */
  call(
    service: string,
    args: FieldValues | readonly unknown[],
    options: CallOptions & { timestamp: true },
  ): Promise<Timed>;
  call(service: string, args?: FieldValues | readonly unknown[], options?: CallOptions): Promise<Json>;
  call(service: string, args: FieldValues | readonly unknown[] = {}, options: CallOptions = {}): Promise<Json | Timed> {
    return callService(this.#conversation, service, args, {
      ...options,
      timeoutMs: options.timeoutMs ?? this.#timeoutMs,
    });
  }

  /**
   * An object of another program, whose methods are called as `name/method` and are all async. `T` is the type of what was exposed.
   *
   * @example
   * const camera = client.remote<Camera>("camera");
   * const picture = await camera.snap(0.5);
   */
  remote<T>(name: string, options: RemoteOptions = {}): Remote<T> {
    return remoteObject<T>(name, (service, args) => this.call(service, args, options));
  }

  /**
   * Makes the methods of an object callable by others as `name/method`, or a function as `name`, until it is closed. Calls run side by side; what a method throws reaches its caller. Throws
   * `invalid_argument` for what has no methods and `name_in_use` for what this client exposes already; what the bridge refuses rejects `ready`.
   */
  expose(name: string, target: object, options: ExposeOptions = {}): Exposure {
    return this.#conversation.offering.expose(name, target, options);
  }

  /** Makes another name for a service, with stored arguments that a caller's replace, by index and by name. It holds until it is closed; its target may come and go. */
  alias(name: string, target: string, options: AliasOptions = {}): Exposure {
    return this.#conversation.offering.alias(name, target, options);
  }

  /** Opens a channel to publish JSON values or bytes in it. A refusal rejects its `opened` and is thrown by its `publish`. */
  publisher<T = unknown>(channel: string, options: PublisherOptions = {}): Publisher<T> {
    return this.#conversation.offering.publisher<T>(channel, options);
  }

  /** Publishes one value, or bytes, in a channel; resolves when the bridge has taken it in. For more than a few a publisher costs far less. */
  async publish(channel: string, value: unknown, options: PublishOnceOptions = {}): Promise<PublishedSample> {
    return (await this.#ask(publishRequest(channel, value, options))) as PublishedSample;
  }

  /** Streams: functions that are called periodically and whose results are published, of this program and of others. */
  get streams(): StreamSet {
    return this.#conversation.offering.streams;
  }

  /** Presets: values of parameters that the bridge keeps by a name, over its restarts, for all its clients. */
  get presets(): Presets {
    return (this.#presets ??= new Presets({
      ask: (body) => this.#ask(body),
      list: () => this.list(),
      set: (parameter, values) => this.set(parameter, values),
    }));
  }

  /** The entry of a channel, parameter or service in the directory; asks the bridge when it is not known yet, and waits there for a driver that is only just coming. */
  entry(kind: "channel", name: string): Promise<ChannelEntry | undefined>;
  entry(kind: "parameter", name: string): Promise<ParameterEntry | undefined>;
  entry(kind: "service", name: string): Promise<ServiceEntry | undefined>;
  async entry(kind: EntryKind, name: string): Promise<NamedEntry | undefined> {
    const entry = findEntry(this.directory, kind, name) ?? findEntry(await this.list(), kind, name);
    if (entry !== undefined) return entry;
    // Answered once the driver has said all that it has.
    await this.schema(name.split("/", 1)[0] ?? "").catch(() => undefined);
    return findEntry(await this.list(), kind, name);
  }

  /** Makes a ticket that reaches only the names and patterns of `grant` for `ttlMs` (default 12 h). */
  async ticket(grant: TicketGrant, ttlMs?: number): Promise<Ticket> {
    return (await this.#ask({ op: "ticket", ...grant, ...(ttlMs === undefined ? {} : { ttlMs }) })) as Ticket;
  }

  /** Tells how many sessions are open with a ticket, now and whenever that changes, across reconnects. Returns what ends it. */
  watchTicket(ticket: string, changed: (sessions: number) => void): () => void {
    return this.#conversation.tickets.watch(ticket, changed);
  }

  /** The bridge's own state: sessions, drivers, queues, counters. */
  async status(): Promise<Json> {
    return (await this.#ask({ op: "status" })) as Json;
  }

  /** What the bridge knows of every sample of this connection's streams (docs/client-protocol.md). What a reader has had over all connections is `subscription.account`. */
  async ledger(): Promise<Ledger> {
    return (await this.#ask({ op: "ledger" })) as Ledger;
  }

  /** How far the bridge's clock is ahead of this program's, measured now by several questions. */
  clock(): Promise<ClockOffset> {
    return this.#conversation.clock();
  }

  /** Asks for `log` events, the latest 200 lines first; kept across reconnects. Resolves with the latest lines that were told before. */
  logs(): Promise<readonly LogEvent[]> {
    return this.#conversation.logs.ask();
  }

  /** Gives plots and knobs a place to draw: `client.attach(tslab)`, in the kernel of Deno `client.attach(Deno.jupyter)`. */
  attach(kernel: Notebook | DenoJupyter): void {
    this.#cells.attach(kernel);
  }

  /** Draws fields of any channel, by its whole name, live in the notebook cell that runs now; `attach()` first. */
  plot(channel: string, fields: string | readonly string[], options: PlotOptions = {}): Promise<PlotHandle> {
    return this.#cells.plot(channel, typeof fields === "string" ? [fields] : fields, options);
  }

  /** Draws the knobs of any parameter, by its whole name, in the notebook cell that runs now; `attach()` first. */
  knobs(parameter: string, options: KnobOptions = {}): Promise<OutputHandle> {
    return this.#cells.knobs(parameter, options);
  }

  /** Draws any service, by its whole name, as a form with a button in the notebook cell that runs now; `attach()` first. */
  form(service: string, options: FormOptions = {}): Promise<OutputHandle> {
    return this.#cells.form(service, options);
  }

  /** Shows in the notebook cell that runs now how a driver stands and the last lines of its log, until the panel or the client is closed; `attach()` first. */
  showLogs(driver: string, options: LogPanelOptions = {}): Promise<Panel> {
    return this.#cells.logs(driver, options);
  }

  /** Ends everything; resolves when the socket is closed. Loops over subscriptions end. */
  close(): Promise<void> {
    return this.#conversation.close();
  }

  #ask(body: RequestBody, timeoutMs: number = this.#timeoutMs): Promise<unknown> {
    return this.#conversation.ask(body, timeoutMs).answer;
  }
}

type EntryKind = "channel" | "parameter" | "service";
type NamedEntry = ChannelEntry | ParameterEntry | ServiceEntry;

function findEntry(directory: Directory, kind: EntryKind, name: string): NamedEntry | undefined {
  switch (kind) {
    case "channel":
      return directory.channels.find(({ channel }) => channel === name);
    case "parameter":
      return directory.parameters.find(({ parameter }) => parameter === name);
    case "service":
      return directory.services.find(({ service }) => service === name);
  }
}

// SPDX-License-Identifier: MIT
// The client that users hold: a bridge's channels, parameters and services, over a connection that mends itself.
import type { BridgeError, ErrorCode } from "../model/errors.ts";
import type { Columns, Value } from "../model/values.ts";
import type {
  Applied,
  Directory,
  DirectoryEntry,
  DirectoryName,
  Json,
  LogEvent,
  ParameterEntry,
  ParameterValue,
  ServiceEntry,
  TicketGrant,
  Welcome,
} from "../session/messages.ts";
import { Channel } from "./channel.ts";
import { DriverHandle } from "./driver.ts";
import type { AnyDriver, DriverTypes } from "./driver-types.ts";
import type { Notebook } from "./notebook.ts";
import type { CallOptions, RequestOptions, SubscribeOptions } from "./options.ts";
import type { Subscription } from "./subscription.ts";

export type ClientState = "open" | "connecting" | "closed";

/** The connection opened, was lost or is closed for good; `error` says why, `retryMs` when it is tried again. */
export interface StateEvent {
  readonly state: ClientState;
  readonly error?: BridgeError;
  readonly retryMs?: number;
}

/** What changed in the directory; `client.directory` has it already. */
export interface DirectoryEvent {
  readonly added: readonly DirectoryEntry[];
  readonly changed: readonly DirectoryEntry[];
  readonly removed: readonly DirectoryName[];
}

/** A parameter has another value, whoever changed it; `set` says since when, null when nobody set it. */
export interface ParameterEvent extends ParameterValue {
  readonly set: Omit<Applied, "parameter" | "applied"> | null;
}

/** Something the user should know. */
export interface NoticeEvent {
  readonly code: ErrorCode;
  readonly message: string;
}

/** The events of a client and what their listeners get. `directory` and `parameter` come after `watch()`, `log` after `logs()`. */
export interface ClientEvents {
  readonly state: StateEvent;
  readonly directory: DirectoryEvent;
  readonly parameter: ParameterEvent;
  readonly log: LogEvent;
  readonly notice: NoticeEvent;
}

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
export declare class Client {
  /** The bridge's name, version, pid and start, of the connection that holds or held last. */
  readonly bridge: Welcome["bridge"];
  /** The base URL of the bridge (`http://127.0.0.1:8720`), without a token. */
  readonly url: string;
  readonly state: ClientState;
  /** What the bridge has, as of the last `list()`, kept fresh after `watch()`. */
  readonly directory: Directory;
  /** What `attach()` was given. */
  readonly notebook: Notebook | undefined;

  /** Calls `listener` for each event, on the event loop. Returns what ends it. */
  on<E extends keyof ClientEvents>(event: E, listener: (value: ClientEvents[E]) => void): () => void;
  /** What the bridge has now. */
  list(): Promise<Directory>;
  /** Like `list()`; from then on `directory` is kept fresh and the events `directory` and `parameter` come, across reconnects. */
  watch(): Promise<Directory>;
  /** Subscribes to channels by name or pattern (`*` one level, `**` any number). A refusal is thrown by its iteration and rejects its `ready`. */
  subscribe(channels: string | readonly string[], options?: SubscribeOptions): Subscription;
  /** One channel by its whole name, `motor/state`. */
  channel<V = Value, C = Columns>(name: string): Channel<V, C>;
  /** One driver by its name; `D` is the interface that `structwire gen` wrote. */
  driver<D extends DriverTypes = AnyDriver>(name: string): DriverHandle<D>;
  /** What a parameter is now, in the JSON form of docs/client-protocol.md. */
  get(parameter: string): Promise<ParameterValue>;
  /** Sets fields of a parameter, all or nothing; resolves once the driver has applied them. */
  set(parameter: string, values: FieldValues, options?: RequestOptions): Promise<Applied>;
  /** Calls a service with fields by name; the reply's fields in JSON form. */
  call(service: string, args?: FieldValues, options?: CallOptions): Promise<Json>;
  /** The entry of a parameter or service in the directory, asking the bridge when it is not known yet. */
  entry(kind: "parameter", name: string): Promise<ParameterEntry | undefined>;
  entry(kind: "service", name: string): Promise<ServiceEntry | undefined>;
  /** Makes a ticket that reaches only the names and patterns of `grant` for `ttlMs` (default 12 h). */
  ticket(grant: TicketGrant, ttlMs?: number): Promise<Ticket>;
  /** The bridge's own state: sessions, drivers, queues, counters. */
  status(): Promise<Json>;
  /** Asks for `log` events, the latest 200 lines first; kept across reconnects. */
  logs(): Promise<void>;
  /** Gives plots and knobs a place to draw: `client.attach(tslab)`. */
  attach(notebook: Notebook): void;
  /** Ends everything; resolves when the socket is closed. Loops over subscriptions end. */
  close(): Promise<void>;
}

// SPDX-License-Identifier: MIT
// The JSON messages of the client protocol (docs/client-protocol.md) as types, shared by the session and the client.
import type { ErrorCode } from "../model/errors.ts";
import type { JsonInteger, Schema } from "../model/schema.ts";
import type { ChannelKind, Json, LossReason } from "../model/values.ts";
import type { ChannelRequest, RefusedEvent, SenderEvent } from "./channel-messages.ts";
import type { PresetRequest } from "./preset-messages.ts";
import type { ProgramEvent, ProgramRequest, StreamEntry } from "./program-messages.ts";

// Part of the messages; it stands on the lowest floor because the hub hands such values on.
export type { Json } from "../model/values.ts";

export const SUBPROTOCOL = "structwire.v1";
export const PROTOCOL_VERSION = 1;

export type Delivery = "queue" | "latest" | "minmax";
export type Encoding = "batch" | "json";

/** The bounds of `maxHz` (above 0) and `columnMs` of a subscription, and of how many `fields` it may name. */
export const MAX_HZ = 10_000;
export const COLUMN_MS: { readonly min: number; readonly max: number } = { min: 0.001, max: 86_400_000 };
export const MAX_FIELDS = 256;

/** What a subscription makes of a channel's samples; what is left out is not asked for. */
export interface Thinning {
  /** With `queue`: samples at least 1/maxHz s apart by their times; with `latest`: the newest at most so often. */
  readonly maxHz?: number;
  /** With `minmax`, and only then: the width of a column in ms of the samples' times. */
  readonly columnMs?: number;
  /** Paths of leaf fields: the structs are cut down to these. */
  readonly fields?: readonly string[];
}

/** A field of a struct as the directory lists it; `name` is its path. */
export interface FieldEntry {
  readonly name: string;
  readonly type: string;
  readonly dims?: readonly number[];
  /** The dimensions at each part of the name, where not all of them stand at the last one: `a[3].x` has `[[3], []]`. */
  readonly levels?: readonly (readonly number[])[];
  readonly unit?: string;
  readonly min?: JsonInteger;
  readonly max?: JsonInteger;
  readonly step?: JsonInteger;
  readonly default?: JsonInteger;
  readonly labels?: Readonly<Record<string, JsonInteger>>;
  readonly doc?: string;
  /** Other annotations, name → text: `time`, `invalid`, `count`, `was` and the header's own. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** What comes through other bridges says so. */
export interface Travelled {
  /** Ids of the bridges through which it comes, the nearest first; left out: it is this bridge's own. */
  readonly via?: readonly string[];
}

export interface DriverEntry extends Travelled {
  /** It is another bridge, whose things stand below this name. */
  readonly bridge?: true;
  readonly driver: string;
  readonly state: "up" | "down" | "refused";
  readonly address: string;
  readonly epoch: string | null;
  readonly pid: number | null;
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}

export interface ChannelEntry extends Travelled {
  readonly channel: string;
  readonly kind: ChannelKind;
  /** Null: an open channel, in which programs publish. */
  readonly driver: string | null;
  /** Of an open channel: programs that have it open to publish. */
  readonly publishers: number;
  readonly stream: number;
  readonly schema: number | null;
  readonly type: string | null;
  readonly contentType: string | null;
  readonly rate: number;
  readonly published: number;
  readonly fields: readonly FieldEntry[];
}

export interface ParameterEntry extends Travelled {
  readonly parameter: string;
  readonly driver: string;
  readonly channel: string | null;
  readonly schema: number;
  readonly type: string;
  readonly value: Json;
  readonly fields: readonly FieldEntry[];
}

/** A service of a driver, of another program (`provider` is its session), or an alias of one of them (`target`). */
export interface ServiceEntry extends Travelled {
  readonly service: string;
  /** Null: of another program than a driver. */
  readonly driver: string | null;
  readonly provider?: string;
  /** What the providing program calls itself. */
  readonly client?: string;
  /** The names of the arguments by their positions; null: not known. */
  readonly params?: readonly string[] | null;
  readonly doc?: string;
  /** Of an alias, where the session may see it. */
  readonly target?: string;
  readonly request: { readonly type: string; readonly fields: readonly FieldEntry[] };
  readonly reply: { readonly type: string; readonly fields: readonly FieldEntry[] };
}

export interface Directory {
  readonly drivers: readonly DriverEntry[];
  readonly channels: readonly ChannelEntry[];
  readonly parameters: readonly ParameterEntry[];
  readonly services: readonly ServiceEntry[];
  readonly streams: readonly StreamEntry[];
}

export type DirectoryEntry = DriverEntry | ChannelEntry | ParameterEntry | ServiceEntry | StreamEntry;

/** What a removed entry leaves: the one key that names it. */
export type DirectoryName =
  | { readonly driver: string; readonly address?: string }
  | { readonly channel: string }
  | { readonly parameter: string }
  | { readonly service: string }
  | { readonly stream: string };

export interface ParameterValue {
  readonly parameter: string;
  readonly value: Json;
}

/** What a driver brought in its HELLO, as far as the session may see it. */
export interface DriverSchema {
  readonly driver: string;
  readonly epoch: string;
  /** The schema hash; null: the driver has no structs. */
  readonly hash: string | null;
  /** Null also when the request's `known` is the hash. */
  readonly schema: Schema | null;
}

export interface Applied {
  readonly parameter: string;
  readonly applied: Json;
  readonly channel: string | null;
  readonly epoch: string | null;
  readonly seq: number | null;
  readonly time: number;
}

export interface ErrorBody {
  readonly code: ErrorCode;
  readonly message: string;
  /** With `service_failed`: the name and the code that the service gave its error. */
  readonly name?: string;
  readonly detail?: string;
}

export interface Hello {
  readonly op: "hello";
  readonly version: number;
  readonly token: string;
  readonly client?: string;
  /** The client sends ACK records; the bridge keeps to `limits.windowBytes`. */
  readonly acks?: boolean;
}

export interface TicketGrant {
  readonly channels?: readonly string[];
  readonly parameters?: readonly string[];
  readonly services?: readonly string[];
  /** Streams that may be seen and adjusted. */
  readonly streams?: readonly string[];
  /** Open channels that may be published in. */
  readonly publish?: readonly string[];
}

/** Requests, without their `id`. */
export type RequestBody =
  | { readonly op: "list" | "logs" | "status" | "ping" | "ledger" }
  | { readonly op: "watch"; readonly rates?: boolean }
  | ({
      readonly op: "subscribe";
      readonly channels: readonly string[];
      readonly delivery?: Delivery;
      readonly encoding?: Encoding;
      readonly last?: boolean;
      readonly wait?: boolean;
      /** Also the samples that this session published. */
      readonly echo?: boolean;
    } & Thinning)
  | { readonly op: "unsubscribe"; readonly subscription: number }
  | { readonly op: "schema"; readonly driver: string; readonly known?: string }
  | { readonly op: "get"; readonly parameter: string }
  | {
      readonly op: "set";
      readonly parameter: string;
      readonly values: Readonly<Record<string, Json>>;
      readonly timeoutMs?: number;
    }
  | {
      readonly op: "call";
      readonly service: string;
      /** By position, or by name. */
      readonly args?: readonly Json[] | Readonly<Record<string, Json>>;
      /** By name, beside those by position. */
      readonly named?: Readonly<Record<string, Json>>;
      readonly timeoutMs?: number;
      /** The result is then {@link Timed}. */
      readonly timestamp?: boolean;
    }
  | { readonly op: "cancel"; readonly request: number }
  | ({ readonly op: "bind"; readonly timeoutMs?: number } & (
      { readonly service: string } | { readonly parameter: string }
    ))
  | ChannelRequest
  | ({ readonly op: "ticket"; readonly ttlMs?: number; readonly once?: boolean } & TicketGrant)
  | PresetRequest
  | { readonly op: "follow"; readonly ticket: string; readonly enabled?: boolean }
  | ProgramRequest;

export type Request = RequestBody & { readonly id: number };

export interface Welcome {
  readonly op: "welcome";
  readonly version: number;
  readonly session: string;
  readonly bridge: {
    /** A random number, as digits, of this start; it tells bridges of one name apart. */
    readonly id: string;
    readonly name: string;
    readonly version: string;
    readonly pid: number;
    readonly started: number;
  };
  readonly time: number;
  readonly limits: {
    readonly messageBytes: number;
    readonly subscriptions: number;
    /** Bytes of messages that may be on their way to a client that acknowledges them. */
    readonly windowBytes: number;
  };
  /** In place of a one-time ticket that opened the session: connects again. */
  readonly ticket?: string;
}

/** The result of a call with `timestamp`: `time` is the bridge's clock when the answer came, ms since 1970 UTC. */
export interface Timed {
  readonly value: Json;
  readonly time: number;
}

/** The result of `ping`: ms since 1970 UTC by the bridge's clock, when the request came and when it was answered. */
export interface Pong {
  readonly received: number;
  readonly time: number;
}

/** The result of `bind` for a service; `request` and `reply` are schema ids, null where there is nothing. */
export interface BoundService {
  readonly handle: number;
  readonly service: string;
  readonly epoch: string;
  readonly request: number | null;
  readonly reply: number | null;
}

/** The result of `bind` for a parameter. */
export interface BoundParameter {
  readonly handle: number;
  readonly parameter: string;
  readonly epoch: string;
  readonly schema: number;
  /** The channel that it governs, whose `next` stands in each VALUE. */
  readonly channel: string | null;
}

/** Counts of samples; `due` is the sum of all the others. */
export interface Tally {
  readonly due: number;
  readonly delivered: number;
  /** In the session's queue. */
  readonly waiting: number;
  /** Left out as the subscription asked: by `latest`, `minmax`, `maxHz`. */
  readonly skipped: number;
  readonly lost: { readonly [Reason in LossReason]?: number };
}

/** What became of one stream's samples for this session. */
export interface LedgerEntry extends Tally {
  readonly stream: number;
  readonly channel: string;
  readonly subscriptions: readonly number[];
  readonly epoch: string;
  /** `due` are the sequences from `from` to before `next`, of this epoch. */
  readonly from: number;
  readonly next: number;
  /** The lives of the producer before this one, together. */
  readonly before: Tally & { readonly epochs: number };
  /** What the driver itself counted in this epoch, at most a second ago. */
  readonly producer: {
    readonly published: number;
    readonly ringDropped: number;
    readonly linkDropped: number;
  };
}

/** The result of `ledger`. */
export interface Ledger {
  readonly streams: readonly LedgerEntry[];
}

/** One channel's line in a `rates` event: its stream as the directory names it, samples a second, published since the epoch began. */
export type RateLine = readonly [stream: number, rate: number, published: number];

export interface StreamEvent {
  readonly op: "stream";
  readonly stream: number;
  readonly channel: string;
  readonly kind: ChannelKind;
  readonly schema: number | null;
  readonly contentType: string | null;
  readonly epoch: string;
  readonly next: number;
  readonly subscriptions: readonly number[];
}

export interface RestartEvent {
  readonly op: "restart";
  readonly stream: number;
  readonly channel: string;
  readonly schema: number | null;
  readonly epoch: string;
  readonly previous: string;
  readonly next: number;
}

export interface SampleText {
  readonly seq: number;
  readonly time: number;
  /** In open channels. */
  readonly sender?: number;
  readonly value: Json;
}

export interface LossBody {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly reason: LossReason;
}

/** A session opened with a watched ticket, or ended; `sessions` are open with it now. */
export interface TicketEvent {
  readonly op: "ticket";
  readonly ticket: string;
  readonly sessions: number;
}

export interface LogEvent {
  readonly op: "log";
  readonly driver: string;
  readonly level: "debug" | "info" | "warn" | "error";
  readonly time: number;
  readonly text: string;
}

export type ServerMessage =
  | Welcome
  | { readonly op: "result"; readonly id: number; readonly result: Json | Directory | Applied | ParameterValue }
  | { readonly op: "error"; readonly id?: number; readonly error: ErrorBody }
  | { readonly op: "schema"; readonly schema: number; readonly type: string; readonly blob: Schema }
  | StreamEvent
  | RestartEvent
  | {
      readonly op: "end";
      readonly stream: number;
      readonly channel: string;
      readonly reason: "withdrawn" | "disconnected" | "unsubscribed";
    }
  | {
      readonly op: "samples";
      readonly stream: number;
      readonly samples?: readonly SampleText[];
      readonly lost?: LossBody;
    }
  | {
      readonly op: "directory";
      readonly added: readonly DirectoryEntry[];
      readonly changed: readonly DirectoryEntry[];
      readonly removed: readonly DirectoryName[];
    }
  | SenderEvent
  | RefusedEvent
  | { readonly op: "rates"; readonly rates: readonly RateLine[] }
  | ({ readonly op: "parameter"; readonly set: Omit<Applied, "parameter" | "applied"> | null } & ParameterValue)
  | LogEvent
  | TicketEvent
  | ProgramEvent
  | { readonly op: "notice"; readonly code: ErrorCode; readonly message: string };

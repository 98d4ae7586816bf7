// SPDX-License-Identifier: MIT
// The control records that a driver sends, as they come out of their check.
import type { ValueRecord } from "../layout/link-records.ts";
import type { BridgeError, ErrorCode } from "../model/errors.ts";
import type { ChannelKind } from "../model/values.ts";

export interface HelloRecord {
  readonly is: "hello";
  readonly epoch: bigint;
  /** ns to add to every time of the driver to get UTC. */
  readonly offset: bigint;
  readonly name: string;
  /** Empty: the driver has no structs. A view of the record. */
  readonly schema: Uint8Array;
  readonly pid: number;
  /** The minor version of the protocol that the driver speaks. */
  readonly minor: number;
}

export interface AdvertiseRecord {
  readonly is: "advertise";
  readonly stream: number;
  readonly kind: ChannelKind;
  readonly size: number;
  readonly name: string;
  /** Of the struct, or the content type. */
  readonly type: string;
  readonly next: number;
}

export interface ParameterRecord {
  readonly is: "parameter";
  readonly parameter: number;
  readonly stream: number;
  readonly name: string;
  readonly type: string;
  readonly value: Uint8Array;
}

export interface ServiceRecord {
  readonly is: "service";
  readonly service: number;
  readonly requestBytes: number;
  readonly replyBytes: number;
  readonly name: string;
  readonly request: string;
  readonly reply: string;
}

export interface CounterEntry {
  readonly stream: number;
  readonly published: number;
  readonly ringDropped: number;
  readonly linkDropped: number;
}

export interface SubscribeRecord {
  readonly is: "subscribe";
  readonly subscription: number;
  /** Structs as JSON text and JSON as it is; or JSON and bytes as they were published. */
  readonly wanted: "json" | "published";
  readonly latest: boolean;
  readonly last: boolean;
  /** A whole name, or a pattern of them. */
  readonly pattern: string;
}

/** Any control record of a driver. Byte fields are views of the record. */
export type DriverRecord =
  | HelloRecord
  | AdvertiseRecord
  | { readonly is: "ready" }
  | { readonly is: "withdraw"; readonly stream: number }
  | ParameterRecord
  | ServiceRecord
  | ({ readonly is: "value" } & ValueRecord)
  | SubscribeRecord
  | { readonly is: "unsubscribe"; readonly subscription: number }
  | { readonly is: "reply"; readonly call: number; readonly reply: Uint8Array }
  | { readonly is: "refuse"; readonly id: number; readonly error: BridgeError }
  | {
      readonly is: "log";
      readonly time: bigint;
      readonly level: "debug" | "info" | "warn" | "error";
      readonly text: string;
    }
  | { readonly is: "ping" | "pong"; readonly id: bigint; readonly clock: bigint; readonly offset: bigint }
  | { readonly is: "counters"; readonly entries: readonly CounterEntry[] }
  | { readonly is: "end"; readonly code: ErrorCode | "ok"; readonly text: string };

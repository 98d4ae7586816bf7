// SPDX-License-Identifier: MIT
// The messages by which programs offer services and streams to each other (docs/client-protocol.md), shared by the session and the client.
import type { Json } from "../model/values.ts";

/** The bounds of a stream's `hz`. */
export const STREAM_HZ: { readonly min: number; readonly max: number } = { min: 0.001, max: 10_000 };

/** Services that one request exposes or withdraws. */
export const MAX_EXPOSED = 256;

/** The longest result or arguments of a call, as a message; the bridge closes a connection that sends more. */
export const MAX_CALL_BYTES = 1_048_576;

/** Values nest at most so deep. */
export const MAX_VALUE_DEPTH = 64;

/** A service that a program exposes. */
export interface ServiceOffer {
  readonly service: string;
  readonly doc?: string;
  /** The names of its arguments by their positions. */
  readonly params?: readonly string[];
}

/** What a providing program says of one of its streams. */
export interface StreamOffer {
  readonly stream: string;
  /** Where it publishes. */
  readonly channel: string;
  /** `periodic`: a function is called `hz` times a second; `manual`: the program publishes when it likes; `relay`: what comes from elsewhere. */
  readonly type: "periodic" | "manual" | "relay";
  /** Null where there is no rate to be set. */
  readonly hz: number | null;
  readonly enabled: boolean;
  readonly state: "running" | "stopped" | "failing";
  /** `json`, or a content type. */
  readonly encoding: string;
  /** How often it was published, or its function called. */
  readonly calls: number;
  /** Times at which the function was to be called and was not, as it was late by more than a period. */
  readonly overruns: number;
  /** What went wrong last, while it is `failing`. */
  readonly error: { readonly name: string; readonly message: string } | null;
}

/** A stream as the directory lists it. */
export interface StreamEntry extends StreamOffer {
  /** The session of the providing program, and what that calls itself. */
  readonly provider: string;
  readonly client: string;
  /** Ids of the bridges through which it comes, the nearest first. */
  readonly via?: readonly string[];
}

/** What is asked of a stream. */
export interface StreamChange {
  readonly enabled?: boolean;
  readonly hz?: number;
}

/** Requests about services and streams of programs, without their `id`. */
export type ProgramRequest =
  | { readonly op: "expose"; readonly services: readonly ServiceOffer[] }
  | {
      readonly op: "alias";
      readonly service: string;
      readonly target: string;
      readonly args?: readonly Json[];
      readonly named?: Readonly<Record<string, Json>>;
    }
  | { readonly op: "withdraw"; readonly services: readonly string[] }
  | ({ readonly op: "offer" } & StreamOffer)
  | { readonly op: "retract"; readonly stream: string }
  | ({ readonly op: "adjust"; readonly stream: string; readonly timeoutMs?: number } & StreamChange);

/** What a service threw. */
export interface ServiceFailure {
  readonly name?: string;
  readonly message: string;
  readonly code?: string | number;
}

/** What a program answers to an `invoke` or `adjust`; it has no `id` and is not answered. */
export type ProgramNote = { readonly op: "return"; readonly call: number } & (
  { readonly result: Json } | { readonly error: ServiceFailure }
);

/** What the bridge asks of a providing program; `call` is a number of its own for each program. */
export type ProgramEvent =
  | {
      readonly op: "invoke";
      readonly call: number;
      readonly service: string;
      readonly args: readonly Json[];
      readonly named: Readonly<Record<string, Json>>;
    }
  | ({ readonly op: "adjust"; readonly call: number; readonly stream: string } & StreamChange)
  | { readonly op: "abandon"; readonly call: number };

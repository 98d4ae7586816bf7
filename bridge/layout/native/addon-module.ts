// SPDX-License-Identifier: MIT
// What the native addon exports (native/addon): the one place that names its classes, methods and arguments.
import type { RawSplitter } from "../splitter.ts";
import type { PlanDescription } from "./plan.ts";

/** A layout compiled to machine-friendly tables. Its methods check their arguments and throw errors with a `code`. */
export interface NativePlan {
  /** Fills `bytes` with the columns of the leaves `indices` one behind the other, each beginning at the next multiple of 8. */
  columns(batch: Uint8Array, indices: Uint32Array, bytes: Uint8Array): void;
  /** The text in pieces of some 64 KiB: JavaScript joins strings without copying them, and small ones are cheap to make. */
  json(batch: Uint8Array): readonly string[];
  valueJson(struct: Uint8Array): string;
  /** Carries out writes into `value` and `mask`, each of the struct's size; returns the index of a write that set a bit again, or -1. */
  encode(value: Uint8Array, mask: Uint8Array, indices: Uint32Array, elements: Uint32Array, bits: Uint8Array): number;
  /** Fills `structs`, which are zero, from the bytes of the columns of the leaves `indices`. */
  structs(count: number, indices: Uint32Array, columns: readonly Uint8Array[], structs: Uint8Array): void;
  /** See {@link Codec.payloads}. */
  payloads(batch: Uint8Array, stream: number, maxBytes: number): NativeRecords;
  /** The batch with structs of `size` bytes that `moves` and `widenings` of a {@link Projection} fill. */
  project(batch: Uint8Array, size: number, moves: Uint32Array, widenings: Uint32Array): NativeRecords;
}

/** Records one behind the other; true: the batch that was given, as it is; false: none. */
export type NativeRecords = ArrayBuffer | boolean;

/** A thinner and its state. */
export interface NativeThinner {
  push(batch: Uint8Array): NativeRecords;
  flush(): NativeRecords;
}

/** A filter compiled for a layout. */
export interface NativeFilter {
  select(batch: Uint8Array): NativeRecords;
}

/** The module object of the addon. */
export interface AddonModule {
  readonly Plan: new (description: PlanDescription) => NativePlan;
  readonly Splitter: new () => RawSplitter;
  /** With what a {@link CompiledFilter} has. */
  readonly Filter: new (
    description: PlanDescription,
    steps: Uint32Array,
    bounds: BigUint64Array,
    texts: readonly Uint8Array[],
  ) => NativeFilter;
  /** With a period alone by rate; with the width of a column, a layout and leaves by extremes. */
  readonly Thinner: new (ns: number, description?: PlanDescription, leaves?: Uint32Array) => NativeThinner;
  /** See {@link Codec.admit}. */
  admit(batch: Uint8Array, isJson: boolean, nowMs: number): void;
  merge(batches: readonly Uint8Array[]): ArrayBuffer;
  /** See {@link Codec.payloads}. */
  payloads(batch: Uint8Array, stream: number, maxBytes: number, isJson: boolean): NativeRecords;
  payloadsJson(batch: Uint8Array, variable: "json" | "bytes"): readonly string[];
  /**
   * Offers the same bytes, piece behind piece, to each of the first `count` sockets, none of which blocks, and tells how many of them each took: 0 where it takes
   * none now or is broken. Nothing is held after the call.
   */
  readonly send: (pieces: readonly Uint8Array[], descriptors: Int32Array, count: number, taken: Float64Array) => void;
}

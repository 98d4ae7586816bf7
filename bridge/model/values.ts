// SPDX-License-Identifier: MIT
// Values, columns and losses as users see them.

/** A decoded value: what JSON can hold, and bigint for 64-bit integers. `null` stands for a NaN or infinity only in JSON text. */
export type Value =
  number | bigint | boolean | string | null | Uint8Array | readonly Value[] | { readonly [field: string]: Value };

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One field of all samples of a batch. 64-bit integers are BigInt arrays, bool is 0 or 1, text is a list of strings, an array field of k elements has k entries a sample. */
export type Column =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | readonly string[];

/** Columns by the path of their field. */
export type Columns = Readonly<Record<string, Column>>;

/** What a channel carries. */
export type ChannelKind = "struct" | "json" | "bytes";

/** Where samples were lost: the `reason` of a gap (docs/batch-format.md). */
export type LossReason = "unknown" | "ring_full" | "link_full" | "slow_reader" | "disconnected";

/** The numbers of the reasons on the wire. */
export const LOSS_REASONS: readonly LossReason[] = ["unknown", "ring_full", "link_full", "slow_reader", "disconnected"];

/** A run of lost sequences of one epoch. */
export interface Loss {
  readonly epoch: bigint;
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly reason: LossReason;
}

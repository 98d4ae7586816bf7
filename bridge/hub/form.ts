// SPDX-License-Identifier: MIT
// What readers may want a channel's samples as.

/** How a reader wants samples: every one, at each flush the newest alone, or those with the extremes of each column of time. */
export type Delivery = "queue" | "latest" | "minmax";

/** What a reader wants them as: batch records, or JSON text. */
export type Encoding = "batch" | "json";

/** Readers of one channel in the same form get the same stream. */
export interface Form {
  readonly delivery: Delivery;
  readonly encoding: Encoding;
  /** With `queue` by the samples' times, with `latest` by the clock. */
  readonly maxHz: number | null;
  /** With `minmax`: the width of a column. */
  readonly columnMs: number | null;
  /** Paths of the fields that are kept, in order and each once; null: all. */
  readonly fields: readonly string[] | null;
}

/** Every sample as it was published: the form whose stream id a channel's batches carry. */
export const WHOLE: Form = { delivery: "queue", encoding: "batch", maxHz: null, columnMs: null, fields: null };

/** The same text for the same form. */
export function formKey({ delivery, encoding, maxHz, columnMs, fields }: Form): string {
  return [delivery, encoding, maxHz, columnMs, ...(fields ?? [])].join(" ");
}

// SPDX-License-Identifier: MIT
// Constants of the batch format (docs/batch-format.md), the same in native/core/record.h; a test compares the three.

export const RECORD_BATCH = 1;
export const RECORD_GAP = 2;

export const FLAG_SEQUENCES = 1;
export const FLAG_VARIABLE = 2;

export const PREFIX_BYTES = 8;
export const BATCH_HEADER_BYTES = 40;
export const GAP_BYTES = 48;

export const MAX_RECORD_BYTES = 16_777_216;
export const MAX_SAMPLE_BYTES = 1_048_576;
export const MAX_BATCH_COUNT = 1_048_576;

/** The header of a batch record. `first` is a number because a sequence beyond 2⁵³ would take 285 years at 1 MHz; a peer that sends one breaks the format (`bad_record`). */
export interface BatchHeader {
  readonly stream: number;
  readonly schema: number;
  readonly epoch: bigint;
  readonly first: number;
  readonly count: number;
  readonly size: number;
  readonly flags: number;
}

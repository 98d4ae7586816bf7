// SPDX-License-Identifier: MIT
// The batches that the golden records are and are made from.
import { batchRecord, doubles, utf8, type BatchSpec } from "../../support/records.ts";
import { SAMPLES, structBytes, type Endian } from "./features.ts";

/** A record of the vectors. */
export interface Vector {
  readonly name: string;
  readonly what: string;
  readonly bytes: Uint8Array;
}

export const EPOCH = 1_763_635_200_123_456_789n;
export const TIME = 1_763_635_212_345_678_901n;

export const PLAIN: BatchSpec = {
  stream: 3,
  schema: 2,
  epoch: EPOCH,
  first: 100,
  time: TIME,
  samples: doubles(1.5, -0, 1e300),
};
export const LISTED: BatchSpec = { ...PLAIN, sequences: [100, 103, 200] };
export const TEXTS: BatchSpec = {
  ...PLAIN,
  schema: 0,
  variable: true,
  samples: ['{"a":1}', "null", ' [1, "é"] '].map((text) => utf8(text)),
};
export const BYTES: BatchSpec = {
  ...PLAIN,
  schema: 0,
  variable: true,
  samples: [Uint8Array.of(0xff, 0xd8, 0, 0x7b), new Uint8Array(0)],
};
/** What a program publishes with the handle 3, before the bridge has written its header. */
export const PUBLISHED: BatchSpec = { ...TEXTS, epoch: 0n, first: 0, time: TIME };
/** The same as it comes to readers. */
export const SENT: BatchSpec = { ...PUBLISHED, schema: 17, epoch: EPOCH, first: 100 };
export const PAIRS: BatchSpec = { ...TEXTS, sequences: [100, 102, 104] };

/** A batch of all feature samples. */
export function featuresBatch(endian: Endian): Uint8Array {
  const samples = SAMPLES.map((sample) => structBytes(sample, endian));
  return batchRecord({ stream: 1, schema: 1, epoch: EPOCH, first: 41, time: TIME, samples });
}

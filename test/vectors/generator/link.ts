// SPDX-License-Identifier: MIT
// The beginning of a driver link as one stream, with what a reader must make of it.
import { batchRecord, doubles, gapRecord, join } from "../../support/records.ts";
import { GOOD } from "./good.ts";

/** What comes out of the stream once routes are set where ADVERTISE stands; runs of consecutive batches count as one. */
export interface Link {
  readonly bytes: Uint8Array;
  readonly records: number;
  readonly batches: number;
  readonly samples: number;
  /** Types of the records in order, with batches that go on from each other taken together. */
  readonly types: readonly number[];
}

const EPOCH = 1_763_635_200_123_456_789n;

function good(name: string): Uint8Array {
  const vector = GOOD.find((each) => each.name === name);
  if (vector === undefined) throw new Error(`there is no vector ${name}`);
  return vector.bytes;
}

function state(first: number, count: number): Uint8Array {
  const samples = doubles(...Array.from({ length: count }, (_, i) => first + i));
  return batchRecord({ stream: 3, schema: 0, epoch: EPOCH, first, time: BigInt(first) * 1_000_000n, samples });
}

/** HELLO, advertisements, batches of two streams, a gap, answers in between, a withdrawal, the end. */
export function link(): Link {
  const camera = batchRecord({ stream: 4, epoch: EPOCH, first: 0, samples: [Uint8Array.of(1, 2, 3)], variable: true });
  const parts = [
    good("hello"),
    good("advertise"),
    good("advertise-bytes"),
    good("parameter"),
    good("service"),
    state(100, 3),
    state(103, 1),
    state(104, 2),
    good("value"),
    camera,
    state(106, 1),
    gapRecord(3, EPOCH, 107, 109, 1),
    state(110, 2),
    good("pong"),
    good("counters"),
    good("withdraw"),
    good("log"),
    good("end"),
  ];
  return {
    bytes: join(...parts),
    records: parts.length,
    batches: 6,
    samples: 10,
    types: [16, 18, 18, 20, 21, 1, 22, 1, 1, 2, 1, 27, 28, 19, 25, 29],
  };
}

// SPDX-License-Identifier: MIT
// Samples in memory that is used again: whatever sessions do with it, nobody gets or sends other bytes than were published.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import type { Channel } from "../../../bridge/hub/channel.ts";
import { readBatch } from "../../../bridge/layout/batch.ts";
import { recordType } from "../../../bridge/layout/record.ts";
import { RECORD_BATCH } from "../../../bridge/model/batch.ts";
import { SOCKET_BYTES } from "../../../bridge/session/window.ts";
import type { MemoryConnection } from "../../support/memory-connection.ts";
import { batchRecord, doubles } from "../../support/records.ts";
import { type Client, SessionBench, TOKEN } from "../../support/session.ts";

const QUEUE_BYTES = 200_000;

/** What clients ask for, and what makes the bridge keep, copy or drop batches. */
const REQUESTS: readonly Record<string, unknown>[] = [
  {},
  { delivery: "latest" },
  { encoding: "json" },
  { maxHz: 1000 },
  { delivery: "minmax", columnMs: 4 },
  { last: true },
];

/** A bridge whose driver's batches come in lent memory, as from a link. */
class LendingBench extends SessionBench {
  /** Memory that was lent so far, to see that it is used again. */
  readonly memories = new Set<ArrayBuffer>();
  loans = 0;

  /** One chunk of input: batches of so many samples each. */
  read(channel: Channel, counts: readonly number[]): void {
    const batches = counts.map((count, i) => {
      const first = channel.next + counts.slice(0, i).reduce((sum, one) => sum + one, 0);
      const samples = doubles(...Array.from({ length: count }, (_, sample) => first + sample));
      const { id: stream } = channel.source;
      return batchRecord({ stream, schema: channel.schema?.id ?? 0, epoch: channel.epoch, first, samples });
    });
    const bytes = batches.reduce((sum, { length }) => sum + length, 0);
    const loan = this.hub.loans.lend(bytes);
    let at = 0;
    for (const batch of batches) {
      const record = loan === null ? batch : new Uint8Array(loan.memory, at, batch.length);
      record.set(batch);
      at += batch.length;
      channel.publish(record, this.clock.now(), loan);
    }
    if (loan !== null) {
      this.loans += 1;
      this.memories.add(loan.memory);
      loan.giveBack();
    }
    this.hub.settle();
  }
}

/** The samples of a batch are their sequences. */
function check(record: Uint8Array): void {
  if (recordType(record) !== RECORD_BATCH) return;
  const { header, samplesAt } = readBatch(record);
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  for (const i of [0, header.count >> 1, header.count - 1]) {
    const sequence = view.getFloat64(samplesAt + i * header.size, true);
    if ((header.flags & 1) === 0) assert.equal(sequence, header.first + i);
  }
}

/** The system takes the oldest messages of a connection, which are still what was sent. */
function take(connection: MemoryConnection, count: number): void {
  for (const { records, loans } of connection.lent.splice(0, count)) {
    for (const record of records) check(record);
    for (const loan of loans) loan.giveBack();
  }
}

interface Reading extends Client {
  subscription: number | undefined;
}

type Step =
  | { readonly is: "read"; readonly counts: readonly number[] }
  | { readonly is: "tick" }
  | { readonly is: "take" | "stall" | "drain" | "turn"; readonly client: number };

const CLIENT = fc.nat(REQUESTS.length - 1);
const STEP: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      is: fc.constant("read" as const),
      counts: fc.array(fc.constantFrom(1, 700, 1100), { minLength: 1, maxLength: 2 }),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ is: "tick" as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      is: fc.constantFrom("take" as const, "stall" as const, "drain" as const, "turn" as const),
      client: CLIENT,
    }),
  },
);

describe("batches in lent memory", () => {
  it("are what was published, for every reader, until the system has taken them", () => {
    let [loans, memories] = [0, 0];
    fc.assert(
      fc.property(fc.array(STEP, { minLength: 60, maxLength: 120 }), (steps) => {
        const bench = new LendingBench();
        bench.connect();
        const state = bench.struct("state");
        const clients = REQUESTS.map((): Reading =>
          Object.assign(bench.enter(TOKEN, QUEUE_BYTES), { subscription: undefined }),
        );
        clients.forEach(turn);
        for (const step of steps) {
          if (step.is === "read") bench.read(state, step.counts);
          else if (step.is === "tick") bench.clock.advance(8);
          else act(step.is, step.client, clients);
          for (const { connection } of clients) for (const { records } of connection.lent) records.forEach(check);
        }
        for (const { connection } of clients) take(connection, Infinity);
        loans += bench.loans;
        memories += bench.memories.size;
      }),
      { numRuns: 10 },
    );
    assert.ok(memories < loans, `${String(memories)} pieces of memory for ${String(loans)} chunks`);
  });
});

function act(what: "take" | "stall" | "drain" | "turn", index: number, clients: readonly Reading[]): void {
  const client = clients[index];
  if (client === undefined) return;
  const { connection } = client;
  if (what === "take") take(connection, 10);
  else if (what === "turn") turn(client, index);
  else if (what === "stall") {
    connection.reads = false;
    connection.bufferedBytes = SOCKET_BYTES;
  } else {
    connection.reads = true;
    connection.drain();
  }
}

/** Subscribes, or ends the subscription; the client reads, so that the answer comes at once. */
function turn(client: Reading, index: number): void {
  client.connection.reads = true;
  client.connection.drain();
  client.connection.sent.splice(0);
  if (client.subscription === undefined) {
    const { subscription } = client.result({ op: "subscribe", channels: ["motor/state"], ...REQUESTS[index] });
    client.subscription = subscription as number;
  } else {
    client.ask({ op: "unsubscribe", subscription: client.subscription });
    client.subscription = undefined;
  }
}

// SPDX-License-Identifier: MIT
// What readers of channels get, and what they are told when a driver dies, loses or restarts.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { WHOLE, type Form } from "../../../bridge/hub/form.ts";
import { Readership, type SubscriptionSpec } from "../../../bridge/hub/readership.ts";
import { readBatchHeader } from "../../../bridge/layout/record.ts";
import { batchesOf, Bench, EPOCH, NotingReader } from "../../support/hub.ts";
import { batchRecord, doubles, utf8 } from "../../support/records.ts";

/** A subscription by what is not usual about it. */
type Wanted = Partial<Omit<SubscriptionSpec, "form">> & { readonly form?: Partial<Form> };

function read(
  bench: Bench,
  spec: Wanted,
  reader = new NotingReader(),
): { reader: NotingReader; readership: Readership } {
  const readership = new Readership(bench.hub, reader, () => true);
  subscribe(readership, spec);
  return { reader, readership };
}

function subscribe(readership: Readership, { form, ...spec }: Wanted): number {
  const { id, start } = readership.subscribe({
    channels: ["**"],
    form: { ...WHOLE, ...form },
    last: false,
    wait: false,
    echo: false,
    ...spec,
  });
  start();
  return id;
}

describe("a subscription", () => {
  it("gets every sample, merged to one chunk a tick", () => {
    const bench = new Bench();
    bench.connect();
    const state = bench.struct("state");
    const { reader } = read(bench, { channels: ["motor/state"] });
    bench.publish(state, 0);
    bench.publish(state, 1, 2);
    bench.publish(state, 3);
    assert.deepEqual(reader.take(), ["started motor/state at 0", "motor/state 0"]);
    bench.clock.advance(8);
    assert.deepEqual(reader.take(), ["motor/state 1,2,3"]);
  });

  it("shares the same bytes with every other reader of the stream", () => {
    const bench = new Bench();
    bench.connect();
    const state = bench.struct("state");
    const a = read(bench, {}).reader;
    const b = read(bench, {}).reader;
    bench.publish(state, 0);
    assert.equal(a.chunks[0]?.chunk, b.chunks[0]?.chunk);
    assert.equal(a.chunks[0]?.stream.id, readBatchHeader(batchesOf(a.chunks[0]!.chunk)[0]!).stream);
  });

  it("with latest gets the newest sample alone at each tick, and no losses", () => {
    const bench = new Bench();
    bench.connect();
    const state = bench.struct("state");
    const { reader } = read(bench, { form: { delivery: "latest" } });
    bench.publish(state, 0, 3);
    bench.publish(state, 3, 4);
    bench.publish(state, 10, 2);
    bench.clock.advance(8);
    assert.deepEqual(reader.take(), ["started motor/state at 0", "motor/state 2", "motor/state 11"]);
    const [first] = reader.chunks;
    assert.notEqual(first?.stream.id, state.source.id);
    assert.equal(readBatchHeader(batchesOf(first!.chunk)[0]!).stream, first?.stream.id);
  });

  it("with json gets text that was written once", () => {
    const bench = new Bench();
    bench.connect();
    const state = bench.struct("state");
    const { reader } = read(bench, { form: { encoding: "json" } });
    bench.publish(state, 0, 2);
    const id = String(state.stream({ ...WHOLE, encoding: "json" }).id);
    assert.equal(
      reader.take()[1],
      `motor/state {"op":"samples","stream":${id},"samples":[{"seq":0,"time":0,"value":{"angle":0}},{"seq":1,"time":1,"value":{"angle":1}}]}`,
    );
  });

  it("is told a loss for JSON that is none, in its place", () => {
    const bench = new Bench();
    bench.connect();
    const events = bench.json("events");
    const { reader } = read(bench, { form: { encoding: "json" } });
    const stream = events.source.id;
    bench.take(events, batchRecord({ stream, epoch: EPOCH, first: 0, variable: true, samples: [utf8("{broken")] }));
    bench.hub.settle();
    bench.take(events, batchRecord({ stream, epoch: EPOCH, first: 1, variable: true, samples: [utf8("[1]")] }));
    bench.clock.advance(8);
    const notes = reader.take();
    assert.equal(notes[1], "motor/events lost 0-0 (1, unknown)");
    assert.match(bench.hub.journal.lines[0]?.text ?? "", /^samples of "motor\/events" cannot be encoded/);
    assert.match(notes[2] ?? "", /"seq":1,.*"value":\[1\]/);
  });

  it("by pattern catches channels that appear later", () => {
    const bench = new Bench();
    bench.connect();
    bench.struct("state");
    const { reader } = read(bench, { channels: ["motor/net/*"] });
    assert.deepEqual(reader.take(), []);
    const eth0 = bench.struct("net/eth0");
    bench.publish(eth0, 0);
    bench.driver.withdraw(eth0);
    assert.deepEqual(reader.take(), [
      "started motor/net/eth0 at 0",
      "motor/net/eth0 0",
      "ended motor/net/eth0 withdrawn",
    ]);
  });

  it("gets no last sample of a channel that was withdrawn and advertised anew", () => {
    const bench = new Bench();
    bench.connect();
    const before = bench.struct("state");
    bench.publish(before, 0, 3);
    bench.driver.withdraw(before);
    const state = bench.struct("state");
    const { reader } = read(bench, { channels: ["motor/state"], last: true });
    bench.publish(state, 0);
    assert.deepEqual(reader.take(), ["started motor/state at 0", "motor/state 0"]);
  });

  it("of an unknown name is refused, and of one that may come back or is waited for is not", () => {
    const bench = new Bench();
    bench.connect();
    bench.struct("state");
    const readership = new Readership(bench.hub, new NotingReader(), () => true);
    assert.throws(() => subscribe(readership, { channels: ["motor/state", "motor/nothing"] }), {
      code: "unknown_channel",
    });
    assert.equal(readership.size, 0);
    subscribe(readership, { channels: ["motor/nothing"], wait: true });
    bench.disconnect();
    subscribe(readership, { channels: ["motor/state"] });
    assert.throws(() => subscribe(readership, { channels: ["other/state"] }), { code: "unknown_channel" });
    assert.throws(() => subscribe(readership, { channels: ["motor/**x"] }), { code: "name_invalid" });
  });

  it("of a driver that listens already waits until it was found", () => {
    const bench = new Bench((driver) => driver === "tally");
    bench.connect();
    const { reader, readership } = read(bench, { channels: ["tally/counts"] });
    assert.throws(() => subscribe(readership, { channels: ["motor/counts"] }), { code: "unknown_channel" });
    const tally = bench.hub.driver("unix:/run/tally.sock", "tally");
    tally.up({ name: "tally", epoch: EPOCH, pid: 13, schemas: bench.schemas }, bench.port);
    const spec = { kind: "json", schema: null, contentType: null, epoch: EPOCH, next: 0 } as const;
    tally.advertise("counts", spec);
    assert.deepEqual(reader.take(), ["started tally/counts at 0"]);
    assert.throws(() => subscribe(readership, { channels: ["tally/state"] }), { code: "unknown_channel" });
  });

  it("sees only the channels that exist for its session", () => {
    const bench = new Bench();
    bench.connect();
    bench.struct("state");
    bench.struct("secret");
    const reader = new NotingReader();
    const readership = new Readership(bench.hub, reader, (name) => name === "motor/state");
    subscribe(readership, { channels: ["**"] });
    assert.deepEqual(reader.take(), ["started motor/state at 0"]);
    assert.throws(() => subscribe(readership, { channels: ["motor/secret"] }), { code: "unknown_channel" });
    bench.struct("secret2");
    assert.deepEqual(reader.take(), []);
  });

  it("gets a stream once, whatever the number of subscriptions, until the last is gone", () => {
    const bench = new Bench();
    bench.connect();
    const state = bench.struct("state");
    const { reader, readership } = read(bench, { channels: ["motor/*"] });
    const second = subscribe(readership, { channels: ["**"] });
    const stream = state.source;
    assert.deepEqual(readership.subscriptionsOf(stream), [1, second]);
    bench.publish(state, 0);
    assert.deepEqual(reader.take(), ["started motor/state at 0", "shared motor/state", "motor/state 0"]);
    readership.unsubscribe(1);
    assert.deepEqual(readership.subscriptionsOf(stream), [second]);
    bench.publish(state, 1);
    readership.unsubscribe(second);
    bench.publish(state, 2);
    bench.clock.advance(8);
    assert.deepEqual(reader.take(), ["shared motor/state", "motor/state 1", "left motor/state"]);
    assert.throws(
      () => {
        readership.unsubscribe(second);
      },
      { code: "unknown_subscription" },
    );
  });

  it("with last gets the newest sample at once, also when the session has the stream already", () => {
    const bench = new Bench();
    bench.connect();
    const state = bench.struct("state");
    bench.publish(state, 0, 5);
    const { reader, readership } = read(bench, { last: true });
    assert.deepEqual(reader.take(), ["started motor/state at 5", "motor/state 4"]);
    subscribe(readership, { last: true });
    assert.deepEqual(reader.take(), ["shared motor/state", "motor/state 4"]);
    bench.hub.beat();
    subscribe(readership, { last: true, form: { delivery: "latest" } });
    assert.deepEqual(reader.take(), ["started motor/state at 5", "motor/state 4"]);
  });

  it("that comes late gets nothing from before", () => {
    const bench = new Bench();
    bench.connect();
    const state = bench.struct("state");
    read(bench, {});
    bench.publish(state, 0);
    bench.publish(state, 1); // waits for the tick
    const { reader } = read(bench, {});
    bench.publish(state, 2);
    bench.clock.advance(8);
    assert.deepEqual(reader.take(), ["started motor/state at 2", "motor/state 2"]);
  });

  it("holds at most a mebibyte of what waits for the tick", () => {
    const bench = new Bench();
    bench.connect();
    const state = bench.struct("state");
    const { reader } = read(bench, {});
    bench.publish(state, 0);
    reader.take();
    bench.publish(state, 1, 70_000); // 1.1 MB
    assert.equal(reader.take().length, 1);
  });

  it("lays batches together while they are small and leaves large ones as they came", () => {
    const bench = new Bench();
    bench.connect();
    const state = bench.struct("state");
    const { reader } = read(bench, {});
    bench.publish(state, 0);
    const large = batchRecord({
      stream: state.source.id,
      schema: state.schema!.id,
      epoch: EPOCH,
      first: 3,
      samples: doubles(...new Array<number>(20_000).fill(0)),
    });
    bench.publish(state, 1);
    bench.publish(state, 2);
    bench.take(state, large);
    bench.clock.advance(8);
    const { parts, first, last, count } = reader.chunks[1]!.chunk;
    assert.equal(parts.length, 2);
    assert.equal(parts[1], large);
    assert.deepEqual([first, last, count], [1, 20_002, 20_002]);
  });
});

describe("losses", () => {
  it("that a driver reports stand in their place, and what nobody explains is unknown", () => {
    const bench = new Bench();
    bench.connect();
    const state = bench.struct("state");
    const { reader } = read(bench, {});
    bench.publish(state, 0, 2);
    state.lose({ epoch: EPOCH, from: 2, to: 4, count: 3, reason: "ring_full" });
    bench.publish(state, 5);
    bench.publish(state, 9);
    bench.clock.advance(8);
    assert.deepEqual(reader.take().slice(1), [
      "motor/state 0,1",
      "motor/state lost 2-4 (3, ring_full)",
      "motor/state 5",
      "motor/state lost 6-8 (3, unknown)",
      "motor/state 9",
    ]);
  });

  it("of a producer that goes back or is of another life are refused as bad records", () => {
    const bench = new Bench();
    bench.connect();
    const state = bench.struct("state");
    bench.publish(state, 5);
    assert.throws(
      () => {
        bench.publish(state, 5);
      },
      { code: "bad_record" },
    );
    const record = batchRecord({ stream: state.source.id, epoch: 1n, first: 9, samples: doubles(1) });
    assert.throws(
      () => {
        bench.take(state, record);
      },
      { code: "bad_record" },
    );
    assert.throws(
      () => {
        state.lose({ epoch: 1n, from: 6, to: 6, count: 1, reason: "ring_full" });
      },
      { code: "bad_record" },
    );
  });

  it("inside a batch that lists its sequences do not hide the last one", () => {
    const bench = new Bench();
    bench.connect();
    const state = bench.struct("state");
    const { reader } = read(bench, {});
    const record = batchRecord({
      stream: state.source.id,
      schema: state.schema!.id,
      epoch: EPOCH,
      first: 0,
      samples: doubles(0, 4),
      sequences: [0, 4],
    });
    bench.take(state, record);
    bench.publish(state, 5);
    assert.deepEqual(reader.take(), ["started motor/state at 0", "motor/state 0,4,5"]);
    assert.equal(state.next, 6);
  });
});

describe("a driver that dies and comes back", () => {
  it("in the same life: what was published meanwhile is lost, nothing else, and the stream keeps its id", () => {
    const bench = new Bench();
    bench.connect();
    const state = bench.struct("state");
    const { reader } = read(bench, { channels: ["motor/state"] });
    bench.publish(state, 0, 10);
    const id = state.source.id;
    bench.disconnect();
    bench.connect();
    const again = bench.struct("state", { next: 25 });
    bench.publish(again, 25);
    assert.equal(again.source.id, id);
    assert.deepEqual(reader.take().slice(2), [
      "ended motor/state disconnected",
      "started motor/state at 25",
      "motor/state lost 10-24 (15, disconnected)",
      "motor/state 25",
    ]);
  });

  it("in another life: a restart in its place, after what was still to be handed out", () => {
    const bench = new Bench();
    bench.connect();
    const state = bench.struct("state");
    const { reader } = read(bench, {});
    bench.publish(state, 0);
    bench.publish(state, 1); // waits for the tick
    bench.disconnect();
    bench.connect(EPOCH + 1n);
    const again = bench.struct("state", { epoch: EPOCH + 1n, type: "wide_state", next: 3 });
    assert.notEqual(again.schema!.id, bench.schemas.entry("state").id);
    assert.equal(again.newest, null);
    assert.deepEqual(reader.take().slice(2), [
      "motor/state 1",
      "ended motor/state disconnected",
      `started motor/state at 3 after ${String(EPOCH)}`,
    ]);
  });

  it("a reader that came while it was away is told no loss", () => {
    const bench = new Bench();
    bench.connect();
    const state = bench.struct("state");
    bench.publish(state, 0, 10);
    bench.disconnect();
    const { reader } = read(bench, { channels: ["motor/state"] });
    bench.connect();
    bench.struct("state", { next: 25 });
    assert.deepEqual(reader.take(), ["started motor/state at 25"]);
  });
});

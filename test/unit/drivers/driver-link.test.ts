// SPDX-License-Identifier: MIT
// The bounds of a driver link: its time, its requests, its memory, what it offers.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MAX_UNREAD_BYTES } from "../../../bridge/drivers/driver-link.ts";
import { HELLO_MS, PING_MS, SILENCE_MS } from "../../../bridge/drivers/protocol.ts";
import { ReadMemory } from "../../../bridge/drivers/read-memory.ts";
import { addonCodec } from "../../../bridge/layout/addon.ts";
import { readBatch, viewOf } from "../../../bridge/layout/batch.ts";
import { BridgeError } from "../../../bridge/model/errors.ts";
import * as says from "../../support/driver-records.ts";
import { LinkBench } from "../../support/link-bench.ts";
import { batchRecord, doubles, join, utf8 } from "../../support/records.ts";
import { schemaBlob } from "../../support/schemas.ts";

const greeting = says.hello({ schema: schemaBlob() });

describe("the time of a driver link", () => {
  it("waits for a hello so long and no longer", () => {
    const bench = new LinkBench();
    bench.clock.advance(HELLO_MS - 1);
    assert.deepEqual(bench.faultCodes, []);
    bench.clock.advance(1);
    assert.deepEqual(bench.faultCodes, ["timeout"]);
  });

  it("pings every second, and calls a driver silent that says nothing after ten of them", () => {
    const bench = new LinkBench();
    bench.hear(greeting);
    bench.clock.advance(3 * PING_MS);
    assert.equal(bench.sent.filter(({ is }) => is === "ping").length, 4);
    bench.hear(says.pong(4n, 42n));
    assert.equal(bench.link.state.driftNs, 42n);
    bench.clock.advance(SILENCE_MS); // the tenth ping goes out now
    assert.deepEqual(bench.faultCodes, []);
    bench.clock.advance(PING_MS);
    assert.deepEqual(bench.faultCodes, ["timeout"]);
  });

  it("leaves no timer when it is closed", () => {
    const bench = new LinkBench();
    bench.hear(greeting);
    bench.link.close(new BridgeError("closed"), "down", "ok");
    bench.link.close(new BridgeError("closed"), "down", "ok");
    bench.clock.advance(300); // the directory's own
    assert.equal(bench.clock.waiting, 0);
    assert.deepEqual(
      bench.took().map(({ is }) => is),
      ["attach", "end"],
    );
  });
});

describe("the requests of a driver link", () => {
  function setUp(): LinkBench {
    const bench = new LinkBench();
    bench.hear(
      greeting,
      says.parameter(1, "gains", "gains", new Uint8Array(24)),
      says.parameter(2, "other", "gains", new Uint8Array(24)),
      says.service(3, "count", ["request", 16], ["reply", 8]),
      says.control(26, 32, () => undefined), // a ping of the driver's own
    );
    bench.took();
    return bench;
  }

  it("are refused as busy while the driver does not read", async () => {
    const bench = setUp();
    bench.unreadBytes = MAX_UNREAD_BYTES + 1;
    await assert.rejects(bench.link.set(1, new Uint8Array(24), new Uint8Array(24)), { code: "busy" });
    assert.equal(bench.link.state.pending, 0);
    assert.deepEqual(bench.took(), []);
  });

  const breaches: [string, (set: number, call: number) => Uint8Array][] = [
    ["a value of another parameter", (set) => says.value({ set, parameter: 2, value: new Uint8Array(24) })],
    ["a value for a call", (_set, call) => says.value({ set: call, parameter: 1, value: new Uint8Array(24) })],
    ["a reply of another size", (_set, call) => says.reply(call, new Uint8Array(16))],
    ["a reply to a set", (set) => says.reply(set, new Uint8Array(8))],
    ["a reply to nothing", () => says.reply(99, new Uint8Array(8))],
    ["a refusal of nothing", () => says.refuse(0, 9, "no")],
  ];
  for (const [what, answer] of breaches) {
    it(`answered by ${what} end the link as a bad record`, async () => {
      const bench = setUp();
      const answers = Promise.allSettled([
        bench.link.set(1, new Uint8Array(24), new Uint8Array(24)),
        bench.link.call(3, new Uint8Array(16)).answer,
      ]);
      const [set, call] = bench.took().map((record) => ("id" in record ? Number(record.id) : 0));
      assert.throws(
        () => {
          bench.hear(answer(set ?? 0, call ?? 0));
        },
        { code: "bad_record" },
      );
      bench.link.close(new BridgeError("bad_record"), "refused");
      for (const outcome of await answers) assert.equal(outcome.status, "rejected");
    });
  }
});

describe("the samples of a driver", () => {
  /** 2000 samples, which are their sequences. */
  function batch(first: number): Uint8Array {
    const samples = doubles(...Array.from({ length: 2000 }, (_, i) => first + i));
    return batchRecord({ stream: 1, epoch: 7n, first, samples });
  }

  function setUp(): { readonly bench: LinkBench; readonly newest: () => readonly number[] } {
    const bench = new LinkBench(addonCodec());
    bench.hear(greeting, says.advertise());
    const newest = (): readonly number[] => {
      const record = bench.hub.directory.channels.get("foreign/state")?.newest?.batch ?? new Uint8Array(0);
      const { samplesAt, header } = readBatch(record);
      const view = viewOf(record);
      return [0, header.count - 1].map((i) => view.getFloat64(samplesAt + 8 * i, true));
    };
    return { bench, newest };
  }

  it("are read into memory that is used again once nobody reads it", () => {
    const { bench, newest } = setUp();
    const { loans } = bench.hub;
    for (let i = 0; i < 10; i++) {
      bench.hear(batch(2000 * i));
      assert.deepEqual(newest(), [2000 * i, 2000 * i + 1999]);
    }
    assert.ok(loans.idleBytes > 0 && loans.idleBytes < 3 * batch(0).length, String(loans.idleBytes));
  });

  it("stay what they are when they come in pieces, or together with what else a driver says", () => {
    const { bench, newest } = setUp();
    const stream = join(...Array.from({ length: 6 }, (_, i) => join(batch(2000 * i), says.pong(1n, 0n))));
    for (let at = 0; at < stream.length; at += 25_000) bench.hear(stream.subarray(at, at + 25_000));
    assert.deepEqual(newest(), [10_000, 11_999]);
    assert.equal(bench.link.state.counts.samples, 12_000);
    assert.deepEqual(bench.faultCodes, []);
  });
});

describe("the memory of a driver link", () => {
  /** Some 64 KB, as the SDK sends them; the samples are their sequences. */
  const batches = Array.from({ length: 40 }, (_, i) => batchOf(4000 * i, 4000));

  function batchOf(first: number, count: number): Uint8Array {
    const samples = doubles(...Array.from({ length: count }, (_, i) => first + i));
    return batchRecord({ stream: 1, epoch: 7n, first, samples });
  }

  /** Reads a driver's bytes in pieces of so many at most; tells how many samples came and how many reads stayed where they were. */
  function read(stream: Uint8Array, pieceBytes: number): { samples: number; stayed: number; bench: LinkBench } {
    const bench = new LinkBench(addonCodec());
    const memory = new ReadMemory(bench.hub.loans);
    bench.hear(greeting, says.advertise());
    let [samples, stayed] = [0, 0];
    for (let at = 0; at < stream.length;) {
      const room = memory.room();
      const piece = stream.subarray(at, at + Math.min(room.length, pieceBytes));
      room.set(piece);
      at += piece.length;
      const { loan } = memory;
      memory.next(bench.link.chunk(memory.filled(piece.length), loan));
      const newest = bench.hub.directory.channels.get("foreign/state")?.newest;
      if (newest === null || newest === undefined) continue;
      const { samplesAt, header } = readBatch(newest.batch);
      const view = viewOf(newest.batch);
      for (const i of [0, header.count - 1]) assert.equal(view.getFloat64(samplesAt + 8 * i, true), newest.first + i);
      if (newest.last >= samples && newest.batch.buffer === loan.memory) stayed += 1;
      samples = newest.last + 1;
    }
    memory.close();
    return { samples, stayed, bench };
  }

  it("keeps large batches where they were read, and is used again", () => {
    const { samples, stayed, bench } = read(join(...batches), 262_144);
    assert.equal(samples, 160_000);
    assert.ok(stayed >= 8, String(stayed));
    assert.ok(bench.hub.loans.idleBytes <= 4 * 327_680, String(bench.hub.loans.idleBytes));
  });

  it("holds what has come of a record until all of it has, however it is cut", () => {
    const stream = join(...batches.flatMap((batch) => [batch, says.pong(1n, 0n)]));
    for (const pieceBytes of [30_000, 64_040, 100_000, 200_000]) {
      const { samples, bench } = read(stream, pieceBytes);
      assert.equal(samples, 160_000, String(pieceBytes));
      assert.equal(bench.link.state.counts.samples, 160_000);
      assert.deepEqual(bench.faultCodes, []);
    }
  });

  it("is not needed for a record that is longer than what one read brings", () => {
    const { bench } = read(join(batchOf(0, 50_000), ...batches.slice(13)), 262_144);
    assert.equal(bench.link.state.counts.samples, 50_000 + 27 * 4000);
  });
});

describe("what a driver offers", () => {
  it("is all there once the driver says so; one that cannot say it is taken to have it at its hello", () => {
    const isComing = (bench: LinkBench): boolean => bench.hub.arrival("parameter", "foreign/gains", 1000) !== undefined;
    const bench = new LinkBench();
    assert.equal(isComing(bench), true); // connected, nothing said
    bench.hear(says.hello({ minor: 2, schema: schemaBlob() }), says.advertise({ kind: 2, size: 0, type: "" }));
    assert.equal(isComing(bench), true);
    assert.equal(bench.hub.mayAppear("foreign/more"), true);
    bench.hear(says.ready());
    assert.equal(isComing(bench), false);
    assert.equal(bench.hub.mayAppear("foreign/more"), false);
    const old = new LinkBench();
    old.hear(says.hello({ minor: 1, schema: schemaBlob() }));
    assert.equal(isComing(old), false);
  });

  it("may be much, but not so much that its description fills the memory of everybody who lists it", () => {
    const fields = Array.from({ length: 4000 }, (_, i) => ({
      n: `f${String(i)}`,
      t: "u8",
      o: i,
      doc: "x".repeat(100),
    }));
    const schema = {
      v: 1,
      endian: "le",
      types: { large: { k: "struct", size: 4000, hash: "", f: fields } },
      messages: [],
    };
    const bench = new LinkBench();
    bench.hear(says.hello({ schema: utf8(JSON.stringify(schema)) }));
    const advertise = (stream: number): void => {
      bench.hear(says.advertise({ stream, name: `c${String(stream)}`, type: "large", size: 4000 }));
    };
    for (let stream = 1; stream <= 15; stream++) advertise(stream);
    for (let i = 0; i < 10; i++) {
      bench.hear(says.withdraw(15));
      advertise(15);
    }
    assert.throws(
      () => {
        for (let stream = 16; stream <= 40; stream++) advertise(stream);
      },
      { code: "bad_schema", message: /too many fields/ },
    );
  });

  it("may be large parameters, but not so many that they fill the bridge's memory", () => {
    const size = 1_000_000;
    const fields = [{ n: "table", t: "u8", o: 0, d: [size] }];
    const types = { large: { k: "struct", size, hash: "", f: fields } };
    const bench = new LinkBench();
    bench.hear(says.hello({ schema: utf8(JSON.stringify({ v: 1, endian: "le", types, messages: [] })) }));
    assert.throws(
      () => {
        for (let id = 1; id <= 20; id++)
          bench.hear(says.parameter(id, `p${String(id)}`, "large", new Uint8Array(size)));
      },
      { code: "bad_record", message: /too large in all/ },
    );
  });
});

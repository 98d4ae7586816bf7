// SPDX-License-Identifier: MIT
// Sets, calls, logs and schemas in the hub, without a wire.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Channel } from "../../../bridge/hub/channel.ts";
import { JOURNAL_LINES } from "../../../bridge/hub/journal.ts";
import { MAX_NEWEST_BYTES } from "../../../bridge/hub/hub.ts";
import type { Parameter } from "../../../bridge/hub/parameter.ts";
import type { AppliedValue } from "../../../bridge/hub/ports.ts";
import { MAX_IDLE_SCHEMAS, Schemas } from "../../../bridge/hub/schemas.ts";
import { BridgeError } from "../../../bridge/model/errors.ts";
import { Bench, driverService, EPOCH } from "../../support/hub.ts";
import { batchRecord } from "../../support/records.ts";
import { schemaSource } from "../../support/schemas.ts";

function setUp(): { bench: Bench; gains: Parameter } {
  const bench = new Bench();
  bench.connect();
  const schema = bench.schemas.entry("gains");
  const gains = bench.driver.declareParameter({
    id: 5,
    name: "gains",
    schema,
    channel: null,
    value: new Uint8Array(24),
  });
  bench.driver.declareService({ id: 6, name: "reset", request: null, reply: null });
  return { bench, gains };
}

const value = new Uint8Array(24).fill(1);
const applied: AppliedValue = { value, channel: "motor/state", epoch: EPOCH, next: 7, time: 5n };

describe("a set", () => {
  it("goes to its driver and is answered with what was applied", async () => {
    const { bench, gains } = setUp();
    const answer = bench.hub.set(gains, value, value, 1000);
    assert.equal(bench.port.sets[0]?.parameter, 5);
    bench.port.sets[0].answer.resolve(applied);
    assert.equal(await answer, applied);
    assert.equal(bench.clock.waiting, 1); // the common timer of such waits
  });

  it("fails with the driver's reason, with timeout, and at once when the driver dies", async () => {
    const { bench, gains } = setUp();
    const set = (): Promise<AppliedValue> => bench.hub.set(gains, value, value, 1000);
    const refused = set();
    bench.port.sets[0]?.answer.reject(new BridgeError("out_of_range", "kp must be at most 10"));
    await assert.rejects(refused, { code: "out_of_range", message: "kp must be at most 10" });
    const late = set();
    bench.clock.advance(1000);
    await assert.rejects(late, { code: "timeout" });
    const dead = set();
    bench.disconnect();
    await assert.rejects(dead, { code: "disconnected" });
    await assert.rejects(set(), { code: "disconnected" });
  });

  it("of a parameter whose driver is away is disconnected, of one that never was is unknown", () => {
    const { bench } = setUp();
    bench.disconnect();
    assert.throws(() => bench.hub.parameter("motor/gains"), { code: "disconnected" });
    assert.throws(() => bench.hub.parameter("motor/reset2"), { code: "unknown_parameter" });
    assert.throws(() => bench.hub.service("motor/reset"), { code: "disconnected" });
    assert.throws(() => bench.hub.service("motor/reset2"), { code: "unknown_service" });
    bench.connect();
    assert.throws(() => bench.hub.parameter("motor/gains"), { code: "unknown_parameter" });
  });

  it("changes the value for everybody who listens", () => {
    const { bench, gains } = setUp();
    const heard: string[] = [];
    const stop = bench.hub.onValue((parameter, { next }) => heard.push(`${parameter.name} ${String(next)}`));
    bench.driver.applied(gains, applied);
    stop();
    bench.driver.applied(gains, applied);
    assert.deepEqual(heard, ["motor/gains 7"]);
    assert.equal(bench.hub.parameter("motor/gains").value, value);
  });
});

describe("a call", () => {
  it("is cancelled at the driver when its caller cancels, or its time is over", async () => {
    const { bench } = setUp();
    const service = driverService(bench.hub, "motor/reset");
    const cancelled = bench.hub.call(service, new Uint8Array(0), 1000);
    cancelled.cancel();
    await assert.rejects(cancelled.answer, { code: "cancelled" });
    assert.equal(bench.port.calls[0]?.givenUp, true);
    const late = bench.hub.call(service, new Uint8Array(0), 1000);
    bench.clock.advance(1000);
    await assert.rejects(late.answer, { code: "timeout" });
    assert.equal(bench.port.calls[1]?.givenUp, true);
    bench.port.calls[1].answer.resolve(new Uint8Array(0)); // too late: nobody minds
    const done = bench.hub.call(service, new Uint8Array(0), 1000);
    bench.port.calls[2]?.answer.resolve(new Uint8Array(8));
    assert.equal((await done.answer).length, 8);
    done.cancel();
    assert.equal(bench.port.calls[2]?.givenUp, false);
  });
});

describe("the journal", () => {
  it("keeps the latest lines", () => {
    const { journal } = new Bench().hub;
    for (let i = 0; i < JOURNAL_LINES + 5; i++)
      journal.add({ driver: "motor", level: "info", time: i, text: String(i) });
    assert.equal(journal.lines.length, JOURNAL_LINES);
    assert.equal(journal.lines[0]?.text, "5");
  });
});

describe("schemas", () => {
  it("keep the ids of a driver that comes back with the same blob", () => {
    const schemas = new Schemas();
    const first = schemas.acquire("a", schemaSource);
    const { id, layout } = first.entry("state");
    schemas.release(first);
    const again = schemas.acquire("a", () => assert.fail("was parsed again")).entry("state");
    assert.equal(again.id, id);
    assert.equal(again.layout, layout);
    assert.notEqual(schemas.acquire("b", schemaSource).entry("state").id, id);
  });

  it("that nobody uses are kept in a bounded number, the latest ones", () => {
    const schemas = new Schemas();
    const used = schemas.acquire("used", schemaSource);
    for (let i = 0; i <= MAX_IDLE_SCHEMAS; i++) schemas.release(schemas.acquire(String(i), schemaSource));
    let opened = 0;
    const open = (): ReturnType<typeof schemaSource> => {
      opened += 1;
      return schemaSource();
    };
    assert.equal(schemas.acquire("used", open), used);
    schemas.acquire(String(MAX_IDLE_SCHEMAS), open);
    assert.equal(opened, 0);
    schemas.acquire("0", open);
    assert.equal(opened, 1);
  });
});

describe("the newest batches", () => {
  function image(bench: Bench, name: string): Channel {
    return bench.driver.advertise(name, {
      kind: "bytes",
      schema: null,
      contentType: "image/png",
      epoch: EPOCH,
      next: 0,
    });
  }

  function publish(bench: Bench, channel: Channel, ...sizes: readonly number[]): void {
    const samples = sizes.map((size) => new Uint8Array(size));
    const first = channel.next;
    bench.take(channel, batchRecord({ stream: channel.source.id, epoch: EPOCH, first, variable: true, samples }));
  }

  it("take bounded memory: first all but the newest sample goes, then these too", () => {
    const bench = new Bench();
    bench.connect();
    const images = Array.from({ length: 80 }, (_, i) => image(bench, `image${String(i)}`));
    const kept = (): number => images.reduce((sum, { newest }) => sum + (newest?.batch.buffer.byteLength ?? 0), 0);
    for (const channel of images) publish(bench, channel, 1_000_000, 1000);
    assert.ok(kept() <= MAX_NEWEST_BYTES);
    assert.ok(images.every(({ newest }) => newest !== null));
    for (const channel of images) publish(bench, channel, 1_000_000);
    assert.ok(kept() <= MAX_NEWEST_BYTES);
    assert.ok(images.some(({ newest }) => newest === null));
    assert.notEqual(images[79]?.newest, null);
  });
});

// SPDX-License-Identifier: MIT
// A program that was built for one schema meets a driver with another.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Batch } from "../../../bridge/client/batch.ts";
import type { Client } from "../../../bridge/client/client.ts";
import { currentFields, guardValue } from "../../../bridge/client/mismatch/guard.ts";
import { mismatchOf, type Mismatch } from "../../../bridge/client/mismatch/mismatch.ts";
import { parseSchema } from "../../../bridge/layout/schema.ts";
import type { Schema } from "../../../bridge/model/schema.ts";
import { range, readingBatch } from "../../support/batches.ts";
import type { Peer } from "../../support/scripted-bridge.ts";
import { announce, withClient } from "../../support/scripted-client.ts";

const EPOCH = 11n;

type Fields = readonly Readonly<Record<string, unknown>>[];

/** A schema of the channel, the parameter and the service's request and reply `reading`. */
function schemaOf(fields: Fields, types: Readonly<Record<string, unknown>> = {}): Schema {
  const roles = ["channel", "parameter", "request", "reply"];
  return parseSchema({
    v: 1,
    endian: "le",
    types: { ...types, reading: { k: "struct", size: 16, hash: "", f: fields } },
    messages: roles.map((role) => ({ name: "reading", role, type: "reading" })),
  });
}

/** What the driver has. */
const CURRENT = schemaOf([
  { n: "value", t: "f64", o: 0, u: "V" },
  { n: "count", t: "i64", o: 8, tags: { was: "total" } },
]);
const BUILT = schemaOf([
  { n: "value", t: "f64", o: 0, u: "mV" },
  { n: "total", t: "i64", o: 8, min: 0 },
]);
const NOTICE =
  "rig/reading is not what this program was built for: value is in V, was in mV (break); total is called count now (note); total goes from -∞ to ∞, went from 0 to ∞ (note)";
const BREAK = {
  code: "schema_mismatch",
  message: "rig/reading: value is in V, was in mV, and this program was built for what it was",
};

/** What the client tells as notices from now on. */
function noticesOf(client: Client): string[] {
  const told: string[] = [];
  client.on("notice", ({ message }) => told.push(message));
  return told;
}

/** The first batch of the channel. */
async function firstBatch(client: Client, peer: Peer, built: object, current = CURRENT): Promise<Batch> {
  const batches = client.driver("rig", { schema: built }).channel("reading").batches();
  const next = batches.next();
  await peer.answer("subscribe", { subscription: 1 });
  announce(peer, { schema: current, epoch: EPOCH, next: 0 });
  peer.records(readingBatch({ stream: 3, schema: 7, epoch: EPOCH, sequences: range(0, 3) }));
  const { value } = await next;
  assert.ok(value !== undefined);
  return value;
}

describe("reading a channel that is not what the program was built for", () => {
  it("throws at the first look at a field that breaks, and gives one of another name under both", () =>
    withClient(async ({ peer, client }) => {
      const notices = noticesOf(client);
      const batch = await firstBatch(client, peer, BUILT);
      assert.deepEqual(notices, [NOTICE]);
      assert.throws(() => batch.columns["value"], BREAK);
      assert.deepEqual(batch.columns["total"], new BigInt64Array([0n, -1n, -2n, -3n]));
      assert.equal(batch.columns["total"], batch.columns["count"]);
      assert.deepEqual(Object.keys(batch.columns), ["count", "total"]);
      const [, second] = batch.values() as Record<string, unknown>[];
      assert.throws(() => second?.["value"], BREAK);
      assert.deepEqual({ ...second }, { count: -1n, total: -1n });
    }));

  it("tells a notice once, and nothing when nothing differs", () =>
    withClient(async ({ peer, client }) => {
      const notices = noticesOf(client);
      const channel = client.driver("rig", { schema: BUILT }).channel("reading");
      for (const subscription of [1, 2]) {
        const latest = channel.latest({ timeoutMs: 60_000 });
        await peer.answer("subscribe", { subscription });
        announce(peer, { schema: CURRENT, epoch: EPOCH, next: 0, subscriptions: [subscription] });
        peer.records(readingBatch({ stream: 3, schema: 7, epoch: EPOCH, sequences: [subscription] }));
        await latest;
        await peer.answer("unsubscribe", {});
      }
      assert.deepEqual(notices, [NOTICE]);
      const batch = await firstBatch(client, peer, CURRENT);
      assert.equal(batch.columns["value"]?.length, 4);
      assert.deepEqual(notices, [NOTICE]);
    }));

  it("keeps guarding what take() gives", () =>
    withClient(async ({ peer, client }) => {
      const taking = client.driver("rig", { schema: BUILT }).channel("reading").take(3);
      await peer.answer("subscribe", { subscription: 1 });
      announce(peer, { schema: CURRENT, epoch: EPOCH, next: 0 });
      for (const sequence of [0, 1, 2]) {
        peer.records(readingBatch({ stream: 3, schema: 7, epoch: EPOCH, sequences: [sequence] }));
      }
      const { columns } = await taking;
      assert.throws(() => columns["value"], BREAK);
      assert.deepEqual(columns["total"], new BigInt64Array([0n, -1n, -2n]));
    }));

  it("compares again when the driver comes back with another layout", () =>
    withClient(async ({ peer, client }) => {
      const batches = client.driver("rig", { schema: CURRENT }).channel("reading").batches();
      const first = batches.next();
      await peer.answer("subscribe", { subscription: 1 });
      announce(peer, { schema: CURRENT, epoch: EPOCH, next: 0 });
      peer.records(readingBatch({ stream: 3, schema: 7, epoch: EPOCH, sequences: [0] }));
      const whole = (await first).value as Batch;
      assert.equal(whole.columns["value"]?.[0], 0);
      const second = batches.next();
      peer.send({ op: "schema", schema: 8, type: "reading", blob: BUILT });
      peer.send({ op: "restart", stream: 3, channel: "rig/reading", schema: 8, epoch: "12", previous: "11", next: 0 });
      peer.records(readingBatch({ stream: 3, schema: 8, epoch: 12n, sequences: [0] }));
      const broken = (await second).value as Batch;
      assert.throws(() => broken.columns["value"], { code: "schema_mismatch", message: /is in mV, was in V/ });
      assert.equal(broken.columns["count"]?.[0], 0n);
    }));

  it("does not miss fields that were not asked for", () =>
    withClient(async ({ peer, client }) => {
      const notices = noticesOf(client);
      const batches = client
        .driver("rig", { schema: CURRENT })
        .channel("reading")
        .batches({ fields: ["count"] });
      const next = batches.next();
      await peer.answer("subscribe", { subscription: 1 });
      announce(peer, { schema: schemaOf([{ n: "count", t: "i64", o: 8 }]), epoch: EPOCH, next: 0 });
      peer.records(readingBatch({ stream: 3, schema: 7, epoch: EPOCH, sequences: [5] }));
      const { columns } = (await next).value as Batch;
      assert.deepEqual([columns["count"]?.[0], columns["value"]], [-5n, undefined]);
      assert.deepEqual(notices, []);
    }));

  it("says nothing of what was not expected, and refuses a schema that is none", () =>
    withClient(async ({ peer, client }) => {
      assert.throws(() => client.driver("rig", { schema: {} }), { code: "bad_schema" });
      const batch = await firstBatch(client, peer, { v: 1, endian: "le", types: {}, messages: [] });
      assert.equal(batch.columns["value"]?.length, 4);
    }));
});

describe("parameters and services that are not what the program was built for", () => {
  const answerSchema = (peer: Peer, schema: Schema | null = CURRENT): ReturnType<Peer["answer"]> =>
    peer.answer("schema", { driver: "rig", epoch: "11", hash: "abc", schema });
  const fields = [
    { name: "value", type: "f64" },
    { name: "count", type: "i64" },
  ];
  const directory = {
    drivers: [],
    channels: [],
    parameters: [
      { parameter: "rig/reading", driver: "rig", channel: null, schema: 7, type: "reading", value: {}, fields },
    ],
    services: [{ service: "rig/reading", driver: "rig", request: { type: "", fields }, reply: { type: "", fields } }],
  };

  it("are read under the names of then, and break when they are looked at", () =>
    withClient(async ({ peer, client }) => {
      const notices = noticesOf(client);
      const rig = client.driver("rig", { schema: BUILT });
      const asked = rig.get("reading");
      await answerSchema(peer);
      await peer.answer("get", { parameter: "rig/reading", value: { value: 1, count: 5 } });
      await peer.answer("list", directory);
      const value = await asked;
      assert.equal(value["total"], 5n);
      assert.throws(() => value["value"], BREAK);
      assert.deepEqual(notices, [NOTICE]);
      // The next time the bridge is told which schema is known.
      const again = rig.get("reading");
      const { known } = await answerSchema(peer, null);
      assert.equal(known, "abc");
      await peer.answer("get", { parameter: "rig/reading", value: { value: 1, count: 6 } });
      assert.equal((await again)["total"], 6n);
    }));

  it("are set under the names of now, and nothing is sent of what breaks", () =>
    withClient(async ({ peer, client }) => {
      const rig = client.driver("rig", { schema: BUILT });
      const setting = rig.set("reading", { total: 3n });
      await answerSchema(peer);
      const applied = {
        parameter: "rig/reading",
        applied: { value: 1, count: 3 },
        channel: null,
        epoch: null,
        seq: null,
        time: 1,
      };
      const { values } = await peer.answer("set", applied);
      assert.deepEqual(values, { count: 3 });
      await peer.answer("list", directory);
      assert.equal((await setting).applied["total"], 3n);
      const refused = rig.set("reading", { value: 3 });
      await answerSchema(peer, null);
      await assert.rejects(refused, BREAK);
      const called = rig.call("reading", { value: 3 });
      await answerSchema(peer, null);
      await answerSchema(peer, null);
      await assert.rejects(called, BREAK);
    }));
});

describe("guarding nested fields", () => {
  const inner = (...names: readonly string[]): Record<string, unknown> => ({
    inner: { k: "struct", size: 4, hash: "", f: names.map((name, at) => ({ n: name, t: "u8", o: at })) },
  });
  const mismatch: Mismatch = mismatchOf(
    "rig/reading",
    { schema: schemaOf([{ n: "list", t: "inner", o: 0, d: [2] }], inner("a", "gone", "c")), type: "reading" },
    {
      schema: schemaOf([{ n: "items", t: "inner", o: 0, d: [2], tags: { was: "list" } }], {
        inner: {
          k: "struct",
          size: 4,
          hash: "",
          f: [
            { n: "a", t: "u8", o: 0 },
            { n: "b", t: "u8", o: 1, tags: { was: "c" } },
          ],
        },
      }),
      type: "reading",
    },
  );

  it("reaches them in lists of structs", () => {
    const value = guardValue(
      {
        items: [
          { a: 1, b: 2 },
          { a: 3, b: 4 },
        ],
      },
      mismatch,
    ) as Record<string, unknown>;
    const [first] = value["list"] as Record<string, unknown>[];
    assert.deepEqual([first?.["a"], first?.["c"], first?.["b"]], [1, 2, 2]);
    assert.throws(() => first?.["gone"], { code: "schema_mismatch", message: /list\.gone is gone/ });
  });

  it("renames them however they are written", () => {
    assert.deepEqual(currentFields({ list: [{ c: 1 }, { a: 2 }] }, mismatch), { items: [{ b: 1 }, { a: 2 }] });
    assert.deepEqual(currentFields({ "list[1].c": 1, "list.a": [1, 2] }, mismatch), {
      "items[1].b": 1,
      "items.a": [1, 2],
    });
    for (const values of [{ "list[0].gone": 1 }, { list: [{ gone: 1 }] }]) {
      assert.throws(() => currentFields(values, mismatch), { code: "schema_mismatch" });
    }
  });
});

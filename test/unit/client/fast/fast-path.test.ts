// SPDX-License-Identifier: MIT
// What is called or set again and again goes in records instead of JSON.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Client } from "../../../../bridge/client/client.ts";
import { readCall, readCancel, readSet, writeReply, writeValue } from "../../../../bridge/layout/link-records.ts";
import { recordType } from "../../../../bridge/layout/record.ts";
import { LINK_RECORD } from "../../../../bridge/model/client-link.ts";
import { READING_SCHEMA } from "../../../support/batches.ts";
import type { Peer } from "../../../support/scripted-bridge.ts";
import { arrived, withClient } from "../../../support/scripted-client.ts";

const HANDLE = 9;

/** A `reading` struct: `value` f64, `count` i64. */
function reading(value: number, count: bigint): Uint8Array {
  const view = new DataView(new ArrayBuffer(16));
  view.setFloat64(0, value, true);
  view.setBigInt64(8, count, true);
  return new Uint8Array(view.buffer);
}

function tellLayout(peer: Peer): void {
  peer.send({ op: "schema", schema: 7, type: "reading", blob: READING_SCHEMA });
}

/** Calls `rig/measure` twice by name, after which the bridge has bound it. */
async function bindService(peer: Peer, client: Client, reply: number | null = 7): Promise<void> {
  for (let i = 0; i < 2; i++) {
    const calling = client.call("rig/measure", { value: 1 });
    if (i === 1) {
      const { id, service } = await peer.expect("bind");
      assert.equal(service, "rig/measure");
      tellLayout(peer);
      peer.result(id, { handle: HANDLE, service, epoch: "11", request: 7, reply });
    }
    await peer.answer("call", { value: 0, count: 0 });
    await calling;
  }
}

async function bindParameter(peer: Peer, client: Client): Promise<void> {
  const applied = { parameter: "rig/gains", applied: {}, channel: null, epoch: null, seq: null, time: 1 };
  for (let i = 0; i < 2; i++) {
    const setting = client.set("rig/gains", { value: 1 });
    if (i === 1) {
      const { id, parameter } = await peer.expect("bind");
      tellLayout(peer);
      peer.result(id, { handle: HANDLE, parameter, epoch: "11", schema: 7, channel: "rig/reading" });
    }
    await peer.answer("set", applied);
    await setting;
  }
}

describe("a service that is called again and again", () => {
  it("is called by a record from the third time on, and its reply read from one", () =>
    withClient(async ({ peer, client }) => {
      await bindService(peer, client);
      const calling = client.call("rig/measure", { value: 2.5, count: 9_007_199_254_740_993n });
      const { id, target, request } = readCall(await peer.record());
      assert.equal(target, HANDLE);
      assert.deepEqual(request, reading(2.5, 9_007_199_254_740_993n));
      peer.records(writeReply(id, reading(4, -1n)));
      assert.deepEqual(await calling, { value: 4, count: -1 });
    }));

  it("gives an empty reply where it answers nothing", () =>
    withClient(async ({ peer, client }) => {
      await bindService(peer, client, null);
      const calling = client.call("rig/measure");
      peer.records(writeReply(readCall(await peer.record()).id, new Uint8Array(0)));
      assert.deepEqual(await calling, {});
    }));

  it("is refused with the bridge's error, or before anything is sent for a wrong field", () =>
    withClient(async ({ peer, client }) => {
      await bindService(peer, client);
      const calling = client.call("rig/measure", { value: 2 });
      peer.refuse(readCall(await peer.record()).id, "service_failed", "it is stuck");
      await assert.rejects(calling, { code: "service_failed", message: "it is stuck" });
      await assert.rejects(client.call("rig/measure", { nope: 2 }), { code: "unknown_field" });
      await assert.rejects(client.call("rig/measure", { count: 1.5 }), { code: "bad_value" });
    }));

  it("can be given up: the bridge is told", () =>
    withClient(async ({ peer, client }) => {
      await bindService(peer, client);
      const controller = new AbortController();
      const calling = client.call("rig/measure", {}, { signal: controller.signal });
      const { id } = readCall(await peer.record());
      controller.abort();
      await assert.rejects(calling, { code: "cancelled" });
      const cancel = await peer.record();
      assert.deepEqual([recordType(cancel), readCancel(cancel)], [LINK_RECORD.cancel, id]);
      peer.records(writeReply(id, reading(1, 1n)));
      await arrived(peer, client);
    }));

  it("is called by its name again once its driver was away, and once the connection was", () =>
    withClient(async ({ bridge, peer, client }) => {
      await bindService(peer, client);
      const calling = client.call("rig/measure");
      peer.refuse(readCall(await peer.record()).id, "unknown_service");
      await peer.answer("call", { value: 7 });
      assert.deepEqual(await calling, { value: 7 });
      await bindService(peer, client);
      const open = new Promise<void>((resolve) => {
        client.on("state", ({ state }) => {
          if (state === "open") resolve();
        });
      });
      peer.drop();
      const next = await bridge.peer();
      await next.welcome();
      await open;
      const again = client.call("rig/measure");
      await next.answer("call", { value: 8 });
      assert.deepEqual(await again, { value: 8 });
    }));

  it("fails with what ended the connection", () =>
    withClient(async ({ peer, client }) => {
      await bindService(peer, client);
      const calling = client.call("rig/measure");
      await peer.record();
      peer.drop();
      await assert.rejects(calling, { code: "disconnected" });
    }));

  it("is called by its name when it may take another time, and when the bridge does not bind it", () =>
    withClient(async ({ peer, client }) => {
      await bindService(peer, client);
      const slow = client.call("rig/measure", {}, { timeoutMs: 60_000 });
      assert.equal((await peer.answer("call", { value: 1 }))["timeoutMs"], 60_000);
      await slow;
      for (let i = 0; i < 4; i++) {
        const other = client.call("rig/other");
        if (i === 1) peer.refuse((await peer.expect("bind")).id, "busy");
        await peer.answer("call", { i });
        assert.deepEqual(await other, { i });
      }
    }));
});

describe("a parameter that is set again and again", () => {
  it("is set by a record from the third time on, and what holds is read from one", () =>
    withClient(async ({ peer, client }) => {
      await bindParameter(peer, client);
      const setting = client.set("rig/gains", { value: 2.5 });
      const { id, target, value, mask } = readSet(await peer.record());
      assert.equal(target, HANDLE);
      assert.deepEqual([value, mask], [reading(2.5, 0n), new Uint8Array(16).fill(255, 0, 8)]);
      const answer = { set: id, target, next: 5120, time: 1_763_635_212_345_678_900n, value: reading(2.5, 3n) };
      peer.records(writeValue({ ...answer, stream: 3 }));
      assert.deepEqual(await setting, {
        parameter: "rig/gains",
        applied: { value: 2.5, count: 3 },
        channel: "rig/reading",
        epoch: "11",
        seq: 5120,
        time: 1_763_635_212_345.678_9,
      });
      const unseen = client.set("rig/gains", { value: 3 });
      peer.records(writeValue({ ...answer, set: readSet(await peer.record()).id, stream: 0 }));
      const { channel, epoch, seq } = await unseen;
      assert.deepEqual([channel, epoch, seq], [null, null, null]);
    }));

  it("keeps its value when it is refused", () =>
    withClient(async ({ peer, client }) => {
      await bindParameter(peer, client);
      const setting = client.set("rig/gains", { value: 400 });
      peer.refuse(readSet(await peer.record()).id, "out_of_range", "value must be at most 10");
      await assert.rejects(setting, { code: "out_of_range", message: "value must be at most 10" });
    }));
});

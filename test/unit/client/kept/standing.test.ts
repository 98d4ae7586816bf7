// SPDX-License-Identifier: MIT
// What a client keeps: asked for again on every connection, in order, and taken back.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { arrived, withClient } from "../../../support/scripted-client.ts";

const OPENED = { handle: 4, channel: "data", kind: "json", contentType: null, sender: 9, epoch: "5", next: 0 };

describe("what a client keeps", () => {
  it("is asked for again on the next connection, in the order in which it was made", () =>
    withClient(async ({ bridge, client, peer }) => {
      const exposure = client.expose("camera", { snap: (seconds: number) => seconds });
      const { id, ...body } = await peer.answer("expose", {});
      assert.equal(typeof id, "number");
      assert.deepEqual(body, { op: "expose", services: [{ service: "camera/snap", params: ["seconds"] }] });
      await exposure.ready;
      client.alias("dark", "camera/snap", { args: [0] });
      await peer.answer("alias", {});
      const out = client.publisher("data");
      await peer.answer("open", OPENED);
      await out.opened;
      peer.drop();
      const second = await bridge.peer();
      await second.welcome();
      await second.answer("expose", {});
      await second.answer("alias", {});
      await second.answer("open", OPENED);
    }));

  it("is asked for again while the bridge still takes the lost session for alive", () =>
    withClient(async ({ bridge, client, peer }) => {
      const exposure = client.expose("camera", { snap: () => 1 });
      await peer.answer("expose", {});
      await exposure.ready;
      peer.drop();
      const second = await bridge.peer();
      await second.welcome();
      second.refuse((await second.expect("expose")).id, "name_in_use");
      await second.answer("expose", {});
      second.send({ op: "invoke", call: 3, service: "camera/snap", args: [], named: {} });
      const { call, result } = await second.expect("return");
      assert.deepEqual([call, result], [3, 1]);
    }));

  it("is given up, and told, when the bridge refuses it for good", () =>
    withClient(async ({ bridge, client, peer }) => {
      const exposure = client.expose("camera", { snap: () => 1 });
      await peer.answer("expose", {});
      await exposure.ready;
      const notice = new Promise<string>((resolve) => {
        client.on("notice", ({ code }) => {
          resolve(code);
        });
      });
      peer.drop();
      const second = await bridge.peer();
      await second.welcome();
      second.refuse((await second.expect("expose")).id, "forbidden");
      assert.equal(await notice, "forbidden");
      client.expose("camera", { snap: () => 2 });
      await second.expect("expose");
    }));

  it("is taken back even when it is closed before the bridge has answered", () =>
    withClient(async ({ client, peer }) => {
      const exposure = client.expose("camera", { snap: () => 1 });
      const { id } = await peer.expect("expose");
      const closed = exposure.close();
      const withdraw = await peer.expect("withdraw");
      assert.deepEqual(withdraw["services"], ["camera/snap"]);
      peer.result(id, {});
      peer.result(withdraw.id, {});
      await closed;
      await assert.rejects(exposure.ready, { code: "cancelled" });

      const out = client.publisher("data");
      const open = await peer.expect("open");
      await out.close();
      peer.result(open.id, OPENED);
      assert.equal((await peer.expect("close"))["handle"], 4);
    }));

  it("answers no call of a connection that is lost", () =>
    withClient(async ({ bridge, client, peer }) => {
      let finish: (value: number) => void = () => undefined;
      const work = (): Promise<number> => new Promise((resolve) => (finish = resolve));
      const exposure = client.expose("work", work);
      await peer.answer("expose", {});
      await exposure.ready;
      peer.send({ op: "invoke", call: 1, service: "work", args: [], named: {} });
      await arrived(peer, client);
      peer.drop();
      const second = await bridge.peer();
      await second.welcome();
      await second.answer("expose", {});
      finish(1);
      second.send({ op: "invoke", call: 2, service: "gone", args: [], named: {} });
      const { call, error } = await second.expect("return");
      assert.deepEqual([call, (error as { code: string }).code], [2, "unknown_service"]);
    }));
});

describe("a publisher", () => {
  it("is told which of its samples were refused, and opens its channel again when that began anew", () =>
    withClient(async ({ client, peer }) => {
      const out = client.publisher<number>("data");
      await peer.answer("open", OPENED);
      await out.opened;
      out.publish(1, { time: 1 });
      await peer.record();
      const refused = new Promise((resolve) => out.on("refused", resolve));
      peer.send({ op: "refused", handle: 4, first: 0, count: 1, error: { code: "closed", message: "withdrawn" } });
      const { channel, first, count } = (await refused) as { channel: string; first: number; count: number };
      assert.deepEqual([channel, first, count], ["data", 0, 1]);
      assert.equal((await peer.expect("close"))["handle"], 4);
      out.publish(2, { time: 2 });
      await peer.answer("open", { ...OPENED, handle: 5 });
      const record = await peer.record();
      assert.equal(new DataView(record.buffer, record.byteOffset).getUint32(8, true), 5);
      const flushed = assert.rejects(out.flush(), { code: "closed" });
      await peer.answer("ping", { received: 1, time: 1 });
      await flushed;
    }));
});

// SPDX-License-Identifier: MIT
// A client acknowledges what it took before the bridge has to wait for it.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { readAck } from "../../../../bridge/layout/link-records.ts";
import { Receipt } from "../../../../bridge/client/link/receipt.ts";
import { withClient } from "../../../support/scripted-client.ts";

describe("the receipt for what the bridge sent", () => {
  it("is sent before half of the window is on its way, with all that was taken", () => {
    const told: number[] = [];
    const receipt = new Receipt((record) => told.push(readAck(record)));
    receipt.took(900);
    receipt.begin(8000);
    for (let i = 0; i < 20; i++) receipt.took(400);
    assert.deepEqual(told, [2100, 4100, 6100, 8100]);
    let before = 0;
    for (const total of told) {
      assert.ok(total - before <= 4000);
      before = total;
    }
    assert.equal(before, 8100);
  });

  it("is not sent to a bridge that named no window", () => {
    const receipt = new Receipt(() => assert.fail("it was sent"));
    receipt.begin(undefined);
    receipt.took(1e9);
  });

  it("counts texts by their UTF-8 and records, the welcome included", () =>
    withClient(async ({ peer, client }) => {
      const notices: string[] = [];
      client.on("notice", ({ message }) => notices.push(message));
      const umlauts = "ä€😀".repeat(40_000);
      peer.send({ op: "notice", code: "busy", message: umlauts });
      assert.equal(readAck(await peer.record()), peer.sentBytes);
      assert.deepEqual(notices, [umlauts]);
      const record = new Uint8Array(400_000);
      new DataView(record.buffer).setUint32(0, record.length, true);
      record[4] = 200;
      peer.records(record);
      assert.equal(readAck(await peer.record()), peer.sentBytes);
    }));
});

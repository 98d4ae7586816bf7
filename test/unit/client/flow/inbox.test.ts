// SPDX-License-Identifier: MIT
// What waits for a reader is bounded, keeps its order, and says what gave way.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Batch } from "../../../../bridge/client/batch.ts";
import type { Delivery } from "../../../../bridge/client/delivery.ts";
import { Inbox } from "../../../../bridge/client/flow/inbox.ts";
import { javascriptCodec } from "../../../../bridge/layout/javascript.ts";
import { readBatchHeader } from "../../../../bridge/layout/record.ts";
import { BridgeError } from "../../../../bridge/model/errors.ts";
import { range, readingBatch } from "../../../support/batches.ts";

const codec = javascriptCodec();

function batch(from: number, to: number, channel = "rig/reading", epoch = 1n): Batch {
  const record = readingBatch({ stream: 3, schema: 7, epoch, sequences: range(from, to) });
  const header = readBatchHeader(record);
  return new Batch({
    channel,
    kind: "struct",
    contentType: null,
    layout: null,
    schema: null,
    header,
    record,
    codec: () => codec,
  });
}

async function drain(inbox: Inbox): Promise<string[]> {
  inbox.fail(new BridgeError("closed"));
  const seen: string[] = [];
  await assert.rejects(async () => {
    for (let delivery = await inbox.next(); delivery !== undefined; delivery = await inbox.next()) {
      seen.push(brief(delivery));
    }
  });
  return seen;
}

function brief(delivery: Delivery): string {
  if (delivery.kind === "batch") return `${delivery.channel} ${String(delivery.first)}-${String(delivery.last)}`;
  if (delivery.kind !== "lost") return `${delivery.channel} ${delivery.kind}`;
  const { from, to, count, reason } = delivery.loss;
  return `${delivery.channel} lost ${String(from)}-${String(to)} (${String(count)}, ${reason})`;
}

describe("what waits for a reader", () => {
  it("comes out in its order", async () => {
    const inbox = new Inbox(10);
    inbox.push(batch(0, 4));
    inbox.push({ kind: "restart", channel: "rig/reading", epoch: 2n, previous: 1n });
    inbox.push(batch(0, 1, "rig/reading", 2n));
    assert.deepEqual(await drain(inbox), ["rig/reading 0-4", "rig/reading restart", "rig/reading 0-1"]);
  });

  it("goes to a reader that waits already", async () => {
    const inbox = new Inbox(10);
    const next = inbox.next();
    inbox.push(batch(0, 4));
    assert.equal(brief((await next)!), "rig/reading 0-4");
  });

  it("gives way from the oldest on, and says what is lost before what is left", async () => {
    const inbox = new Inbox(2);
    for (let i = 0; i < 5; i++) inbox.push(batch(i * 10, i * 10 + 9));
    assert.equal(inbox.dropped, 30);
    assert.deepEqual(await drain(inbox), [
      "rig/reading lost 0-29 (30, slow_reader)",
      "rig/reading 30-39",
      "rig/reading 40-49",
    ]);
  });

  it("keeps the losses of channels apart", async () => {
    const inbox = new Inbox(2);
    for (let i = 0; i < 3; i++) {
      inbox.push(batch(i, i, "a"));
      inbox.push(batch(i, i, "b"));
    }
    assert.deepEqual(await drain(inbox), [
      "a lost 0-1 (2, slow_reader)",
      "b lost 0-1 (2, slow_reader)",
      "a 2-2",
      "b 2-2",
    ]);
  });

  it("keeps a restart between the losses of two lives", async () => {
    const inbox = new Inbox(1);
    inbox.push(batch(0, 4));
    inbox.push({ kind: "restart", channel: "rig/reading", epoch: 2n, previous: 1n });
    inbox.push(batch(0, 1, "rig/reading", 2n));
    inbox.push(batch(2, 3, "rig/reading", 2n));
    assert.deepEqual(await drain(inbox), [
      "rig/reading lost 0-4 (5, slow_reader)",
      "rig/reading restart",
      "rig/reading lost 0-1 (2, slow_reader)",
      "rig/reading 2-3",
    ]);
  });

  it("does not grow when a reader is slow for long and every batch brings a gap", async () => {
    const inbox = new Inbox(1);
    for (let i = 0; i < 10_000; i++) {
      const loss = { epoch: 1n, from: i * 4, to: i * 4 + 1, count: 2, reason: "ring_full" } as const;
      inbox.push({ kind: "lost", channel: "rig/reading", loss });
      inbox.push(batch(i * 4 + 2, i * 4 + 3));
    }
    const left = await drain(inbox);
    assert.equal(left.length, 3);
    assert.equal(left[0], "rig/reading lost 0-39995 (39996, slow_reader)");
  });

  it("does not grow when nothing but losses comes", async () => {
    const inbox = new Inbox(1);
    for (let i = 0; i < 10_000; i++) {
      const loss = { epoch: 1n, from: i, to: i, count: 1, reason: "ring_full" } as const;
      inbox.push({ kind: "lost", channel: "rig/reading", loss });
    }
    const left = await drain(inbox);
    assert.ok(left.length < 100, `${String(left.length)} entries wait`);
    assert.equal(
      left[0],
      `rig/reading lost 0-${String(10_000 - left.length)} (${String(10_001 - left.length)}, ring_full)`,
    );
  });

  it("is thrown away when the reader is done", async () => {
    const inbox = new Inbox(10);
    inbox.push(batch(0, 4));
    inbox.end();
    assert.equal(await inbox.next(), undefined);
  });

  it("is still given out before an error", async () => {
    const inbox = new Inbox(10);
    inbox.push(batch(0, 4));
    inbox.fail(new BridgeError("unauthorized"));
    assert.equal(brief((await inbox.next())!), "rig/reading 0-4");
    await assert.rejects(inbox.next(), { code: "unauthorized" });
  });
});

// SPDX-License-Identifier: MIT
// What `sub` says last: complete, or how many samples are lost and where.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { closingObject, closingText, latencyText, printedAccount } from "../../../bridge/cli/closing.ts";
import { CliRun, jsonObjects } from "../../support/cli.ts";
import { gap, range, READING_SCHEMA, readingBatch } from "../../support/batches.ts";
import { ScriptedBridge } from "../../support/scripted-bridge.ts";
import { announce } from "../../support/scripted-client.ts";

const delays = { p50Ms: 1.234, p99Ms: 45.6 };
const latency = {
  stamps: 3,
  total: delays,
  toBridge: delays,
  inBridge: delays,
  toClient: delays,
  uncertaintyMs: 0.05,
};

describe("the last words of sub", () => {
  const account = { due: 18, delivered: 10, waiting: 4, skipped: 1, lost: { ring_full: 3 } };

  it("count what was printed, not what came behind it", () => {
    const printed = printedAccount(account, 2);
    assert.deepEqual(printed, { due: 12, delivered: 8, waiting: 0, skipped: 1, lost: { ring_full: 3 } });
    assert.equal(closingText(printed), "lost 3 of 12: 3 in the driver's ring (8 samples, 1 left out as asked)");
    const { account: told } = closingObject(printed, undefined) as { account: object };
    assert.deepEqual(told, {
      complete: false,
      due: 12,
      delivered: 8,
      skipped: 1,
      lost: { ring_full: 3 },
      latency: null,
    });
  });

  it("are complete when nothing is missing", () => {
    assert.equal(closingText({ due: 5, delivered: 5, waiting: 0, skipped: 0, lost: {} }), "complete (5 samples)");
    assert.equal(closingText({ due: 1, delivered: 1, waiting: 0, skipped: 0, lost: {} }), "complete (1 sample)");
  });

  it("say how long samples took, and how sure that is", () => {
    assert.equal(
      latencyText(latency),
      "latency p50/p99 1.23/46 ms, ±0.05: to the bridge 1.23/46, in it 1.23/46, to here 1.23/46",
    );
    assert.equal(latencyText(undefined), "latency: not known yet");
  });
});

describe("sub", () => {
  /** Runs it against a bridge that sends five samples, a gap of three and five samples, and stops it with Ctrl-C. */
  async function run(args: readonly string[]): Promise<{ asked: object; stdout: string; stderr: string }> {
    const bridge = await ScriptedBridge.start();
    try {
      const cli = new CliRun("source", ["sub", "rig/reading", ...args, "--bridge", bridge.url], {});
      const peer = await bridge.peer();
      await peer.welcome();
      const asked = await peer.answer("subscribe", { subscription: 1 });
      await peer.answer("list", { drivers: [], channels: [], parameters: [], services: [], streams: [] });
      announce(peer, { schema: READING_SCHEMA, epoch: 11n, next: 0 });
      const head = { stream: 3, schema: 7, epoch: 11n };
      peer.records(readingBatch({ ...head, sequences: range(0, 4) }), gap(3, 11n, 5, 7, 3, 1));
      peer.records(readingBatch({ ...head, sequences: range(8, 12) }));
      await cli.line((line) => /#12|"seq":12/.test(line));
      const { code, stdout, stderr } = await cli.stop("SIGINT");
      assert.equal(code, 0);
      return { asked, stdout, stderr };
    } finally {
      await bridge.stop();
    }
  }

  it("ends with how many are lost of how many, and where", async () => {
    const { stderr } = await run([]);
    assert.match(stderr, /waiting for "rig\/reading"; no channel is there yet\n/);
    assert.match(stderr, /structwire: lost 3 of 13: 3 in the driver's ring \(10 samples\)\n$/);
  });

  it("ends with an object with --json", async () => {
    const { stdout, stderr } = await run(["--json"]);
    assert.equal(jsonObjects(stdout).length, 11);
    const last = stderr.trimEnd().split("\n").at(-1) ?? "";
    assert.deepEqual(JSON.parse(last), {
      account: { complete: false, due: 13, delivered: 10, skipped: 0, lost: { ring_full: 3 }, latency: null },
    });
  });

  it("asks for what its flags say", async () => {
    const { asked } = await run(["--fields", "value,count", "--delivery", "queue", "--max-hz", "50"]);
    const { delivery, maxHz, fields } = asked as Record<string, unknown>;
    assert.deepEqual({ delivery, maxHz, fields }, { delivery: "queue", maxHz: 50, fields: ["value", "count"] });
  });
});

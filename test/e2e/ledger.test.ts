// SPDX-License-Identifier: MIT
// Every sample is accounted for: a ring that overflows, a link and a reader that stand still.
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import {
  connect,
  accountText,
  type Account,
  type Client,
  type LedgerEntry,
  type LossReason,
  type Subscription,
} from "../../bridge/index.ts";
import { writeAck } from "../../bridge/layout/link-records.ts";
import { type BridgeProgram, bridgeEnv, startBridgeProgram } from "../support/bridge-program.ts";
import { type DriverProgram, RuntimeFolder, startDriver } from "../support/driver-program.ts";
import { ShiftingDriver } from "../support/shifting-driver.ts";
import { WireClient } from "../support/wire-client.ts";

const CHANNEL = "shifting/flow";

function sum(lost: Account["lost"]): number {
  return Object.values(lost).reduce((total, count) => total + count, 0);
}

/** Reads everything, as a program that keeps up does. */
async function readAll(subscription: Subscription): Promise<void> {
  for await (const delivery of subscription) assert.notEqual(delivery.kind, "end");
}

describe("the account of a driver that publishes more than fits", function () {
  this.timeout(240_000);
  let runtime: RuntimeFolder;
  let bridge: BridgeProgram;
  let drivers: ShiftingDriver;
  let program = "";
  let flow: ChildProcess;
  let motor: DriverProgram;
  let client: Client;

  before(async () => {
    runtime = new RuntimeFolder();
    drivers = new ShiftingDriver(bridgeEnv(runtime));
    program = await drivers.build("flow");
    bridge = await startBridgeProgram(runtime);
    motor = await startDriver(runtime, "motor");
  });

  beforeEach(async () => {
    flow = drivers.start(program);
    client = await connect(bridge.link);
  });

  afterEach(async () => {
    await client.close();
    // Else the next one finds its name taken.
    const gone = once(flow, "exit");
    flow.kill("SIGKILL");
    await gone;
  });

  after(async () => {
    drivers.remove();
    await motor.stop();
    await bridge.stop();
    runtime.remove();
  });

  const tell = (letters: string): void => {
    flow.stdin?.write(letters);
  };

  /** Lets the driver pause, by the letter p or e; gives how many samples it has published then. */
  async function paused(letters: string): Promise<number> {
    const said = drivers.said(flow, "paused");
    tell(letters);
    return Number(await said);
  }

  /** The bridge's entry of the channel once all that the driver had `published` has gone where it goes, and the driver has said so. */
  async function settled(published: number, ask: () => Promise<LedgerEntry | undefined>): Promise<LedgerEntry> {
    for (;;) {
      const entry = await ask();
      if (entry?.waiting === 0 && entry.next === published && entry.producer.published === published) return entry;
    }
  }

  async function entryOf(of: Client): Promise<LedgerEntry | undefined> {
    return (await of.ledger()).streams.find(({ channel }) => channel === CHANNEL);
  }

  it("adds up from the driver's ring to the reader, at the driver, the bridge and the client alike", async () => {
    const subscription = client.subscribe(CHANNEL, { wait: true });
    const reading = readAll(subscription);
    while (subscription.account.delivered === 0) await client.status();
    const before = await settled(await paused("p"), () => entryOf(client));
    // A bridge that stands still: what the ring dropped stands between batches that the link drops.
    process.kill(bridge.pid, "SIGSTOP");
    const published = await paused("le");
    process.kill(bridge.pid, "SIGCONT");
    const entry = await settled(published, () => entryOf(client));
    const { due, delivered, skipped, lost, producer, from, next } = entry;
    assert.equal(due, next - from);
    assert.equal(due, delivered + skipped + sum(lost));
    const told = (reason: LossReason): number => (lost[reason] ?? 0) - (before.lost[reason] ?? 0);
    assert.equal(told("ring_full"), producer.ringDropped - before.producer.ringDropped);
    assert.equal(told("link_full"), producer.linkDropped - before.producer.linkDropped);
    assert.ok(told("link_full") > 0 && told("ring_full") > 0);
    const { account } = subscription;
    assert.deepEqual(account, { due, delivered, waiting: 0, skipped: 0, lost });
    assert.match(accountText(account), /^lost \d+ of \d+: .*\d+ in the driver's ring/);
    subscription.close();
    await reading;
  });

  it("adds up for a reader that acknowledges nothing for a while, whose requests get through all the same", async () => {
    const reader = await connect(bridge.link);
    const healthy = reader.subscribe(CHANNEL, { wait: true });
    const reading = readAll(healthy);
    while (healthy.account.delivered === 0) await reader.status();
    let takenBytes = 0;
    const stalled = new WireClient(bridge.url);
    stalled.ws.on("message", (message: Buffer) => (takenBytes += message.length));
    await new Promise((resolve) => stalled.ws.once("open", resolve));
    stalled.say({ op: "hello", version: 1, token: bridge.token, acks: true });
    await stalled.next(({ op }) => op === "welcome");
    await stalled.ask({ op: "subscribe", channels: [CHANNEL] });
    const before = await entryOf(reader);
    const started = healthy.account.delivered;
    // More than the window and the queue hold.
    while (healthy.account.delivered - started < 20_000) await stalled.ask({ op: "ping" });
    // The window, and the message that fills it.
    assert.ok(takenBytes <= 4 * 1_048_576, `${String(takenBytes)} bytes were on their way`);
    const published = await paused("p");
    const asking = stalled.ask<{ streams: LedgerEntry[] }>({ op: "ledger" });
    stalled.ws.on("message", () => {
      stalled.ws.send(writeAck(takenBytes));
    });
    stalled.ws.send(writeAck(takenBytes));
    await asking;
    const entry = await settled(
      published,
      async () => (await stalled.ask<{ streams: LedgerEntry[] }>({ op: "ledger" })).streams[0],
    );
    assert.equal(entry.due, entry.next - entry.from);
    assert.equal(entry.due, entry.delivered + sum(entry.lost));
    assert.ok((entry.lost.slow_reader ?? 0) > 0);
    const whole = await settled(published, () => entryOf(reader));
    // What a busy machine makes the reader beside it lose, the stalled one loses all the more.
    assert.ok(whole.delivered - (before?.delivered ?? 0) > entry.delivered);
    assert.ok((whole.lost.slow_reader ?? 0) - (before?.lost.slow_reader ?? 0) < (entry.lost.slow_reader ?? 0));
    await stalled.close();
    await reader.close();
    await reading;
  });

  it("adds up for a loop that does not read, which holds up neither its own sets nor others", async () => {
    const stalled = client.subscribe(CHANNEL, { wait: true, queueBatches: 4 });
    const healthy = client.subscribe(CHANNEL, { wait: true });
    const reading = readAll(healthy);
    while (healthy.account.delivered < 20_000) {
      const { applied } = await client.set("motor/gains", { kp: 3 });
      assert.equal((applied as { kp: number }).kp, 3);
    }
    const entry = await settled(await paused("p"), () => entryOf(client));
    assert.equal(stalled.account.delivered, 0);
    assert.equal(stalled.account.due, stalled.account.waiting + sum(stalled.account.lost));
    assert.ok((stalled.account.lost.slow_reader ?? 0) > 10_000);
    // It joined the stream a little later.
    assert.ok(healthy.account.delivered <= entry.delivered);
    assert.ok((healthy.account.lost.slow_reader ?? 0) <= (entry.lost.slow_reader ?? 0), "it lost nothing by the other");
    healthy.close();
    await reading;
  });
});

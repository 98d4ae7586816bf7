// SPDX-License-Identifier: MIT
// A whole bridge: starting, being found, refusing, ending; and what it does to clients when drivers and clients misbehave.
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, it } from "mocha";
import { readBatchHeader, readGap, recordType } from "../../bridge/layout/record.ts";
import { startTestBridge, type TestBridge } from "../support/bridge.ts";
import * as says from "../support/driver-records.ts";
import { temporaryFolders } from "../support/folder.ts";
import { ForeignDriver, type ForeignLink } from "../support/foreign-driver.ts";
import { batchRecord, doubles, join as joinBytes } from "../support/records.ts";
import { schemaBlob } from "../support/schemas.ts";
import { WireClient, type Message, samplesOf } from "../support/wire-client.ts";

const EPOCH = 1_763_600_000_000_000_000n;
const greeting = says.hello({ epoch: EPOCH, schema: schemaBlob() });

/** How many sockets, servers and watchers of each kind are open; not the files that something happens to read at the moment, nor the timers of the test's own runner. */
function openHandles(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (/Wrap$|Watcher|Server/.test(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** Resolves once no more handles are open than those: the system may take a moment to close one, also of an earlier test's. */
async function closedAllBut(before: ReadonlyMap<string, number>): Promise<void> {
  while ([...openHandles()].some(([kind, count]) => count > (before.get(kind) ?? 0))) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("a bridge", () => {
  const newFolder = temporaryFolders();
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function start(folder: string, changes: Parameters<typeof startTestBridge>[1] = {}): Promise<TestBridge> {
    const started = await startTestBridge(folder, changes);
    closing.push(() => started.bridge.stop());
    return started;
  }

  async function enter({ bridge }: TestBridge): Promise<WireClient> {
    const client = await WireClient.enter(bridge.url, bridge.token);
    closing.push(() => {
      client.ws.terminate();
      return client.closed;
    });
    return client;
  }

  /** A driver that greets every bridge with these records. */
  async function foreign(folder: string, ...records: readonly Uint8Array[]): Promise<ForeignDriver> {
    const driver = await ForeignDriver.listen(join(folder, "drivers", "foreign.sock"), (link) => {
      link.say(greeting, ...records);
    });
    closing.push(() => driver.die());
    return driver;
  }

  /** Resolves once the directory of a watching client's bridge holds what is asked. */
  async function until(client: WireClient, holds: (directory: Record<string, Message[]>) => boolean): Promise<void> {
    await client.ask({ op: "watch" });
    while (!holds(await client.ask<Record<string, Message[]>>({ op: "list" }))) {
      await client.next(({ op }) => op === "directory");
    }
  }

  const shows = (client: WireClient, driver: string, state: string): Promise<void> =>
    until(client, ({ drivers = [] }) =>
      drivers.some((entry) => entry["driver"] === driver && entry["state"] === state),
    );

  describe("that starts", () => {
    it("can be found by its file, which only its user can read and which goes with it", async () => {
      const folder = newFolder();
      const { bridge } = await start(folder, { name: "rig1" });
      const path = join(folder, "bridges", "rig1.json");
      assert.equal(statSync(path).mode & 0o777, 0o600);
      const { url, token, pid, name } = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
      assert.deepEqual([url, token, pid, name], [bridge.url, bridge.token, process.pid, "rig1"]);
      assert.equal(bridge.pageUrl, `${bridge.url}/#token=${bridge.token}`);
      await bridge.stop();
      await bridge.closed;
      assert.equal(existsSync(path), false);
    });

    it("is refused a name that a live bridge has, and says what to do", async () => {
      const folder = newFolder();
      await start(folder);
      await assert.rejects(startTestBridge(folder), { code: "name_in_use", message: /--name NAME/ });
      await start(folder, { name: "other" });
    });

    it("takes over the file of a bridge that is dead", async () => {
      const folder = newFolder();
      const first = await startTestBridge(folder);
      const path = join(folder, "bridges", "default.json");
      const left = readFileSync(path);
      await first.bridge.stop();
      writeFileSync(path, left);
      const { bridge } = await start(folder);
      assert.equal((JSON.parse(readFileSync(path, "utf8")) as Message)["token"], bridge.token);
    });

    it("is refused a port that is taken, says what to do, and leaves nothing behind", async () => {
      const folder = newFolder();
      const other = createServer().listen(0, "127.0.0.1");
      await once(other, "listening");
      const { port } = other.address() as AddressInfo;
      await assert.rejects(startTestBridge(folder, { port }), { code: "port_in_use", message: /--port 0/ });
      assert.equal(existsSync(join(folder, "bridges", "default.json")), false);
      other.close();
    });

    it("answers scripts over HTTP with its token alone", async () => {
      const { bridge } = await start(newFolder());
      const health = (await (await fetch(`${bridge.url}/health`)).json()) as Message;
      assert.equal(health["name"], "default");
      assert.equal("token" in health, false);
      const headers = { Authorization: `Bearer ${bridge.token}` };
      assert.equal((await fetch(`${bridge.url}/api/status`)).status, 401);
      const status = (await (await fetch(`${bridge.url}/api/status`, { headers })).json()) as Message;
      assert.equal(status["codec"], "addon");
      const list = (await (await fetch(`${bridge.url}/api/list`, { headers })).json()) as Message;
      assert.deepEqual(list["drivers"], []);
    });
  });

  describe("that stops", () => {
    it("says so to clients and drivers, and leaves no handle open", async () => {
      const folder = newFolder();
      mkdirSync(join(folder, "drivers"), { mode: 0o700 });
      const driver = await foreign(folder, says.advertise());
      const before = openHandles();
      const started = await startTestBridge(folder);
      const link = await driver.arrival();
      const client = await enter(started);
      await shows(client, "foreign", "up");
      const gone = once(link.socket, "close");
      const [end, close] = await Promise.all([link.next("end"), client.closed, started.bridge.stop()]);
      assert.equal(end.code, 0);
      assert.deepEqual(close, { code: 1001, reason: "closed" });
      await gone;
      await closedAllBut(before);
    });

    it("stops once, however often it is told", async () => {
      const { bridge } = await start(newFolder());
      await Promise.all([bridge.stop(), bridge.stop()]);
      await bridge.stop();
    });
  });

  describe("with a driver that misbehaves", () => {
    it("shows it as refused with a code, logs it once, and serves the others on", async () => {
      const folder = newFolder();
      const started = await start(folder);
      const bad = await ForeignDriver.listen(join(folder, "drivers", "bad.sock"), (link) => {
        link.say(says.hello({ name: "bad", major: 2 }));
      });
      closing.push(() => bad.die());
      await foreign(folder, says.advertise());
      const client = await enter(started);
      await shows(client, "foreign", "up");
      await shows(client, "bad", "refused");
      const { drivers = [] } = await client.ask<Record<string, Message[]>>({ op: "list" });
      const entry = drivers.find(({ driver }) => driver === "bad");
      assert.equal((entry?.["error"] as Message)["code"], "version_mismatch");
      for (let i = 0; i < 2; i++) await bad.arrival(); // it is dialled again
      const told = started.log.lines.filter(({ code }) => code === "version_mismatch");
      assert.equal(told.length, 1);
    });

    it("that is killed in the middle of a frame and comes back with another layout: each sample with its own", async () => {
      const folder = newFolder();
      const path = join(folder, "drivers", "foreign.sock");
      const life = EPOCH + 1n;
      const wide = [new Uint8Array(new Float64Array([7, 8]).buffer)];
      const started = await start(folder);
      const first = await ForeignDriver.listen(path, (link) => {
        link.say(greeting, says.advertise());
      });
      const link = await first.arrival();
      const client = await enter(started);
      await shows(client, "foreign", "up");
      await client.ask({ op: "subscribe", channels: ["foreign/state"] });
      client.came.length = 0;
      const frame = batchRecord({ stream: 1, epoch: EPOCH, first: 1, samples: doubles(2, 3, 4, 5) });
      link.say(batchRecord({ stream: 1, epoch: EPOCH, first: 0, samples: doubles(1) }), frame.slice(0, 68));
      while (!client.came.some((message) => message instanceof Uint8Array)) await client.change();
      await first.die();
      const second = await ForeignDriver.listen(path, (again) => {
        again.say(
          says.hello({ epoch: life, schema: schemaBlob() }),
          says.advertise({ type: "wide_state", size: 16 }),
          batchRecord({ stream: 1, epoch: life, first: 0, samples: wide }),
        );
      });
      closing.push(() => second.die());
      while (client.came.filter((message) => message instanceof Uint8Array).length < 2) await client.change();
      const story = client.came.flatMap((message) => {
        if (!(message instanceof Uint8Array)) return message["op"] === "directory" ? [] : [message["op"]];
        const { size, epoch, count } = readBatchHeader(samplesOf(message)[0]!);
        return [`${String(count)} of ${String(size)} bytes in ${String(epoch - EPOCH)}`];
      });
      assert.deepEqual(story.slice(story.indexOf("1 of 8 bytes in 0")), [
        "1 of 8 bytes in 0",
        "end",
        "schema",
        "restart",
        "1 of 16 bytes in 1",
      ]);
    });

    it("that floods it with losses and values keeps nobody from being answered", async () => {
      const folder = newFolder();
      const started = await start(folder);
      const value = joinBytes(...doubles(1, 2, 3));
      const driver = await foreign(folder, says.advertise(), says.parameter(1, "gains", "gains", value, 1));
      const link = await driver.arrival();
      const client = await enter(started);
      await shows(client, "foreign", "up");
      await client.ask({ op: "subscribe", channels: ["**"] });
      await client.ask({ op: "logs" });
      const flood = joinBytes(
        ...Array.from({ length: 2000 }, () => says.value({ parameter: 1, value })),
        ...Array.from({ length: 2000 }, (_, i) => says.log(2, `line ${String(i)}`)),
      );
      link.say(flood);
      await client.next(({ text }) => text === "line 1999");
      assert.equal(typeof (await client.ask({ op: "ping" }))["time"], "number");
    });
  });

  describe("with a client that does not read", () => {
    const STRUCTS = 8000; // 128 KB with their times
    const batch = batchRecord({
      ...{ stream: 1, epoch: EPOCH, first: 0 },
      samples: doubles(...new Array<number>(STRUCTS).fill(1)),
    });

    /** Publishes a batch and waits until the healthy client has it, so that only the other one is slow. */
    async function publish(link: ForeignLink, first: number, healthy: WireClient): Promise<void> {
      new DataView(batch.buffer).setBigUint64(24, BigInt(first), true);
      link.say(batch);
      for (;;) {
        const last = healthy.came.findLast((message): message is Uint8Array => message instanceof Uint8Array);
        const records = last === undefined ? [] : samplesOf(last);
        const newest = records.at(-1);
        if (newest !== undefined) {
          const header = readBatchHeader(newest);
          if (header.first + header.count === first + STRUCTS) return;
        }
        await healthy.change();
      }
    }

    function account(client: WireClient): { samples: number; lost: number; gaps: number; next: number } {
      const sum = { samples: 0, lost: 0, gaps: 0, next: 0 };
      for (const message of client.came.splice(0)) {
        if (!(message instanceof Uint8Array)) continue;
        for (const record of samplesOf(message)) {
          if (recordType(record) === 1) {
            const { first, count } = readBatchHeader(record);
            assert.equal(first, sum.next, "a hole that no gap explains");
            sum.samples += count;
            sum.next = first + count;
          } else {
            const gap = readGap(record);
            assert.deepEqual([gap.from, gap.reason], [sum.next, "slow_reader"]);
            sum.lost += gap.count;
            sum.gaps += 1;
            sum.next = gap.to + 1;
          }
        }
      }
      return sum;
    }

    it("holds a bounded queue for it, tells it exactly what it lost, and costs the other client nothing", async () => {
      const folder = newFolder();
      const started = await start(folder);
      const driver = await foreign(folder, says.advertise());
      const link = await driver.arrival();
      const healthy = await enter(started);
      const slow = await enter(started);
      await shows(healthy, "foreign", "up");
      for (const client of [healthy, slow]) {
        await client.ask({ op: "subscribe", channels: ["foreign/state"] });
        await client.next(({ op }) => op === "stream");
        client.came.length = 0;
      }
      slow.ws.pause();
      let [rounds, most, after] = [0, 0, 0];
      // Until the system's own buffers and the queue are full, however much that is, and for a while more.
      while (after < 20) {
        await publish(link, rounds * STRUCTS, healthy);
        rounds += 1;
        const { sessions } = await healthy.ask<{
          sessions: { queueBytes: number; sent: { heldBytes: number; dropped: number } }[];
        }>({
          op: "status",
        });
        for (const { queueBytes, sent } of sessions) most = Math.max(most, queueBytes + sent.heldBytes);
        if (sessions.some(({ sent }) => sent.dropped > 0)) after += 1;
      }
      assert.ok(most <= 2_097_152 + 1_048_576 + 2 * 262_144, `${String(most)} bytes waited for the slow client`);
      const good = account(healthy);
      assert.deepEqual(good, { samples: rounds * STRUCTS, lost: 0, gaps: 0, next: rounds * STRUCTS });

      slow.ws.resume();
      await publish(link, rounds * STRUCTS, healthy);
      const newest = (): number => {
        const last = slow.came.findLast((message): message is Uint8Array => message instanceof Uint8Array);
        const record = last === undefined ? undefined : samplesOf(last).at(-1);
        if (record === undefined || recordType(record) !== 1) return 0;
        const { first, count } = readBatchHeader(record);
        return first + count;
      };
      while (newest() < (rounds + 1) * STRUCTS) await slow.change();
      const { samples: got, lost, gaps } = account(slow);
      assert.equal(got + lost, (rounds + 1) * STRUCTS);
      assert.ok(lost > 0 && gaps <= 2, `${String(gaps)} gaps`);
    });
  });
});

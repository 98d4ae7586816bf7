// SPDX-License-Identifier: MIT
// Three bridges in a row with real drivers on the first: everything is reached from the last, also when a link in between is cut and mended.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { after, before, describe, it } from "mocha";
import type { Bridge } from "../../bridge/daemon/bridge.ts";
import { keptToken } from "../../bridge/daemon/token-file.ts";
import { connect, type Client, type Delivery, type Subscription } from "../../bridge/index.ts";
import type { DriverEntry } from "../../bridge/session/messages.ts";
import { startTestBridge } from "../support/bridge.ts";
import { type DriverProgram, RuntimeFolder, startDriver } from "../support/driver-program.ts";
import { Relay } from "../support/relay.ts";

/** A bridge with its own folder and a client on it. */
class Post {
  readonly runtime: RuntimeFolder = new RuntimeFolder();
  bridge!: Bridge;
  client!: Client;

  async start(name: string, upstreams: readonly string[] = [], port = 0): Promise<void> {
    ({ bridge: this.bridge } = await startTestBridge(this.runtime.path, { name, upstreams, port }));
    this.client = await connect(this.bridge.pageUrl);
    await this.client.watch();
  }

  /** The link of the bridge that it will start with this name and port. */
  link(name: string, port: number): string {
    const token = keptToken({ folder: `${this.runtime.path}/state/structwire`, name, renew: false });
    return `http://127.0.0.1:${String(port)}#token=${token}`;
  }

  get port(): number {
    return Number(new URL(this.bridge.url).port);
  }

  /** Resolves once something holds of the directory. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!holds()) return;
        stop();
        resolve();
      };
      const stop = this.client.on("directory", look);
      look();
    });
  }

  has(channel: string): boolean {
    return this.client.directory.channels.some((entry) => entry.channel === channel);
  }

  hasService(service: string): boolean {
    return this.client.directory.services.some((entry) => entry.service === service);
  }

  /** The drivers that are up, by name. */
  get up(): string[] {
    return this.client.directory.drivers.flatMap(({ driver, state }) => (state === "up" ? [driver] : [])).sort();
  }

  /** Resolves once the bridge tells that a field of a parameter is `value` now; earlier news of it may still be on their way. */
  told(parameter: string, field: string, value: number): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.client.on("parameter", (event) => {
        if (event.parameter !== parameter || (event.value as Record<string, unknown>)[field] !== value) return;
        stop();
        resolve();
      });
    });
  }

  async stop(): Promise<void> {
    await this.client.close();
    await this.bridge.stop();
    this.runtime.remove();
  }
}

/** Reads until something comes. */
async function until<T extends Delivery>(
  subscription: Subscription,
  wanted: (delivery: Delivery) => delivery is T,
): Promise<{ readonly found: T; readonly before: Delivery[] }> {
  const before: Delivery[] = [];
  for (;;) {
    const step: IteratorResult<Delivery, undefined> = await subscription[Symbol.asyncIterator]().next();
    assert.ok(step.done !== true, "the subscription ended");
    const { value } = step;
    if (wanted(value)) return { found: value, before };
    before.push(value);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

const isBatch = (delivery: Delivery): delivery is Extract<Delivery, { kind: "batch" }> => delivery.kind === "batch";
const isLost = (delivery: Delivery): delivery is Extract<Delivery, { kind: "lost" }> => delivery.kind === "lost";

describe("three bridges in a row", () => {
  const [first, middle, last] = [new Post(), new Post(), new Post()];
  let relay: Relay;
  let motor: DriverProgram;
  let tally: DriverProgram;

  before(async () => {
    motor = await startDriver(first.runtime, "motor");
    tally = await startDriver(first.runtime, "tally");
    await first.start("first");
    relay = new Relay(first.port);
    await relay.mend();
    await middle.start("middle", [`http://127.0.0.1:${String(relay.port)}#token=${first.bridge.token}`]);
    await last.start("last", [`${middle.bridge.pageUrl},prefix=m`]);
    // All of a driver comes together, but one driver may come before the other, and both before their bridge.
    await last.until(() => last.has("m/first/motor/state") && last.hasService("m/first/tally/count"));
  });

  after(async () => {
    for (const post of [last, middle, first]) await post.stop();
    await relay.cut();
    await motor.stop();
    await tally.stop();
  });

  it("gives every sample with the sequences and times of its driver, and reads there only what is read here", async () => {
    const near = first.client.subscribe("motor/state");
    await near.ready;
    const far = last.client.subscribe("m/first/motor/state");
    const [a, b] = [new Map<number, bigint>(), new Map<number, bigint>()];
    /** Reads until there is enough; the subscription goes on. */
    const gather = async (from: Subscription, into: Map<number, bigint>, isEnough: () => boolean): Promise<void> => {
      while (!isEnough()) {
        const { found } = await until(from, isBatch);
        found.sequences.forEach((sequence, i) => into.set(sequence, found.timesNs[i] ?? 0n));
      }
    };
    let newest: number | undefined;
    const readFar = async (): Promise<void> => {
      await gather(far, b, () => b.size >= 2000);
      newest = [...b.keys()].at(-1);
    };
    // It began earlier here, so that all that came there came here, too.
    await Promise.all([readFar(), gather(near, a, () => newest !== undefined && a.has(newest))]);
    for (const [sequence, time] of b) assert.equal(time, a.get(sequence));
    const sequences = [...b.keys()];
    assert.equal((sequences.at(-1) ?? 0) - (sequences[0] ?? 0) + 1, sequences.length, "none is missing");
    // A channel that is not read any more stays subscribed for a moment: `far` still reads.
    const { upstreams } = (await last.client.status()) as { upstreams: { reading: number; state: string }[] };
    assert.deepEqual(
      upstreams.map(({ state, reading }) => [state, reading]),
      [["up", 1]],
    );
    far.close();
    near.close();
  });

  it("sets a parameter through two bridges, by the limits of its driver, and tells everybody", async () => {
    const told = first.told("motor/gains", "kp", 3.5);
    const applied = await last.client.set("m/first/motor/gains", { kp: 3.5 });
    assert.equal(applied.channel, "m/first/motor/state");
    assert.ok((applied.seq ?? 0) > 0);
    await told;
    const here = (await first.client.get("motor/gains")).value as { kp: number };
    const there = (await last.client.get("m/first/motor/gains")).value as { kp: number };
    assert.deepEqual([here.kp, there.kp], [3.5, 3.5]);
    await assert.rejects(last.client.set("m/first/motor/gains", { kp: -1e9 }), { code: "out_of_range" });
  });

  it("follows what somebody sets at the first bridge", async () => {
    const told = last.told("m/first/motor/gains", "kp", 2.25);
    await first.client.set("motor/gains", { kp: 2.25 });
    await told;
    const { value } = await last.client.get("m/first/motor/gains");
    assert.equal((value as { kp: number }).kp, 2.25);
  });

  it("calls a service through two bridges, and again on the fast path", async () => {
    for (let i = 0; i < 3; i++) {
      const reply = (await last.client.call("m/first/tally/count", { value: 2 })) as object;
      assert.ok(Object.keys(reply).length > 0);
    }
    await assert.rejects(last.client.call("m/first/nobody/there"), { code: "unknown_service" });
  });

  it("shows what it is and how it came", async () => {
    const entry = last.client.directory.channels.find(({ channel }) => channel === "m/first/motor/state");
    assert.ok(entry !== undefined);
    assert.deepEqual(entry.via, [middle.client.bridge.id, first.client.bridge.id]);
    assert.equal(entry.driver, "m/first/motor");
    assert.ok(entry.fields.some(({ name, unit }) => name === "angle" && unit === "rad"));
    await last.until(() => last.up.length >= 4);
    assert.deepEqual(last.up, ["m", "m/first", "m/first/motor", "m/first/tally"]);
    assert.equal(last.client.directory.drivers.length, 4);
  });

  it("tells exactly what was missed while a link in between was cut", async () => {
    const far = last.client.subscribe("m/first/motor/state");
    const { found: seen } = await until(far, isBatch);
    await relay.cut();
    await last.until(() => !last.has("m/first/motor/state") && !last.hasService("m/first/tally/count"));
    await assert.rejects(last.client.call("m/first/tally/count", { value: 1 }), { code: "disconnected" });
    await assert.rejects(last.client.set("m/first/motor/gains", { kp: 1 }), { code: "disconnected" });
    await relay.mend();
    const { found, before } = await until(far, isLost);
    const batches = [seen, ...before.filter(isBatch)];
    const next = (batches.at(-1)?.last ?? 0) + 1;
    assert.deepEqual([found.loss.reason, found.loss.from], ["disconnected", next]);
    assert.equal(found.loss.count, found.loss.to - found.loss.from + 1);
    const { found: after, before: between } = await until(far, isBatch);
    assert.equal(after.first, found.loss.to + 1);
    assert.deepEqual(between.filter(isLost), []);
    far.close();
    await last.until(() => last.hasService("m/first/tally/count"));
    await last.client.call("m/first/tally/count", { value: 1 });
  });

  it("carries a channel of programs both ways, numbered by its owner, without echo and under the sender's name", async () => {
    const posts = [
      [first, "chat"],
      [middle, "first/chat"],
      [last, "m/first/chat"],
    ] as const;
    await first.client.publish("chat", { from: "first" });
    await last.until(() => last.has("m/first/chat"));
    const readers = posts.map(([{ client }, channel]) => client.subscribe(channel, { last: true }));
    await Promise.all(readers.map(({ ready }) => ready));
    const got: (readonly [number, string, string | undefined])[][] = [[], [], []];
    /** Reads on until a reader has had so many. */
    const gather = async (i: number, count: number): Promise<void> => {
      const reader = readers[i] ?? assert.fail();
      const list = got[i] ?? assert.fail();
      while (list.length < count) {
        const { found, before } = await until(reader, isBatch);
        assert.deepEqual(before, []);
        const values = found.values() as { from: string }[];
        found.sequences.forEach((sequence, at) => list.push([sequence, values[at]?.from ?? "", found.sender?.name]));
      }
    };
    // The newest sample comes once a reader's stream has begun at the owner.
    await Promise.all([gather(1, 1), gather(2, 1)]);
    await last.client.publish("m/first/chat", { from: "last" });
    await middle.client.publish("first/chat", { from: "middle" });
    // Each goes its own way to the owner; the last one is sent when nothing else is under way.
    await Promise.all([gather(0, 2), gather(1, 2), gather(2, 2)]);
    const other = await connect(middle.bridge.pageUrl);
    await other.publish("first/chat", { from: "end" });
    await Promise.all([gather(0, 3), gather(1, 3), gather(2, 3)]);
    for (const reader of readers) reader.close();
    const sent = new Map(got.flat().map(([sequence, from, name]) => [sequence, [from, name]]));
    assert.deepEqual([...sent.keys()].sort(), [0, 1, 2, 3], "the owner numbers them, one after the other");
    const names = Object.fromEntries(sent.values()) as Record<string, string>;
    assert.match(names["last"] ?? "", /\blast\/s\d+$/);
    const froms = got.map((list) => list.map(([, from]) => from).sort());
    assert.deepEqual(froms, [
      ["end", "last", "middle"],
      ["end", "first", "last"],
      ["end", "first", "middle"],
    ]);
    for (const list of got)
      assert.deepEqual(
        list.map(([sequence]) => sequence),
        list.map(([sequence]) => sequence).sort(),
      );
    await other.close();
  });
});

describe("bridges that point at each other", () => {
  it("show each other's own things, and none of their own come back", async () => {
    const [a, b, c] = [new Post(), new Post(), new Post()];
    const port = await freePort();
    await a.start("a", [b.link("b", port)]);
    await b.start("b", [a.bridge.pageUrl], port);
    await c.start("c", [a.bridge.pageUrl, b.bridge.pageUrl]);
    await a.client.publish("mine", 1);
    await b.client.publish("other", 2);
    await Promise.all([
      a.until(() => a.has("b/other")),
      b.until(() => b.has("a/mine")),
      c.until(() => ["a/mine", "a/b/other", "b/other", "b/a/mine"].every((channel) => c.has(channel))),
    ]);
    const names = ({ client }: Post): string[] => client.directory.channels.map(({ channel }) => channel).sort();
    assert.deepEqual(names(a), ["b/other", "mine"]);
    assert.deepEqual(names(b), ["a/mine", "other"]);
    assert.deepEqual(names(c), ["a/b/other", "a/mine", "b/a/mine", "b/other"]);
    assert.deepEqual([a.up, a.client.directory.drivers.length], [["b"], 1]);
    for (const post of [c, b, a]) await post.stop();
  });

  it("say so when one is its own upstream, and it goes on", async () => {
    const self = new Post();
    const port = await freePort();
    await self.start("self", [self.link("self", port)], port);
    const entry = (): DriverEntry | undefined => self.client.directory.drivers[0];
    await self.until(() => entry()?.state === "refused");
    assert.match(entry()?.error?.message ?? "", /is this bridge itself/);
    assert.equal(JSON.stringify(await self.client.status()).includes(self.bridge.token), false);
    assert.equal((await self.client.publish("goes", "on")).seq, 0);
    await self.stop();
  });

  it("reach programs' services and streams through each other, and fail them at once when the link is cut", async () => {
    const [a, b] = [new Post(), new Post()];
    await a.start("a");
    const relay = new Relay(a.port);
    await relay.mend();
    await b.start("b", [`http://127.0.0.1:${String(relay.port)}#token=${a.bridge.token}`]);
    a.client.expose("camera", {
      snap: (exposure: number) => ({ exposure }),
      wait: () => new Promise<never>(() => undefined),
      fail: () => {
        throw new RangeError("too dark");
      },
    });
    await b.until(() => ["snap", "wait", "fail"].every((name) => b.hasService(`a/camera/${name}`)));
    assert.deepEqual(await b.client.call("a/camera/snap", [0.5]), { exposure: 0.5 });
    await assert.rejects(b.client.call("a/camera/fail"), {
      code: "service_failed",
      message: "too dark",
      name: "RangeError",
    });
    const waiting = b.client.call("a/camera/wait");
    const failed = assert.rejects(waiting, { code: "disconnected" });
    await b.client.call("a/camera/snap", [1]);
    await relay.cut();
    await failed;
    await b.until(() => !b.hasService("a/camera/snap"));
    await relay.mend();
    await b.until(() => b.hasService("a/camera/snap"));
    for (const post of [b, a]) await post.stop();
    await relay.cut();
  });
});

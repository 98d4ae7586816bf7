// SPDX-License-Identifier: MIT
// Streams that programs offer, and others start, stop and read, through a real bridge.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, afterEach, beforeEach, describe, it } from "mocha";
import { Publisher as ZmqPublisher } from "zeromq";
import { connect, type Client, type StreamEntry, type Subscription } from "../../bridge/index.ts";
import { ROOT } from "../../scripts/tools/paths.ts";
import { startTestBridge, type TestBridge } from "../support/bridge.ts";
import { RuntimeFolder } from "../support/driver-program.ts";
import { Relay } from "../support/relay.ts";

describe("streams of programs", () => {
  const runtime = new RuntimeFolder();
  let test: TestBridge;
  let program: Client;
  let control: Client;

  beforeEach(async () => {
    test = await startTestBridge(runtime.path);
    program = await connect({ url: test.bridge.pageUrl, client: "program" });
    control = await connect({ url: test.bridge.pageUrl, client: "control" });
    await control.watch();
  });

  afterEach(async () => {
    await program.close();
    await control.close();
    await test.bridge.stop();
  });

  after(() => {
    runtime.remove();
  });

  /** Resolves with a stream's entry once something holds of it, as the control client sees it. */
  function entry(name: string, holds: (entry: StreamEntry | undefined) => boolean): Promise<StreamEntry | undefined> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = control.directory.streams.find(({ stream }) => stream === name);
        if (!holds(found)) return;
        off();
        resolve(found);
      };
      const off = control.on("directory", look);
      look();
    });
  }

  async function values(subscription: Subscription, count: number): Promise<unknown[]> {
    const all: unknown[] = [];
    for await (const delivery of subscription) {
      if (delivery.kind === "batch") all.push(...delivery.values());
      if (all.length >= count) break;
    }
    return all;
  }

  it("publish what their function returns, and are listed with rate, state and encoding", async () => {
    let n = 0;
    await program.streams.add("count", { hz: 200, call: () => n++ }).ready;
    const seen = await values(control.subscribe("count", { wait: true }), 20);
    const first = seen[0] as number;
    assert.deepEqual(
      seen,
      seen.map((_, i) => first + i),
    );
    const found = await entry("count", (each) => (each?.calls ?? 0) > 0);
    const { type, hz, enabled, state, encoding, channel, client, error } = found!;
    assert.deepEqual(
      { type, hz, enabled, state, encoding, channel, client, error },
      {
        type: "periodic",
        hz: 200,
        enabled: true,
        state: "running",
        encoding: "json",
        channel: "count",
        client: "program",
        error: null,
      },
    );
    assert.deepEqual(
      (await program.streams.list()).map(({ stream }) => stream),
      ["count"],
    );
  });

  it("show what their function throws, go on, and recover", async () => {
    let n = 0;
    let isBroken = true;
    const call = async (): Promise<number> => {
      await Promise.resolve();
      if (isBroken) throw new TypeError("boom");
      return n++;
    };
    program.streams.add("fragile", { hz: 100, call });
    const failing = await entry("fragile", (each) => each?.state === "failing");
    assert.deepEqual(failing?.error, { name: "TypeError", message: "boom" });
    isBroken = false;
    const well = await entry("fragile", (each) => each?.state === "running" && each.calls > 1);
    assert.equal(well?.error, null);
    assert.equal((await values(control.subscribe("fragile"), 3)).length, 3);
  });

  it("count what they could not do in time", async () => {
    const call = (): number => {
      const end = performance.now() + 35;
      while (performance.now() < end);
      return 1;
    };
    program.streams.add("slow", { hz: 100, call });
    const found = await entry("slow", (each) => (each?.overruns ?? 0) >= 4);
    // Of 100 periods a second the function leaves time for 28 at most.
    assert.ok(found!.overruns >= found!.calls, JSON.stringify(found));
    await program.streams.remove("slow");
  });

  it("are stopped, started and given another rate from anywhere", async () => {
    let n = 0;
    await program.streams.add("sine", { hz: 500, call: () => Math.sin(n++), enabled: false }).ready;
    assert.equal((await entry("sine", (each) => each !== undefined))?.state, "stopped");
    assert.equal(n, 0);
    const started = await control.streams.start("sine");
    assert.deepEqual([started.enabled, started.state], [true, "running"]);
    await values(control.subscribe("sine"), 5);
    const slower = await control.streams.rate("sine", 50);
    assert.equal(slower.hz, 50);
    const stopped = await control.streams.stop("sine");
    assert.deepEqual([stopped.enabled, stopped.state, stopped.hz], [false, "stopped", 50]);
    assert.equal((await control.streams.stop("sine")).state, "stopped");
    const calls = n;
    await control.list();
    assert.equal(n, calls);
    assert.equal((await program.streams.start("sine")).state, "running");
    await assert.rejects(control.streams.rate("sine", 0), { code: "out_of_range" });
    await assert.rejects(control.streams.start("cosine"), { code: "unknown_stream" });
    assert.throws(() => program.streams.add("sine", { hz: 20_000, call: () => 1 }), { code: "out_of_range" });
  });

  it("are replaced by one of the same name, never two at once, and removed", async () => {
    const seen: string[] = [];
    const call = (who: string) => (): string => {
      seen.push(who);
      return who;
    };
    program.streams.add("one", { hz: 1000, call: call("first") });
    const second = program.streams.add("one", { hz: 100, call: call("second") });
    await second.ready;
    await values(control.subscribe("one"), 5);
    assert.deepEqual([...new Set(seen)], ["second"]);
    assert.equal((await control.streams.list()).length, 1);
    await program.streams.remove("one");
    assert.deepEqual(await control.streams.list(), []);
    const calls = seen.length;
    await control.list();
    assert.equal(seen.length, calls);
    await assert.rejects(program.streams.remove("one"), { code: "unknown_stream" });
    await program.streams.add("one", { hz: 100, call: call("third") }).ready;
    await entry("one", (each) => each?.state === "running");
    await assert.rejects(control.streams.add("one", { hz: 1, call: () => 1, channel: "other" }).ready, {
      code: "name_in_use",
    });
  });

  it("are published by the program itself, and then nobody else can stop them", async () => {
    const position = program.streams.manual<{ readonly x: number }>("position");
    await position.ready;
    const subscription = control.subscribe("position");
    await subscription.ready;
    position.publish({ x: 1 });
    assert.deepEqual(await values(subscription, 1), [{ x: 1 }]);
    assert.equal((await entry("position", (each) => each !== undefined))?.type, "manual");
    await assert.rejects(control.streams.stop("position"), { code: "refused" });
    await position.remove();
    assert.throws(() => position.publish({ x: 2 }), { code: "closed" });
  });

  for (const unref of [false, true]) {
    it(`relay what a ZeroMQ publisher sends, and can be stopped and started${unref ? ", without keeping their process alive" : ""}`, async () => {
      const relaying = await connect({ url: test.bridge.pageUrl, unref });
      const zmq = new ZmqPublisher({ linger: 0 });
      await zmq.bind("tcp://127.0.0.1:0");
      const address = zmq.lastEndpoint ?? "";
      await relaying.streams.relay("video", address, { topic: "cam", contentType: "image/x-test" }).ready;
      await relaying.streams.relay("numbers", address, { topic: "n", kind: "json" }).ready;
      const [video, numbers] = [control.subscribe("video"), control.subscribe("numbers")];
      await Promise.all([video.ready, numbers.ready]);
      let n = 0;
      // A publisher does not know who listens: it is asked to send until what it sends arrives.
      const sending = setInterval(() => {
        void zmq.send(["cam0", new Uint8Array([1, 2, n])]);
        void zmq.send(["n", JSON.stringify({ n })]);
        void zmq.send(["other", "x"]);
        n++;
      }, 5);
      try {
        const frames = (await values(video, 3)) as Uint8Array[];
        assert.deepEqual(
          frames.map(({ length }) => length),
          frames.map(() => 3),
        );
        const [first, second] = (await values(numbers, 2)) as { readonly n: number }[];
        assert.equal(second!.n, first!.n + 1);
        const stopped = await control.streams.stop("video");
        assert.deepEqual(
          [stopped.type, stopped.state, stopped.encoding, stopped.hz],
          ["relay", "stopped", "image/x-test", null],
        );
        await control.streams.start("video");
        await values(control.subscribe("video"), 2);
        await assert.rejects(control.streams.rate("video", 5), { code: "refused" });
      } finally {
        clearInterval(sending);
        zmq.close();
        await relaying.close();
      }
    });
  }

  for (const [how, unref, ending] of [
    ["after close()", false, "await client.close();"],
    ["by itself where the connection does not keep it alive", true, ""],
  ] as const) {
    it(`let their process end ${how}`, async () => {
      const script = `
        import { connect } from ${JSON.stringify(new URL("../../bridge/index.ts", import.meta.url).href)};
        const client = await connect({ url: ${JSON.stringify(test.bridge.pageUrl)}, unref: ${String(unref)} });
        await client.streams.add("ending/sine", { hz: 100, call: () => 1 }).ready;
        await client.streams.relay("ending/relay", "tcp://127.0.0.1:1").ready;
        await client.expose("ending/service", () => 1).ready;
        await client.alias("ending/alias", "ending/service").ready;
        const out = client.publisher("ending/data");
        out.publish(1);
        await out.flush();
        ${ending}
      `;
      const args = ["--import", "tsx", "--input-type=module", "--eval", script];
      const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] });
      const [code] = (await once(child, "close")) as [number | null];
      assert.equal(code, 0);
      await entry("ending/sine", (each) => each === undefined);
    });
  }

  it("say that a relay's address is none", async () => {
    program.streams.relay("broken", "nowhere");
    const found = await entry("broken", (each) => each?.state === "failing");
    assert.notEqual(found?.error, null);
  });

  it("go on after a lost connection and are listed again", async () => {
    const relay = new Relay(Number(new URL(test.bridge.url).port));
    await relay.mend();
    const url = `http://127.0.0.1:${String(relay.port)}/${new URL(test.bridge.pageUrl).hash}`;
    const wandering = await connect({ url, client: "wandering" });
    let n = 0;
    await wandering.streams.add("count", { hz: 100, call: () => n++ }).ready;
    await entry("count", (each) => each !== undefined);
    await relay.cut();
    await entry("count", (each) => each === undefined);
    const calls = n;
    await relay.mend();
    const found = await entry("count", (each) => each !== undefined && each.calls > calls);
    assert.equal(found?.client, "wandering");
    await values(control.subscribe("count"), 3);
    await wandering.close();
    await relay.cut();
    const end = n;
    await entry("count", (each) => each === undefined);
    assert.equal(n, end);
  });
});

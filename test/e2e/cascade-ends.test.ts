// SPDX-License-Identifier: MIT
// What a bridge takes from another one and what it leaves, streams adjusted from afar, and an upstream that is killed and comes again.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { Bridge } from "../../bridge/daemon/bridge.ts";
import { connect, type Client } from "../../bridge/index.ts";
import { startTestBridge } from "../support/bridge.ts";
import { type BridgeProgram, startBridgeProgram } from "../support/bridge-program.ts";
import { type DriverProgram, RuntimeFolder, startDriver } from "../support/driver-program.ts";
import { untilDirectory } from "../support/rig.ts";

describe("a bridge with an upstream", () => {
  let near: RuntimeFolder;
  let far: RuntimeFolder;
  let tally: DriverProgram;
  let upstream: BridgeProgram;
  let bridge: Bridge;
  let client: Client;

  beforeEach(async () => {
    near = new RuntimeFolder();
    far = new RuntimeFolder();
    tally = await startDriver(far, "tally");
    upstream = await startBridgeProgram(far);
  });

  afterEach(async () => {
    await client.close();
    await bridge.stop();
    await upstream.stop();
    await tally.stop();
    near.remove();
    far.remove();
  });

  async function start(settings: string): Promise<void> {
    ({ bridge } = await startTestBridge(near.path, { name: "near", upstreams: [`${upstream.link},${settings}`] }));
    client = await connect(bridge.pageUrl);
    await client.watch();
  }

  const until = (holds: () => boolean): Promise<void> => untilDirectory(client, holds);

  const channels = (): string[] => client.directory.channels.map(({ channel }) => channel).sort();
  const services = (): string[] => client.directory.services.map(({ service }) => service).sort();

  it("takes only what it shares", async () => {
    const other = await connect(upstream.link);
    await other.publish("data", 1);
    await other.publish("secret", 2);
    await start("prefix=f,share=data,share=tally/counts");
    await until(() => channels().length === 2);
    // What comes later is held to the same.
    await other.publish("secret/too", 3);
    await other.expose("horn", { beep: () => 1 }).ready;
    await other.publish("data", 4);
    const data = client.subscribe("f/data", { last: true });
    for await (const delivery of data) if (delivery.kind === "batch") break;
    assert.deepEqual([channels(), services()], [["f/data", "f/tally/counts"], []]);
    await assert.rejects(client.call("f/tally/count", { value: 1 }), { code: "unknown_service" });
    await other.close();
  });

  it("starts, stops and paces the streams of programs there", async () => {
    const other = await connect(upstream.link);
    const sine = other.streams.add("sine", { hz: 50, call: () => 1 });
    await sine.ready;
    await start("prefix=f");
    await until(() => client.directory.streams.some(({ stream }) => stream === "f/sine"));
    const paced = await client.streams.rate("f/sine", 20);
    assert.deepEqual([paced.stream, paced.hz], ["f/sine", 20]);
    const stopped = await client.streams.stop("f/sine");
    assert.deepEqual([stopped.enabled, stopped.state], [false, "stopped"]);
    const own = (await other.streams.list()).find(({ stream }) => stream === "sine");
    assert.deepEqual([own?.hz, own?.enabled], [20, false]);
    await assert.rejects(client.streams.start("f/none"), { code: "unknown_stream" });
    await other.close();
  });

  it("goes on with an upstream that was killed and comes again at its address", async () => {
    await start("prefix=f");
    await until(() => services().includes("f/tally/count"));
    const { port } = upstream;
    process.kill(upstream.pid, "SIGKILL");
    await until(() => services().length === 0);
    await assert.rejects(client.call("f/tally/count", { value: 1 }), { code: "disconnected" });
    await upstream.stop();
    upstream = await startBridgeProgram(far, ["--port", String(port)]);
    await until(() => services().includes("f/tally/count"));
    assert.ok(await client.call("f/tally/count", { value: 1 }));
  });
});

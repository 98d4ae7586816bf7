// SPDX-License-Identifier: MIT
// The gateway `zmq` with real ZeroMQ clients of Python: calls, streams, and what must not disturb anybody.
import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import { once } from "node:events";
import { afterEach, beforeEach, describe, it } from "mocha";
import { connect as dial } from "../../bridge/index.ts";
import { provide } from "../support/provide.ts";
import { RouterClient } from "../support/router-client.ts";
import { startTestBridge, type TestBridge } from "../support/bridge.ts";
import { temporaryFolders } from "../support/folder.ts";
import { WireClient, type Message } from "../support/wire-client.ts";

/** Does something again and again until `wanted` has come, as a subscription takes a moment on its way. */
async function until<T>(wanted: Promise<T>, again: () => Promise<unknown>): Promise<T> {
  const state = { over: false };
  const settled = wanted.finally(() => (state.over = true));
  while (!state.over) await again();
  return settled;
}

describe("the gateway zmq", () => {
  const folder = temporaryFolders();
  let rig: TestBridge;
  let program: WireClient;
  let url: string;
  const clients: RouterClient[] = [];
  const python = (): RouterClient => {
    const client = new RouterClient(url);
    clients.push(client);
    return client;
  };

  beforeEach(async () => {
    const open = ["data", "frames", "text", "a", "ab", "a/*", "camera/**", "sine", "1hz_sine_0_", "dark", "loop/*"];
    const opened = open.map((pattern) => `open=${pattern}`).join(",");
    rig = await startTestBridge(folder(), { gateways: [`zmq:0,timeout=600,json=text,${opened}`] });
    url = rig.bridge.gateways[0]?.url ?? "";
    program = await WireClient.enter(rig.bridge.url, rig.bridge.token);
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.end()));
    await program.close();
    await rig.bridge.stop();
  });

  let marks = 0;
  /** Publishes until the reader has the first sample, as subscriptions take a moment on their way; then it has taken all that was published. */
  async function reach(client: RouterClient, topic: string, channel: string, value: unknown): Promise<void> {
    await until(client.ask("get", topic), () => program.ask({ op: "publish", channel, value }));
    // What was on its way meanwhile is taken off, up to a mark; another reader's may stand before it.
    const mark = `mark ${String((marks += 1))}`;
    await program.ask({ op: "publish", channel, value: mark });
    for (;;) {
      const [[, each]] = (await client.ask("get", topic)) as [[number, unknown]];
      if (each === mark) return;
    }
  }

  it("sends the samples of a channel as a topic, with their time in seconds", async () => {
    const client = python();
    await client.ask("subscribe", "data");
    await reach(client, "data", "data", 0);
    const value = { x: 1, y: [1.5, null, true, "naïve"], z: { deep: -1 } };
    const { time } = await program.ask<{ time: number }>({ op: "publish", channel: "data", value });
    assert.deepEqual(await client.ask("get", "data"), [[time / 1000, value]]);
  });

  it("sends bytes as they are, and JSON where that was asked for", async () => {
    const client = python();
    await client.ask("subscribe", "frames", "queue", "raw");
    await client.ask("subscribe", "text", "queue", "json");
    await reach(client, "text", "text", 0);
    await program.ask({ op: "publish", channel: "text", value: { a: [1] } });
    const answer = await client.try("get", "text");
    assert.match("ok" in answer ? answer.repr : answer.text, /\{'a': \[1\]\}/);
    const frame = { bytes: Buffer.from([0, 1, 255]).toString("base64"), contentType: "image/raw" };
    const frames = await until(client.try("get", "frames"), () =>
      program.ask({ op: "publish", channel: "frames", ...frame }),
    );
    assert.match("ok" in frames ? frames.repr : frames.text, /b'\\x00\\x01\\xff'/);
  });

  it("sends a topic to none of the readers of a longer or shorter one", async () => {
    const client = python();
    for (const topic of ["a", "ab", "a/b"]) await client.ask("subscribe", topic);
    for (const topic of ["a", "ab", "a/b"]) await reach(client, topic, topic, 0);
    for (const topic of ["ab", "a/b", "a"]) await program.ask({ op: "publish", channel: topic, value: topic });
    for (const topic of ["a", "ab", "a/b"]) {
      const [[, value]] = (await client.ask("get", topic)) as [[number, unknown]];
      assert.equal(value, topic);
      assert.equal(await client.ask("pending", topic), 0);
    }
  });

  it("takes topics with characters that names do not have", async () => {
    const client = python();
    await client.ask("subscribe", "1hz_sine[0]");
    await reach(client, "1hz_sine[0]", "1hz_sine_0_", 0);
    await program.ask({ op: "publish", channel: "1hz_sine_0_", value: 0.5 });
    assert.deepEqual(((await client.ask("get", "1hz_sine[0]")) as [[number, number]])[0][1], 0.5);
  });

  it("keeps 1000 samples in order for a reader with a queue, and the newest for one with a cache", async () => {
    const [queue, cache] = [python(), python()];
    await queue.ask("subscribe", "data");
    await cache.ask("subscribe", "data", "cache");
    await reach(cache, "data", "data", 0);
    await reach(queue, "data", "data", 0);
    for (let i = 1; i <= 1000; i++) program.say({ op: "publish", id: 1e6 + i, channel: "data", value: i });
    await program.next(({ id }) => id === 1e6 + 1000);
    const values = ((await queue.ask("get", "data", 1000)) as [number, number][]).map(([, value]) => value);
    assert.deepEqual(
      values,
      Array.from({ length: 1000 }, (_, i) => i + 1),
    );
    let latest = 0;
    while (latest !== 1000) latest = ((await cache.ask("get", "data")) as [[number, number]])[0][1];
    assert.equal(await cache.ask("pending", "data"), 0);
  });

  it("counts its clients", async () => {
    const peers = async (): Promise<number> => {
      const headers = { authorization: `Bearer ${rig.bridge.token}` };
      const response = await fetch(`${rig.bridge.url}/api/status`, { headers });
      const { gateways } = (await response.json()) as { gateways: { peers: number }[] };
      return gateways[0]?.peers ?? -1;
    };
    const client = python();
    await client.ask("subscribe", "data");
    await reach(client, "data", "data", 0);
    assert.equal(await peers(), 1);
    await client.end();
    while ((await peers()) > 0);
  });

  it("does not show what is not opened", async () => {
    const client = python();
    await client.ask("subscribe", "secret");
    await client.ask("subscribe", "");
    const seen = await until(client.ask("everything", 3), async () => {
      await program.ask({ op: "publish", channel: "secret", value: 1 });
      await program.ask({ op: "publish", channel: "data", value: 1 });
    });
    for (const [topic] of seen as [string][]) assert.equal(topic, "data");
    assert.equal(await client.ask("pending", "secret"), 0);
  });

  it("refuses a hostile request with an error, and answers the next one", async () => {
    const client = python();
    const hostile = {
      "cos\nsystem\n(S'touch /tmp/pwned'\ntR.": /unsafe_pickle: .*GLOBAL at byte 0/,
      "not a pickle": /bad_message: a pickle cannot be read/,
      "": /bad_message/,
      "]q\0h\0a.": /bad_value: .*holds itself/,
      "N.": /bad_message: a request must be/,
    };
    for (const [bytes, reason] of Object.entries(hostile)) {
      await client.ask("send_raw", "main", Buffer.from(bytes).toString("hex"));
      assert.match(await client.raised("receive", "main"), reason);
    }
    const refused = {
      "(1, 2, [], {}, False)": /two names/,
      "('a', 'b', 3, {}, False)": /list of args/,
      "('a', 'b', [], [], False)": /dict of kwargs/,
      "('a', 'b', [], {}, 0)": /True or False/,
      "('a', 'b', [b'x'], {}, False)": /an argument is bytes/,
      "('a', 'b', [float('nan')], {}, False)": /inf or nan/,
      "('a', 'b', [{1: 2}], {}, False)": /keys of a dict must be str/,
      "('a', 'b', [{1, 2}], {}, False)": /a set/,
      "('a', 'b', [ValueError('x')], {}, False)": /unsafe_pickle/,
      "('a', 'b', ['x' * 2_000_000], {}, False)": /message_too_large/,
    };
    for (const [expression, reason] of Object.entries(refused)) {
      await client.ask("send_python", "main", expression);
      assert.match(await client.raised("receive", "main"), reason, expression);
    }
    assert.equal(await client.ask("call", "__router_server", "get_version"), "0.1.0");
  });

  it("lets go of a connection that never finishes its handshake, and serves the others", async () => {
    const [, port = ""] = /:(\d+)\?/.exec(url) ?? [];
    const silent = connect(Number(port), "127.0.0.1");
    silent.on("error", () => undefined);
    const closed = once(silent, "close");
    silent.resume();
    const client = python();
    assert.equal(await client.ask("call", "__router_server", "get_version"), "0.1.0");
    await closed;
  });

  it("calls services by position and by name, with errors in the service's own words", async () => {
    await provide(program, {
      "camera/snap": (named, args) => ({ named, args }),
      "camera/malfunction": () => {
        throw new RangeError("Crunch!");
      },
    });
    await program.ask({ op: "alias", service: "dark", target: "camera/snap", args: [1, 2], named: { gain: 3 } });
    const client = python();
    const value = { args: [0.5, [1, null]], named: { gain: 2 } };
    assert.deepEqual(await client.ask("call", "camera", "snap", [0.5, [1, null]], { gain: 2 }), value);
    assert.equal(await client.raised("call", "camera", "malfunction"), "Crunch!");
    assert.deepEqual(await client.ask("call_by_name", "dark"), { args: [1, 2], named: { gain: 3 } });
    assert.deepEqual(await client.ask("call_by_name", "dark", [9], { gain: 4 }), { args: [9, 2], named: { gain: 4 } });
    const before = Date.now() / 1000;
    const [time, timed] = (await client.ask("call", "camera", "snap", [], {}, true)) as [number, unknown];
    assert.deepEqual(timed, { args: [], named: {} });
    assert.ok(time >= before - 1 && time <= Date.now() / 1000 + 1, `${String(time)} are seconds since 1970`);
  });

  it("says of what is not there what the router says", async () => {
    await provide(program, { "camera/snap": () => null });
    const client = python();
    assert.equal(await client.raised("call", "horn", "honk"), "'horn is not present in instances.'");
    assert.match(
      await client.raised("call", "camera", "zzz"),
      /^Instance camera does not have attribute: zzz\. Error: /,
    );
    assert.equal(await client.raised("call_by_name", "nope"), `"'nope' is not a named call."`);
    assert.match(await client.raised("call", "__streamer", "zzz"), /does not have attribute: zzz/);
    assert.equal(await client.raised("call", "__streamer", "enable", ["zz"]), "'Stream: zz does not exist.'");
  });

  it("does not let one slow call hold up the others", async () => {
    const slow = new Map<string, () => void>();
    const held = new Promise<void>((resolve) => slow.set("go", resolve));
    await provide(program, { "camera/slow": () => held, "camera/fast": (_, [n]) => n });
    const [one, other] = [python(), python()];
    await one.ask("send", "main", "camera", "slow", [], {});
    const waiting = one.ask("receive", "main");
    for (let i = 0; i < 20; i++) assert.equal(await other.ask("call", "camera", "fast", [i]), i);
    assert.equal(await python().ask("call", "camera", "fast", ["more"]), "more");
    slow.get("go")?.();
    assert.equal(await waiting, null);
  });

  it("gives up the call of a client that dies", async () => {
    await program.ask({ op: "expose", services: [{ service: "camera/held" }] });
    const client = python();
    await client.ask("send", "main", "camera", "held", [], {});
    const { call } = await program.next(({ op }) => op === "invoke");
    await client.end();
    const abandoned = await program.next(({ op }) => op === "abandon");
    assert.equal(abandoned["call"], call);
  });

  it("says which setting is wrong, and gives back the one port when the other is taken", async () => {
    const wrong = {
      "stream-port=x": /stream-port/,
      "queue-bytes=1": /queue-bytes/,
      "timeout=0": /timeout/,
      "hwm=1": /hwm/,
    };
    for (const [setting, message] of Object.entries(wrong)) {
      const gateways = [`zmq:0,open=data,${setting}`];
      await assert.rejects(startTestBridge(folder(), { gateways }), { code: "config_invalid", message });
    }
    const [, calls = "", streams = ""] = /:(\d+)\?streams=(\d+)/.exec(url) ?? [];
    const free = createServer().listen(0, "127.0.0.1");
    await once(free, "listening");
    const { port } = free.address() as { port: number };
    free.close();
    await once(free, "close");
    for (const [port1, port2] of [
      [port, streams],
      [calls, port],
    ] as const) {
      const gateways = [`zmq:${String(port1)},open=data,stream-port=${String(port2)}`];
      await assert.rejects(startTestBridge(folder(), { gateways }), { code: "port_in_use", message: /--gateway zmq/ });
      const again = createServer().listen(port, "127.0.0.1");
      await once(again, "listening");
      again.close();
      await once(again, "close");
    }
  });

  it("fails the calls of a program that dies", async () => {
    const dying = await WireClient.enter(rig.bridge.url, rig.bridge.token);
    await dying.ask({ op: "expose", services: [{ service: "camera/dies" }] });
    const client = python();
    await client.ask("send", "main", "camera", "dies", [], {});
    await dying.next(({ op }) => op === "invoke");
    dying.ws.terminate();
    assert.match(await client.raised("receive", "main"), /^disconnected: /);
  });

  const stream = {
    ...{ stream: "sine", channel: "sine", type: "periodic", hz: 50, enabled: true, state: "running" },
    ...{ encoding: "json", calls: 0, overruns: 0, error: null },
  };

  /** Answers each change of the stream as its program does. */
  function obey(offered: Message): void {
    let state = offered;
    const answer = async (): Promise<void> => {
      for (;;) {
        const { call, enabled } = await program.next(({ op }) => op === "adjust");
        state = { ...state, enabled, state: enabled === true ? "running" : "stopped" };
        program.say({ op: "return", call, result: state });
      }
    };
    answer().catch(() => undefined); // the program closes
  }

  it("starts and stops streams, also twice, and lists them all the while", async () => {
    await program.ask({ op: "offer", ...stream });
    await program.ask({ op: "offer", ...stream, stream: "text", channel: "text", type: "manual", hz: null });
    await program.ask({ op: "offer", ...stream, stream: "ab", channel: "ab", type: "relay", hz: null });
    await program.ask({ op: "publish", channel: "frames", bytes: "AAH/", contentType: "image/raw" });
    obey(stream);
    const client = python();
    const listed = async (): Promise<unknown> =>
      client.ask("call", "__streamer", "get_configuration", [], { as_dict: true });
    const configuration = {
      manual_streams: { frames: { encoding: null }, text: { encoding: "json" } },
      zmq_streams: { ab: { encoding: "unspecified" } },
      periodic_streams: { sine: { encoding: "pickle", return_type: null, frequency_hz: 50, enabled: true } },
    };
    assert.deepEqual(await listed(), configuration);
    for (const [attribute, enabled] of [
      ["disable", false],
      ["disable", false],
      ["enable", true],
      ["enable", true],
    ] as const) {
      assert.equal(await client.ask("call", "__streamer", attribute, ["sine"]), null);
      const { sine } = ((await listed()) as typeof configuration).periodic_streams;
      assert.deepEqual(sine, { ...configuration.periodic_streams.sine, enabled });
    }
    for (const manual of ["text", "frames"]) {
      const reason = await client.raised("call", "__streamer", "disable", [manual]);
      assert.equal(reason, `Stream: ${manual} cannot be enabled or disabled.`);
    }
  });

  it("follows a stream to the channel that it publishes in", async () => {
    const client = python();
    await client.ask("subscribe", "sine");
    await reach(client, "sine", "sine", 0);
    await program.ask({ op: "offer", ...stream, channel: "loop/sine" });
    await reach(client, "sine", "loop/sine", 0);
    await program.ask({ op: "retract", stream: "sine" });
    await reach(client, "sine", "sine", 0);
  });

  it("passes another router's streams on as that sent them, errors too", async () => {
    const far = await startTestBridge(folder(), { gateways: ["zmq:0,open=far"] });
    const rig2 = await WireClient.enter(far.bridge.url, far.bridge.token);
    const streams = /streams=(\d+)/.exec(far.bridge.gateways[0]?.url ?? "")?.[1] ?? "";
    const relaying = await dial({ url: rig.bridge.pageUrl });
    try {
      const contentType = "application/vnd.router-frame";
      relaying.streams.relay("frames", `tcp://127.0.0.1:${streams}`, { topic: "far", contentType });
      const client = python();
      await client.ask("subscribe", "frames");
      await until(client.ask("get", "frames"), () => rig2.ask({ op: "publish", channel: "far", value: "early" }));
      const { time } = await rig2.ask<{ time: number }>({ op: "publish", channel: "far", value: { x: [1.5] } });
      let got: [number, unknown] = [0, "early"];
      while (got[1] === "early") [got] = (await client.ask("get", "frames")) as [[number, unknown]];
      assert.deepEqual(got, [time / 1000, { x: [1.5] }]);
      const error = { name: "TypeError", message: "bent" };
      await rig2.ask({ op: "offer", ...stream, stream: "far", channel: "far", state: "failing", error });
      assert.equal(await client.raised("get", "frames"), "[TypeError('bent')]");
    } finally {
      await relaying.close();
      await rig2.close();
      await far.bridge.stop();
    }
  });

  it("sends the readers of a stream what its function threw, and goes on", async () => {
    const client = python();
    await client.ask("subscribe", "sine");
    await program.ask({ op: "offer", ...stream });
    await reach(client, "sine", "sine", 0);
    const error = { name: "RangeError", message: "boom" };
    await program.ask({ op: "offer", ...stream, state: "failing", calls: 1, error });
    assert.equal(await client.raised("get", "sine"), "[ValueError('boom')]");
    const own = { name: "LensError", message: "dusty" };
    await program.ask({ op: "offer", ...stream, state: "failing", calls: 2, error: own });
    assert.equal(await client.raised("get", "sine"), "[Exception('LensError: dusty')]");
    await program.ask({ op: "offer", ...stream, calls: 3 });
    await program.ask({ op: "publish", channel: "sine", value: 0.25 });
    assert.equal(((await client.ask("get", "sine")) as [[number, number]])[0][1], 0.25);
  });
});

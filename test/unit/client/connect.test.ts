// SPDX-License-Identifier: MIT
// The client's connection against a scripted bridge: hello, requests, events, and connecting again.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, it } from "mocha";
import { connect as connectInBrowser } from "../../../bridge/browser.ts";
import { connect } from "../../../bridge/index.ts";
import type { StateEvent } from "../../../bridge/client/events.ts";
import { ScriptedBridge, TOKEN, WELCOME } from "../../support/scripted-bridge.ts";
import { connectTo, withClient } from "../../support/scripted-client.ts";

/** Runs a test with a bridge to which nobody is connected yet. */
async function withBridge(run: (bridge: ScriptedBridge) => Promise<void>): Promise<void> {
  const bridge = await ScriptedBridge.start();
  try {
    await run(bridge);
  } finally {
    await bridge.stop();
  }
}

describe("connecting", () => {
  it("says hello with the token and knows the bridge afterwards", () =>
    withBridge(async (bridge) => {
      const connecting = connectTo(bridge.url, { client: "test" });
      const peer = await bridge.peer();
      const hello = await peer.welcome();
      const client = await connecting;
      assert.deepEqual({ ...hello }, { op: "hello", version: 1, token: TOKEN, client: "test", acks: true });
      assert.deepEqual(client.bridge, WELCOME.bridge);
      assert.equal(client.url, `http://127.0.0.1:${String(bridge.port)}`);
      assert.equal(client.state, "open");
      await client.close();
      assert.equal(client.state, "closed");
    }));

  it("takes options behind a URL, of which the token goes before the URL's", () =>
    withBridge(async (bridge) => {
      for (const url of [bridge.url, bridge.url.replace(/#.*/, "")]) {
        const connecting = connect(url, { token: "t1.other", client: "test" });
        const peer = await bridge.peer();
        const { token, client: name } = await peer.welcome();
        assert.deepEqual([token, name], ["t1.other", "test"]);
        await (await connecting).close();
      }
    }));

  it("refuses options behind options, and in a browser a name, and says what to write", async () => {
    const [code, url] = ["invalid_argument", "http://127.0.0.1:1"];
    await assert.rejects(connect({ url }, { token: "x" }), { code, message: /into one object/ });
    await assert.rejects(connectInBrowser({ url }, { token: "x" }), { code, message: /into one object/ });
    await assert.rejects(connectInBrowser("rig1", { token: "x" }), { code, message: /needs the url/ });
  });

  for (const [code, close] of [
    ["unauthorized", 4401],
    ["version_mismatch", 4406],
  ] as const) {
    it(`rejects with ${code} when the bridge says so`, () =>
      withBridge(async (bridge) => {
        const connecting = connectTo(bridge.url);
        const peer = await bridge.peer();
        await peer.expect("hello");
        peer.refuse(undefined, code, "no");
        peer.close(close);
        await assert.rejects(connecting, { code, message: "no" });
      }));

    it(`rejects with ${code} when the bridge only closes with ${String(close)}`, () =>
      withBridge(async (bridge) => {
        const connecting = connectTo(bridge.url);
        const peer = await bridge.peer();
        await peer.expect("hello");
        peer.close(close);
        await assert.rejects(connecting, { code });
      }));
  }

  it("rejects with no_bridge, the address and what to do when nothing listens", async () => {
    const bridge = await ScriptedBridge.start();
    const { url } = bridge;
    await bridge.stop();
    await assert.rejects(connectTo(url), { code: "no_bridge", message: /ECONNREFUSED.*structwire serve/ });
  });

  it("rejects with no_bridge when something else answers", async () => {
    const server = createServer((_, response) => response.writeHead(404).end());
    server.on("upgrade", (_, socket) => socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    await assert.rejects(connectTo(`http://127.0.0.1:${String(port)}`), { code: "no_bridge", message: /404/ });
    server.close();
  });

  it("rejects with timeout when the bridge never welcomes", () =>
    withBridge(async (bridge) => {
      const message = /did not answer within 100 ms/;
      await assert.rejects(connectTo(bridge.url, { timeoutMs: 100 }), { code: "timeout", message });
    }));

  for (const [what, text] of [
    ["what is not JSON", "{"],
    ["a list", "[]"],
    ["a welcome without its parts", '{"op":"welcome"}'],
    ["another first message", '{"op":"result","id":1,"result":{}}'],
  ] as const) {
    it(`rejects with bad_message when the bridge begins with ${what}`, () =>
      withBridge(async (bridge) => {
        const connecting = connectTo(bridge.url);
        const peer = await bridge.peer();
        await peer.expect("hello");
        peer.text(text);
        await assert.rejects(connecting, { code: "bad_message" });
      }));
  }
});

describe("requests", () => {
  it("get the answer of their id, in whatever order the answers come", () =>
    withClient(async ({ peer, client }) => {
      const [first, second] = [client.get("rig/a"), client.get("rig/b")];
      const [a, b] = [await peer.expect("get"), await peer.expect("get")];
      peer.result(b.id, { parameter: "rig/b", value: 2 });
      peer.result(a.id, { parameter: "rig/a", value: 1 });
      assert.deepEqual(await Promise.all([first, second]), [
        { parameter: "rig/a", value: 1 },
        { parameter: "rig/b", value: 2 },
      ]);
    }));

  it("reject with the bridge's code and message", () =>
    withClient(async ({ peer, client }) => {
      const setting = client.set("rig/gains", { kp: 1e9 });
      const { id, values } = await peer.expect("set");
      assert.deepEqual(values, { kp: 1e9 });
      peer.refuse(id, "out_of_range", "kp must be within 0 and 100");
      await assert.rejects(setting, { code: "out_of_range", message: "kp must be within 0 and 100" });
    }));

  it("reject with internal and the code's name when the code is not known here", () =>
    withClient(async ({ peer, client }) => {
      const asking = client.status();
      peer.refuse((await peer.expect("status")).id, "from_the_future", "hm");
      await assert.rejects(asking, { code: "internal", message: "from_the_future: hm" });
    }));

  it("reject with timeout, and a late answer harms nobody", () =>
    withClient(async ({ peer, client }) => {
      // Its own time, and what the bridge may need to say that it is over.
      const refused = assert.rejects(client.set("rig/a", {}, { timeoutMs: 1 }), { code: "timeout" });
      const { id } = await peer.expect("set");
      await refused;
      peer.result(id, {});
      const asking = client.get("rig/a");
      await peer.answer("get", { parameter: "rig/a", value: 1 });
      assert.deepEqual(await asking, { parameter: "rig/a", value: 1 });
    }));

  it("reject with disconnected when the connection breaks before the answer", () =>
    withClient(async ({ peer, client }) => {
      const asking = client.get("rig/a");
      await peer.expect("get");
      peer.drop();
      await assert.rejects(asking, { code: "disconnected" });
      await assert.rejects(client.get("rig/a"), { code: "disconnected" });
    }));

  it("reject with closed after close()", () =>
    withClient(async ({ peer, client }) => {
      const asking = client.get("rig/a");
      await peer.expect("get");
      const rejected = assert.rejects(asking, { code: "closed" });
      await client.close();
      await rejected;
      await assert.rejects(client.get("rig/a"), { code: "closed" });
    }));

  it("refuse a value that cannot be sent before anything is asked", () =>
    withClient(async ({ client }) => {
      await assert.rejects(client.set("rig/gains", { kp: NaN }), { code: "bad_value", message: /kp/ });
    }));
});

describe("calls", () => {
  it("can be given up: the caller is free at once and the bridge is told", () =>
    withClient(async ({ peer, client }) => {
      const controller = new AbortController();
      const calling = client.call("rig/slow", { n: 1 }, { signal: controller.signal });
      const { id } = await peer.expect("call");
      controller.abort();
      await assert.rejects(calling, { code: "cancelled" });
      assert.equal((await peer.expect("cancel"))["request"], id);
    }));

  it("are not begun when they are given up before", () =>
    withClient(async ({ client }) => {
      await assert.rejects(client.call("rig/slow", {}, { signal: AbortSignal.abort() }), { code: "cancelled" });
    }));

  it("of a typed driver give 64-bit integers as the type says", () =>
    withClient(async ({ peer, client }) => {
      const calling = client
        .driver<{
          channels: object;
          parameters: object;
          services: { count: { request: { value: number }; reply: { total: bigint } } };
        }>("tally")
        .call("count", { value: 3 });
      const called = await peer.expect("call");
      assert.equal(called["service"], "tally/count");
      peer.result(called.id, { total: 3 });
      await peer.answer("list", {
        drivers: [],
        channels: [],
        parameters: [],
        services: [
          {
            service: "tally/count",
            driver: "tally",
            request: { type: "", fields: [] },
            reply: { type: "count", fields: [{ name: "total", type: "u64" }] },
          },
        ],
      });
      assert.equal((await calling).total, 3n);
    }));
});

describe("the bridge's events", () => {
  it("keep a change that comes right behind the directory", () =>
    withClient(async ({ peer, client }) => {
      const watching = client.watch();
      const { id } = await peer.expect("watch");
      const removed = { driver: "rig", state: "up", epoch: "1", pid: 2, address: "unix:/rig.sock" } as const;
      peer.result(id, { drivers: [removed], channels: [], parameters: [], services: [], streams: [] });
      const gone = { driver: "rig", address: "unix:/rig.sock" };
      const told = new Promise((resolve) => client.on("directory", resolve));
      peer.send({ op: "directory", added: [], changed: [], removed: [gone] });
      await Promise.all([watching, told]);
      assert.deepEqual(client.directory.drivers, []);
    }));

  it("keep the watched directory fresh", () =>
    withClient(async ({ peer, client }) => {
      const watching = client.watch();
      await peer.answer("watch", { drivers: [], channels: [], parameters: [], services: [], streams: [] });
      await watching;
      const changed = new Promise((resolve) => client.on("directory", resolve));
      const driver = { driver: "rig", state: "up", address: "unix:/a.sock", epoch: "1", pid: 1 } as const;
      peer.send({ op: "directory", added: [driver], changed: [], removed: [] });
      assert.deepEqual(await changed, { added: [driver], changed: [], removed: [] });
      assert.deepEqual(client.directory.drivers, [driver]);
    }));

  it("bring new rates as lines, and the directory is as if whole entries had come", () =>
    withClient(async ({ peer, client }) => {
      const channel = { kind: "struct", driver: "rig", schema: 7, type: "t", contentType: null, fields: [] } as const;
      const [one, two] = ["rig/one", "rig/two"].map((name, stream) => ({
        channel: name,
        stream,
        ...channel,
        rate: 0,
        published: 0,
      }));
      assert.ok(one !== undefined && two !== undefined);
      const watching = client.watch();
      const request = await peer.answer("watch", {
        drivers: [],
        channels: [one, two],
        parameters: [],
        services: [],
        streams: [],
      });
      assert.equal(request["rates"], true);
      await watching;
      const told = new Promise((resolve) => client.on("directory", resolve));
      // A channel that went meanwhile is nobody's.
      peer.send({
        op: "rates",
        rates: [
          [two.stream, 1000, 5000],
          [9, 1, 1],
        ],
      });
      const faster = { ...two, rate: 1000, published: 5000 };
      assert.deepEqual(await told, { added: [], changed: [faster], removed: [] });
      assert.deepEqual(client.directory.channels, [one, faster]);
    }));

  it("reach a listener until it is taken away", () =>
    withClient(async ({ peer, client }) => {
      const seen: string[] = [];
      const stop = client.on("notice", ({ message }) => {
        seen.push(`first ${message}`);
        stop();
      });
      const both = new Promise<void>((resolve) =>
        client.on("notice", ({ message }) => {
          seen.push(`second ${message}`);
          if (message === "b") resolve();
        }),
      );
      peer.send({ op: "notice", code: "busy", message: "a" });
      peer.send({ op: "notice", code: "busy", message: "b" });
      await both;
      assert.deepEqual(seen, ["first a", "second a", "second b"]);
    }));

  it("that this version does not know are skipped", () =>
    withClient(async ({ peer, client }) => {
      peer.text('{"op":"weather","sunny":true}');
      const asking = client.status();
      await peer.answer("status", { fine: true });
      assert.deepEqual(await asking, { fine: true });
    }));
});

describe("reconnecting", () => {
  it("tells that the connection is lost, tries again and tells that it is back", () =>
    withClient(async ({ bridge, peer, client }) => {
      const states: StateEvent[] = [];
      const back = new Promise<void>((resolve) =>
        client.on("state", (event) => {
          states.push(event);
          if (event.state === "open") resolve();
        }),
      );
      peer.drop();
      await (await bridge.peer()).welcome();
      await back;
      assert.deepEqual(
        states.map(({ state, error }) => [state, error?.code]),
        [
          ["connecting", "disconnected"],
          ["open", undefined],
        ],
      );
      assert.ok((states[0]?.retryMs ?? 0) > 0);
    }));

  it("does not happen when it is not wanted: the client is closed and its loops throw", () =>
    withClient(
      async ({ peer, client }) => {
        const loop = client.subscribe("rig/reading")[Symbol.asyncIterator]().next();
        await peer.answer("subscribe", { subscription: 1 });
        const closed = new Promise<StateEvent>((resolve) => client.on("state", resolve));
        peer.close(1001);
        assert.equal((await closed).state, "closed");
        await assert.rejects(loop, { code: "closed" });
      },
      { reconnect: false },
    ));

  it("ends when the bridge refuses the token for good", () =>
    withClient(async ({ bridge, peer, client }) => {
      const closed = new Promise<StateEvent>((resolve) =>
        client.on("state", (event) => {
          if (event.state === "closed") resolve(event);
        }),
      );
      peer.drop();
      const next = await bridge.peer();
      await next.expect("hello");
      next.refuse(undefined, "unauthorized");
      assert.equal((await closed).error?.code, "unauthorized");
    }));

  it("asks again for what was watched, and tells what changed meanwhile", () =>
    withClient(async ({ bridge, peer, client }) => {
      const driver = { driver: "rig", state: "up", address: "unix:/a.sock", epoch: "1", pid: 1 } as const;
      const empty = { drivers: [], channels: [], parameters: [], services: [], streams: [] };
      const watching = client.watch();
      await peer.answer("watch", { ...empty, drivers: [driver] });
      await watching;
      const changed = new Promise((resolve) => client.on("directory", resolve));
      peer.drop();
      const next = await bridge.peer();
      await next.welcome();
      await next.answer("watch", empty);
      assert.deepEqual(await changed, {
        added: [],
        changed: [],
        removed: [{ driver: "rig", address: "unix:/a.sock" }],
      });
    }));

  it("does not tell log lines twice that the bridge repeats", () =>
    withClient(async ({ bridge, peer, client }) => {
      const lines: string[] = [];
      const line = (text: string): Promise<void> =>
        new Promise((resolve) => {
          const stop = client.on("log", (event) => {
            if (event.text !== text) return;
            stop();
            resolve();
          });
        });
      client.on("log", ({ text }) => lines.push(text));
      const asking = client.logs();
      await peer.answer("logs", {});
      await asking;
      const old = { op: "log", driver: "rig", level: "info", time: 1, text: "old" } as const;
      const first = line("old");
      peer.send(old);
      await first;
      peer.drop();
      const next = await bridge.peer();
      await next.welcome();
      await next.answer("logs", {});
      const second = line("new");
      next.send(old);
      next.send({ ...old, time: 2, text: "new" });
      await second;
      assert.deepEqual(lines, ["old", "new"]);
    }));
});

// SPDX-License-Identifier: MIT
// What the bridge and its users may expect of every gateway of a foreign protocol, held against each with a client of that protocol.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectTo, createServer } from "node:net";
import { afterEach, describe, it } from "mocha";
import { WebSocket } from "ws";
import type { Value } from "../../bridge/model/values.ts";
import { startTestBridge, type TestBridge } from "../support/bridge.ts";
import { temporaryFolders } from "../support/folder.ts";
import { exposeEcho } from "../support/echo.ts";
import { JsonCaller } from "../support/json-caller.ts";
import { GENERATIONS, Plumber } from "../support/plumber.ts";
import { WireClient, type Message } from "../support/wire-client.ts";
import { ZmqPeer } from "../support/zmq-peer.ts";

/** A client of a foreign protocol. */
interface Peer {
  /** Sends a value to what is opened, and gives what comes back from there. */
  exchange(value: unknown): Promise<unknown>;
  /** Tries to reach what is not opened; gives how it was refused. */
  trespass(): Promise<string>;
  close(): Promise<void>;
}

/** A gateway and how it is used. `shared/**` is opened: the channel `shared/data` and the service `shared/echo`, which gives back its argument. */
interface Subject {
  readonly title: string;
  readonly gateway: string;
  /** Settings beside `open`, with a comma before each. */
  readonly settings: string;
  readonly connect: (url: string) => Promise<Peer>;
}

const SUBJECTS: readonly Subject[] = [
  {
    title: "json-ws",
    gateway: "json-ws",
    settings: ",service=shared/echo,greeting=",
    connect: async (url) => {
      const caller = await JsonCaller.connect(url);
      return {
        exchange: (value) => caller.ask(value),
        // A client cannot name a service; what is not let in are pages of strangers.
        trespass: async () => {
          const ws = new WebSocket(url, { origin: "https://stranger.example" });
          const [error] = (await once(ws, "error")) as [Error];
          return error.message;
        },
        close: () => caller.close(),
      };
    },
  },
  ...GENERATIONS.map((generation) => ({
    title: `socket-io with a client of ${generation}`,
    gateway: "socket-io",
    settings: "",
    connect: async (url: string): Promise<Peer> => {
      const plumber = await Plumber.connect(url, generation);
      await plumber.init({ "shared/data": "rw" });
      return {
        exchange: async (value) => {
          plumber.data.length = 0;
          plumber.socket.emit("data", value);
          return (await plumber.payloads(1))[0];
        },
        trespass: async () => JSON.stringify(await plumber.init({ private: "r" })),
        close: () => plumber.close(),
      };
    },
  })),
  {
    title: "zmq",
    gateway: "zmq",
    settings: ",stream-port=0",
    connect: async (url: string): Promise<Peer> => {
      const peer = new ZmqPeer(url);
      await peer.call("__router_server", "get_version");
      return {
        exchange: (value) => peer.call("shared", "echo", value as Value),
        trespass: () => peer.call("private", "echo", 1).then(String, String),
        close: () => {
          peer.close();
          return Promise.resolve();
        },
      };
    },
  },
];

for (const { title, gateway, settings, connect } of SUBJECTS) {
  describe(`the gateway ${title}`, () => {
    const newFolder = temporaryFolders();
    const closing: (() => Promise<unknown>)[] = [];

    afterEach(async () => {
      for (const close of closing.splice(0).reverse()) await close();
    });

    async function start(port = 0): Promise<TestBridge & { url: string; local: WireClient }> {
      const text = `${gateway}:${String(port)},open=shared/**${settings}`;
      const started = await startTestBridge(newFolder(), { gateways: [text] });
      closing.push(() => started.bridge.stop());
      const local = await WireClient.enter(started.bridge.url, started.bridge.token);
      closing.push(() => {
        local.ws.terminate();
        return local.closed;
      });
      await exposeEcho(local, "shared/echo");
      return { ...started, local, url: started.bridge.gateways[0]!.url };
    }

    async function enter(url: string): Promise<Peer> {
      const peer = await connect(url);
      closing.push(() => peer.close());
      return peer;
    }

    /** The gateway as `status` shows it. */
    async function state(local: WireClient): Promise<Message> {
      const { gateways } = await local.ask<{ gateways: Message[] }>({ op: "status" });
      return gateways[0]!;
    }

    it("listens on a free port and says where, with its clients in the status", async () => {
      const { url, local } = await start();
      assert.match(url, /^\w+:\/\/127\.0\.0\.1:[1-9]\d*/);
      const seen = { gateway, url, refused: 0, dropped: 0, open: ["shared/**"] };
      assert.deepEqual(await state(local), { ...seen, peers: 0 });
      await enter(url);
      assert.deepEqual(await state(local), { ...seen, peers: 1 });
    });

    it("takes messages to the bridge and back, whatever is in them", async () => {
      const { url } = await start();
      const peer = await enter(url);
      for (const value of [
        { a: [1, 2.5, null], "ü'": "it's" },
        { nested: { deep: [[[{}]]] } },
        { text: "x".repeat(70_000) },
      ]) {
        assert.deepEqual(await peer.exchange(value), value);
      }
    });

    it("refuses what is not opened, and counts it", async () => {
      const { url, local } = await start();
      const peer = await enter(url);
      assert.match(await peer.trespass(), /forbidden|unknown|there is no|not opened|not present|401/);
      assert.equal((await state(local))["refused"], 1);
      assert.deepEqual(await peer.exchange({ still: "served" }), { still: "served" });
    });

    it("does not start with nothing opened", async () => {
      const gateways = [`${gateway}:0${settings}`];
      await assert.rejects(startTestBridge(newFolder(), { gateways }), { code: "config_invalid", message: /open=/ });
    });

    it("does not start on a port that is taken, and the bridge leaves nothing behind", async () => {
      const other = createServer().listen(0, "127.0.0.1");
      await once(other, "listening");
      closing.push(async () => {
        other.close();
        await once(other, "close");
      });
      const { port } = other.address() as { port: number };
      await assert.rejects(start(port), { code: "port_in_use", message: /--gateway/ });
    });

    it("ends with the bridge: clients are let go of, one that never said a word too, and its port is free", async () => {
      const { bridge, url } = await start();
      await enter(url);
      await enter(url);
      const port = Number(/:(\d+)/.exec(url)?.[1]);
      const silent = connectTo(port, "127.0.0.1");
      await once(silent, "connect");
      silent.on("error", () => undefined).resume();
      const gone = new Promise((resolve) => silent.on("close", resolve));
      await bridge.stop();
      await gone;
      const again = createServer().listen(port, "127.0.0.1");
      await once(again, "listening");
      again.close();
      await once(again, "close");
    });
  });
}

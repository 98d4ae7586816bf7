// SPDX-License-Identifier: MIT
// What another bridge says is believed as little as what anybody says: whatever it is, this bridge goes on.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { writePublication } from "../../../bridge/layout/publication.ts";
import { startTestBridge, type TestBridge } from "../../support/bridge.ts";
import { temporaryFolders } from "../../support/folder.ts";
import { ScriptedBridge, WELCOME, type Peer } from "../../support/scripted-bridge.ts";
import { WireClient, type Message } from "../../support/wire-client.ts";

const NOTHING = { drivers: [], channels: [], parameters: [], services: [], streams: [] };

const CHANNEL = {
  channel: "data",
  kind: "json",
  driver: null,
  type: null,
  contentType: null,
  rate: 0,
  published: 0,
  publishers: 1,
};

describe("an upstream", () => {
  const newFolder = temporaryFolders();
  let far: ScriptedBridge;
  let started: TestBridge;
  let local: WireClient;

  async function start(prefix: string): Promise<Peer> {
    started = await startTestBridge(newFolder(), { upstreams: [`${far.url}${prefix}`] });
    local = await WireClient.enter(started.bridge.url, started.bridge.token);
    return far.peer();
  }

  /** How it stands here; resolves once that holds. */
  async function until(state: string): Promise<Message> {
    for (;;) {
      const { upstreams } = await local.ask<{ upstreams: Message[] }>({ op: "status" });
      if (upstreams[0]?.["state"] === state) return upstreams[0];
    }
  }

  beforeEach(async () => {
    far = await ScriptedBridge.start();
  });

  afterEach(async () => {
    local.ws.terminate();
    await started.bridge.stop();
    await far.stop();
  });

  it("that sends JSON which is none loses its connection, and nobody here gets it", async () => {
    const peer = await start(",prefix=far");
    await peer.welcome();
    await peer.answer("watch", { ...NOTHING, channels: [CHANNEL] });
    await local.ask({ op: "subscribe", channels: ["far/data"], encoding: "json", wait: true });
    await peer.answer("subscribe", { subscription: 1 });
    const about = { stream: 1, channel: "data", kind: "json", schema: null, contentType: null } as const;
    peer.send({ op: "stream", ...about, epoch: "5", next: 0, subscriptions: [1] });
    const batch = (json: string): Uint8Array => {
      const record = writePublication(1, 0, [{ payload: Buffer.from(json), timeNs: 1n }]);
      new DataView(record.buffer, record.byteOffset).setBigUint64(16, 5n, true);
      return record;
    };
    const closed = peer.closed();
    peer.records(batch(`{"broken":`));
    await closed;
    await local.next((message) => message["op"] === "end");
    assert.equal(
      local.came.some((message) => !(message instanceof Uint8Array) && message["op"] === "samples"),
      false,
    );
    await (await far.peer()).welcome();
    await until("up");
  });

  it("whose program connects anew has its services and streams stand here as those of the new one", async () => {
    const peer = await start(",prefix=far");
    await peer.welcome();
    const program = (provider: string): object => {
      const about = { provider, client: "rig", driver: null, params: null };
      const sine = { channel: "sine", type: "manual", hz: null, enabled: true, state: "running", encoding: "json" };
      const stream = { stream: "sine", ...sine, calls: 0, overruns: 0, error: null, provider, client: "rig" };
      return { ...NOTHING, services: [{ service: "snap", ...about }], streams: [stream] };
    };
    await peer.answer("watch", program("s1"));
    await until("up");
    const { services, streams } = program("s2") as { readonly services: object[]; readonly streams: object[] };
    const shown = async (): Promise<unknown[]> => {
      const directory = await local.ask<{ services: Message[]; streams: Message[] }>({ op: "list" });
      return [...directory.services, ...directory.streams].map(({ provider }) => provider);
    };
    while ((await shown()).length < 2);
    const before = await shown();
    peer.text(JSON.stringify({ op: "directory", added: [], changed: [...services, ...streams], removed: [] }));
    while (JSON.stringify(await shown()) === JSON.stringify(before));
    assert.equal(JSON.stringify(await shown()), JSON.stringify(before).replaceAll("s1", "s2"));
  });

  it("that tells of a set as nobody can is not believed", async () => {
    const peer = await start(",prefix=far");
    await peer.welcome();
    await peer.answer("watch", NOTHING);
    for (const set of [{ epoch: "x" }, { epoch: "1", time: "later" }, 5]) {
      peer.text(JSON.stringify({ op: "parameter", parameter: "motor/gains", value: {}, set }));
    }
    peer.send({ op: "directory", added: [], changed: [], removed: [] });
    await until("up");
    assert.equal((await local.ask({ op: "publish", channel: "goes", value: "on" }))["seq"], 0);
  });

  for (const [what, bridge, prefix, error] of [
    ["does not say who it is", { ...WELCOME.bridge, id: 7 }, ",prefix=far", /does not say who it is/],
    ["says that it began at no time", { ...WELCOME.bridge, started: "now" }, ",prefix=far", /does not say who it is/],
    ["has a name that none can have", { ...WELCOME.bridge, name: "motor/state" }, "", /give it a prefix/],
  ] as const) {
    it(`that ${what} is refused`, async () => {
      const peer = await start(prefix);
      await peer.expect("hello");
      peer.text(JSON.stringify({ ...WELCOME, bridge }));
      assert.match(JSON.stringify((await until("refused"))["error"]), error);
    });
  }
});

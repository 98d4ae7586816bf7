// SPDX-License-Identifier: MIT
// Compression by choice: the same samples in fewer bytes, counted on the wire between bridge and client.
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { WebSocket } from "ws";
import { connect, type Batch, type Client, type ConnectOptions } from "../../bridge/index.ts";
import { connect as connectPage } from "../../bridge/browser.ts";
import { bridgeEnv } from "../support/bridge-program.ts";
import { runCli } from "../support/cli.ts";
import { Relay } from "../support/relay.ts";
import { Rig } from "../support/rig.ts";

const SAMPLES = 2000;

interface Read {
  /** Every sample by its sequence, as JSON. */
  readonly samples: ReadonlyMap<number, string>;
  /** On the wire for each sample. */
  readonly bytesPerSample: number;
}

describe("a client that asks for compression", () => {
  let rig: Rig;

  before(async () => {
    rig = await Rig.start("motor");
    // What a motor at rest says compresses well, however its samples are cut into messages and wherever the counting ends.
    await rig.client.set("motor/reference", { mode: "OFF" });
  });

  after(async () => {
    await rig.stop();
  });

  /** A relay of its own for each client: what crosses it is that client's. */
  async function withRelay<T>(run: (relay: Relay, url: string) => Promise<T>): Promise<T> {
    const relay = new Relay(rig.bridge.port);
    await relay.mend();
    try {
      return await run(relay, rig.bridge.link.replace(`:${String(rig.bridge.port)}/`, `:${String(relay.port)}/`));
    } finally {
      await relay.cut();
    }
  }

  type Open = (target: ConnectOptions) => Promise<Client>;

  const read = (open: Open, compress: boolean, samples: Map<number, string>, isEnough: () => boolean): Promise<Read> =>
    withRelay(async (relay, url) => {
      const client = await open({ url, compress });
      for await (const batch of client.channel("motor/state")) {
        assert.deepEqual(batch.lostBefore, []);
        addSamples(samples, batch);
        if (isEnough()) break;
      }
      await client.close();
      return { samples, bytesPerSample: relay.toClientsBytes / samples.size };
    });

  /** Reads the channel both ways at once, until both have had enough, and something in common. */
  function readBothWays(open: Open): Promise<[plain: Read, small: Read]> {
    const [plain, small] = [new Map<number, string>(), new Map<number, string>()];
    const begins = (a: Map<number, string>, b: Map<number, string>): boolean => b.has([...a.keys()][0] ?? -1);
    const isEnough = (): boolean =>
      Math.min(plain.size, small.size) >= SAMPLES && (begins(plain, small) || begins(small, plain));
    return Promise.all([read(open, false, plain, isEnough), read(open, true, small, isEnough)]);
  }

  it("gets the same samples in fewer bytes", async () => {
    const [plain, small] = await readBothWays(connect);
    assertSmaller(small, plain);
  });

  it("can be a page, whose browser offers it by itself", async () => {
    const original: unknown = Reflect.get(globalThis, "WebSocket");
    Reflect.set(globalThis, "WebSocket", WebSocket);
    try {
      const [plain, small] = await readBothWays(connectPage);
      assertSmaller(small, plain);
    } finally {
      Reflect.set(globalThis, "WebSocket", original);
    }
  });

  it("can set and call as any other", () =>
    withRelay(async (_relay, url) => {
      const client = await connect({ url, compress: true });
      for (let kp = 1; kp <= 4; kp++) {
        const { applied } = await client.set("motor/gains", { kp });
        assert.equal((applied as { readonly kp?: number }).kp, kp);
      }
      assert.equal(client.url, new URL(url).origin);
      await client.close();
    }));

  it("can be the command line", () =>
    withRelay(async (relay, url) => {
      const args = ["sub", "motor/state", "--json", "--count", "500", "--compress", "--bridge", url];
      const { code, stdout, stderr } = await runCli("built", args, bridgeEnv(rig.runtime));
      assert.equal(code, 0, stderr);
      assert.equal(stdout.trimEnd().split("\n").length, 500);
      assert.ok(relay.toClientsBytes > 0);
    }));
});

function assertSmaller(small: Read, plain: Read): void {
  const both = [...plain.samples.keys()].filter((sequence) => small.samples.has(sequence));
  assert.ok(both.length > 0);
  for (const sequence of both) assert.equal(small.samples.get(sequence), plain.samples.get(sequence));
  const text = `${plain.bytesPerSample.toFixed(1)} bytes a sample plain, ${small.bytesPerSample.toFixed(1)} compressed`;
  console.log(`      ${text}`);
  assert.ok(small.bytesPerSample < plain.bytesPerSample, text);
}

function addSamples(samples: Map<number, string>, batch: Batch): void {
  for (const sample of JSON.parse(batch.json()) as { readonly seq: number }[]) {
    samples.set(sample.seq, JSON.stringify(sample));
  }
}

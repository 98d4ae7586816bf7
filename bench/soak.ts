// SPDX-License-Identifier: MIT
// Mixed load on one bridge for a long time: drivers that die, clients that come and go, one that stops reading, sets and calls. Memory, handles and delays must
// stay as they were, and no sample may vanish untold.
import { setTimeout } from "node:timers/promises";
import { type Client, connect } from "../bridge/index.ts";
import { driverPath } from "../test/support/driver-program.ts";
import { type Child, type Children, withChildren } from "./support/children.ts";
import { type Folder, withFolder } from "./support/folder.ts";
import { quantile } from "./support/gate.ts";
import { Load } from "./support/load.ts";
import { type Server, startBridge } from "./support/servers.ts";
import { untilThere } from "./support/there.ts";
import { handles, privateBytes } from "./support/usage.ts";

/** A round of the load: everything below happens once in it. */
const ROUND_MS = 3000;
/** As many are needed to judge: a slow machine takes longer for them. */
const LEAST_ROUNDS = 6;
/** The garbage collector takes its time: so much more or less is no growth. */
const MEMORY_BYTES = 48 * 1_048_576;
/** Clients that are just leaving. */
const HANDLES = 8;
/** A delay that grows without bound is far more than this; one of a busy machine is not. */
const DELAY_FACTOR = 5;
const DELAY_MS = 100;

/** One look at the bridge. */
interface Look {
  readonly bytes: number;
  readonly handles: number;
  readonly setMs: number;
  readonly untold: number;
}

interface Soaking {
  readonly children: Children;
  readonly folder: Folder;
  readonly bridge: Server;
  readonly url: string;
  readonly load: Load;
  readonly client: Client;
}

/** Loads a bridge for so long and returns what was not as it should be. Needs the built bridge, drivers and benchmarks. */
export async function soak(ms: number, say: (line: string) => void): Promise<string[]> {
  return withFolder((folder) =>
    withChildren(async (children) => {
      const load = await Load.start(children, "driver", folder.drivers, { sources: 4, channels: 8 });
      const bridge = await startBridge(children, folder);
      await load.connect("bridge", bridge, 3);
      children.start(driverPath("motor"), ["--stdin-eof"], folder.env);
      const url = `http://127.0.0.1:${String(bridge.port)}/#token=${bridge.token}`;
      const client = await connect(url);
      try {
        await untilThere(client, "motor/gains");
        return judge(await rounds({ children, folder, bridge, url, load, client }, ms, say));
      } finally {
        await client.close();
      }
    }),
  );
}

async function rounds(soaking: Soaking, ms: number, say: (line: string) => void): Promise<Look[]> {
  const looks: Look[] = [];
  const end = performance.now() + ms;
  let tally = await startTally(soaking);
  while (performance.now() < end || looks.length < LEAST_ROUNDS) {
    const look = await round(soaking);
    looks.push(look);
    const { bytes, handles: open, setMs } = look;
    say(
      `${String(looks.length)}: ${(bytes / 1_048_576).toFixed(0)} MiB, ${String(open)} handles, a set in ${setMs.toFixed(1)} ms`,
    );
    tally.signal("SIGKILL");
    await tally.stop();
    tally = await startTally(soaking);
  }
  return looks;
}

/** Load with a client that stops reading, others that come and go, sets and calls at once; then everything is counted. */
async function round(soaking: Soaking): Promise<Look> {
  const { children, folder, bridge, load, client } = soaking;
  const reader = await Load.start(children, "blobs", `${folder.path}/none.sock`, { sources: 0, channels: 1 });
  await reader.connect("bridge", bridge);
  await reader.stop(0);
  const over = new AbortController();
  const others = Promise.all([comeAndGo(soaking, over.signal), setAndCall(client, over.signal)]);
  // 4 sources with 20 batches of 50 samples every 10 ms: 400 000 a second.
  const transfer = await load.pace(ROUND_MS, 10_000, 20, 50);
  over.abort();
  const [, delays] = await others;
  await reader.end();
  return {
    ...{ bytes: privateBytes(bridge.child.pid), handles: handles(bridge.child.pid), setMs: quantile(delays, 0.5) },
    untold: transfer.unexplained + Math.abs(3 * transfer.sent - transfer.delivered - transfer.lost),
  };
}

async function comeAndGo({ url }: Soaking, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const client = await connect(url);
    const subscription = client.subscribe("motor/state");
    for await (const delivery of subscription) {
      if (delivery.kind === "batch") break;
    }
    await client.close();
    await setTimeout(50);
  }
}

/** Sets gains and calls the driver that is killed now and then; returns how long the sets took. */
async function setAndCall(client: Client, signal: AbortSignal): Promise<number[]> {
  const delays: number[] = [];
  while (!signal.aborted) {
    const before = performance.now();
    await client.set("motor/gains", { kp: 4 + Math.random() });
    delays.push(performance.now() - before);
    await client.call("tally/count", { value: 3 });
    await setTimeout(20);
  }
  return delays;
}

/** Starts the driver that is killed, and waits until the bridge has it and its service. */
async function startTally({ children, folder, client }: Soaking): Promise<Child> {
  const child = children.start(driverPath("tally"), ["--stdin-eof"], folder.env);
  for (;;) {
    const { drivers, services } = client.directory;
    const there = drivers.find(({ driver }) => driver === "tally");
    const isUp = there?.state === "up" && there.pid === child.pid;
    if (isUp && services.some(({ service }) => service === "tally/count")) return child;
    await new Promise<void>((resolve) => {
      const stop = client.on("directory", () => {
        stop();
        resolve();
      });
    });
  }
}

/** The first third warms up; the last third is held against the second. */
function judge(looks: readonly Look[]): string[] {
  const third = Math.floor(looks.length / 3);
  const [early, late] = [looks.slice(third, 2 * third), looks.slice(2 * third)];
  const median = (part: readonly Look[], of: (look: Look) => number): number => quantile(part.map(of), 0.5);
  const complaints: string[] = [];
  const hold = (what: string, of: (look: Look) => number, most: (before: number) => number): void => {
    const [before, after] = [median(early, of), median(late, of)];
    if (!(after <= most(before))) complaints.push(`${what} grew from ${before.toFixed(1)} to ${after.toFixed(1)}`);
  };
  hold(
    "memory (bytes)",
    ({ bytes }) => bytes,
    (before) => before + MEMORY_BYTES,
  );
  hold(
    "handles",
    (look) => look.handles,
    (before) => before + HANDLES,
  );
  hold(
    "a set (ms)",
    ({ setMs }) => setMs,
    (before) => before * DELAY_FACTOR + DELAY_MS,
  );
  const untold = looks.reduce((sum, look) => sum + look.untold, 0);
  if (untold > 0) complaints.push(`${String(untold)} samples vanished untold`);
  return complaints;
}

// SPDX-License-Identifier: MIT
// `npm run bench -- slow-reader`: what a client that stops reading costs the bridge and everybody else.
import { setTimeout } from "node:timers/promises";
import { type Client, connect } from "../bridge/index.ts";
import { driverPath } from "../test/support/driver-program.ts";
import { type Children, withChildren } from "./support/children.ts";
import { type Folder, withFolder } from "./support/folder.ts";
import { quantile } from "./support/gate.ts";
import { batchBytes, FULL_BATCH, Load } from "./support/load.ts";
import type { Bench, Run } from "./support/report.ts";
import { interleave, ratios, values } from "./support/rounds.ts";
import { type Server, startBridge } from "./support/servers.ts";
import { untilThere } from "./support/there.ts";
import { privateBytes } from "./support/usage.ts";

/** 81 MB a second: ten full batches every 8 ms. */
const PERIOD_US = 8000;
const RECORDS = 10;
/** What a stopped reader may cost: 4 MiB and two of the batches that the bridge makes of these. */
const ALLOWED_BYTES = 4 * 1_048_576 + 2 * RECORDS * batchBytes(FULL_BATCH);
const SET_EVERY_MS = 20;
const LOOK_EVERY_MS = 100;
/** Six hundred messages, so that the p99 is not that of a single one. */
const PHASE_MS = 5000;

interface Phase {
  readonly p99us: number;
  readonly setMs: number;
  /** Of the heap and outside of it, as the bridge says. */
  readonly usedBytes: number;
  readonly residentBytes: number;
  /** What the healthy reader missed. */
  readonly missed: number;
  /** What the stopped one missed without being told. */
  readonly untold: number;
}

/** Needs the built bridge and the driver motor. */
export const slowReader: Bench = {
  name: "slow-reader",
  run: (run) => withFolder((folder) => withChildren((children) => measure(run, folder, children))),
};

async function measure(run: Run, folder: Folder, children: Children): Promise<void> {
  const load = await Load.start(children, "driver", folder.drivers);
  const bridge = await startBridge(children, folder);
  await load.connect("bridge", bridge);
  children.start(driverPath("motor"), ["--stdin-eof"], folder.env);
  const client = await connect(`http://127.0.0.1:${String(bridge.port)}/#token=${bridge.token}`);
  try {
    await untilThere(client, "motor/gains");
    const rig = { run, children, folder, load, bridge, client };
    if (!run.tiny) await load.pace(PHASE_MS, PERIOD_US, RECORDS, FULL_BATCH); // until what is used often is compiled
    const measured = await interleave(run, "slow-reader", [
      { name: "without", measure: () => phase(rig) },
      { name: "with", measure: () => stalled(rig) },
    ]);
    report(run, measured);
  } finally {
    await client.close();
  }
}

function report(run: Run, measured: ReadonlyMap<string, readonly Phase[]>): void {
  const growth = (of: (one: Phase) => number): number[] => {
    const before = values(measured, "without", of);
    return values(measured, "with", of).map((bytes, round) => bytes - (before[round] ?? 0));
  };
  const used = growth(({ usedBytes }) => usedBytes);
  run.row(
    {
      ...{ id: "slow-reader/memory", of: "growth", gate: { is: "at most", bound: 1 } },
      what: "4 MiB and two batches; what the bridge uses with a stopped reader more than without",
    },
    used.map((bytes) => bytes / ALLOWED_BYTES),
  );
  const what = "the same without a stopped reader";
  run.row(
    {
      id: "slow-reader/p99",
      of: "p99",
      what: `${what}; samples of a healthy one`,
      gate: { is: "at most", bound: 1.2 },
    },
    ratios(measured, "with", "without", ({ p99us }) => p99us),
  );
  run.row(
    {
      id: "slow-reader/set",
      of: "p50",
      what: `${what}; a set by another session`,
      gate: { is: "at most", bound: 1.2 },
    },
    ratios(measured, "with", "without", ({ setMs }) => setMs),
  );
  const sum = (of: (one: Phase) => number): number =>
    [...measured.keys()].flatMap((name) => values(measured, name, of)).reduce((all, one) => all + one, 0);
  run.figure("slow-reader/growth", quantile(used, 0.5) / 1_048_576, "MiB");
  run.figure(
    "slow-reader/resident-growth",
    quantile(
      growth(({ residentBytes }) => residentBytes),
      0.5,
    ) / 1_048_576,
    "MiB",
  );
  run.figure(
    "slow-reader/p99",
    quantile(
      values(measured, "with", ({ p99us }) => p99us),
      0.5,
    ) / 1000,
    "ms",
  );
  run.figure(
    "slow-reader/missed-by-healthy",
    sum(({ missed }) => missed),
    "samples",
  );
  run.figure(
    "slow-reader/untold",
    sum(({ untold }) => untold),
    "samples",
  );
}

interface Rig {
  readonly run: Run;
  readonly children: Children;
  readonly folder: Folder;
  readonly load: Load;
  readonly bridge: Server;
  readonly client: Client;
}

/** Samples stream, sets are made, memory is looked at. */
async function phase({ run, load, bridge, client }: Rig): Promise<Phase & { readonly sent: number }> {
  const over = new AbortController();
  const sets: number[] = [];
  const used: number[] = [];
  const resident: number[] = [];
  const setting = every(SET_EVERY_MS, over.signal, async () => {
    const before = performance.now();
    await client.set("motor/gains", { kp: 4 + Math.random() });
    sets.push(performance.now() - before);
  });
  const looking = every(LOOK_EVERY_MS, over.signal, async () => {
    const { memory } = (await client.status()) as { memory: { heapBytes: number; externalBytes: number } };
    used.push(memory.heapBytes + memory.externalBytes);
    resident.push(privateBytes(bridge.child.pid));
  });
  const transfer = await load.pace(run.tiny ? 100 : PHASE_MS, PERIOD_US, RECORDS, FULL_BATCH);
  over.abort();
  await Promise.all([setting, looking]);
  return {
    ...{ p99us: transfer.p99us, setMs: quantile(sets, 0.5), sent: transfer.sent },
    ...{ usedBytes: quantile(used, 0.5), residentBytes: quantile(resident, 0.5) },
    ...{ missed: transfer.sent - transfer.delivered + transfer.unexplained, untold: 0 },
  };
}

/** A phase beside a client that subscribes to the same and does not read. Then it reads, and must have been told of everything. */
async function stalled(rig: Rig): Promise<Phase> {
  const { children, folder, load, bridge } = rig;
  const reader = await Load.start(children, "blobs", `${folder.path}/none.sock`, { sources: 0, channels: 1 });
  await reader.connect("bridge", bridge);
  await reader.stop(0);
  const { sent, ...measured } = await phase(rig);
  await reader.go(0);
  // What was lost last is told before the next batch.
  const after = await load.pace(30, PERIOD_US, 1, 1);
  const due = sent + after.sent;
  let told = await reader.tell(0);
  for (let wait = 0; wait < 100 && told.delivered + told.lost < due; wait++) {
    await setTimeout(20);
    told = await reader.tell(0);
  }
  await reader.end();
  return { ...measured, untold: Math.abs(due - told.delivered - told.lost) + told.unexplained };
}

async function every(ms: number, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await work();
    await setTimeout(ms);
  }
}

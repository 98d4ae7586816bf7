// SPDX-License-Identifier: MIT
// `npm run bench -- end-to-end`: samples from a driver through a bridge to clients: how many a second at most, and what a million a second costs.
import { join } from "node:path";
import { type Children, withChildren } from "./support/children.ts";
import { type Folder, withFolder } from "./support/folder.ts";
import { quantile } from "./support/gate.ts";
import { type Form, Load, type Sink, type Transfer } from "./support/load.ts";
import type { Bench, RowSpec, Run } from "./support/report.ts";
import { keepApart } from "./support/processors.ts";
import { interleave, ratios, values } from "./support/rounds.ts";
import { type Server, startBridge, startNode, startRelay, startTornado, startWebsockify } from "./support/servers.ts";
import { cpuSeconds } from "./support/usage.ts";

/** A way from a driver to clients. */
interface Way {
  readonly name: string;
  readonly form: Form;
  readonly sink: Sink;
  readonly start: (children: Children, folder: Folder, path: string) => Promise<Server>;
}

const OURS: Way = {
  name: "ours",
  form: "driver",
  sink: "bridge",
  start: (children, folder) => startBridge(children, folder),
};
const TORNADO_BATCH: Way = {
  ...{ name: "tornado-batch", form: "records", sink: "websocket" },
  start: (children, _, path) => startTornado(children, path, "batch"),
};
const WAYS: readonly Way[] = [
  OURS,
  { name: "c-relay", form: "records", sink: "raw", start: (children, _, path) => startRelay(children, path) },
  {
    name: "node-pipe",
    form: "records",
    sink: "raw",
    start: (children, _, path) => startNode(children, "pipe", [path]),
  },
  {
    name: "websockify",
    form: "records",
    sink: "websocket",
    start: (children, _, path) => startWebsockify(children, path),
  },
  TORNADO_BATCH,
  {
    ...{ name: "tornado-message", form: "frames", sink: "websocket" },
    start: (children, _, path) => startTornado(children, path, "message"),
  },
];

/** So far may be sent ahead of the client, for all: 2 MiB, which is what waits in sockets and queues anyway. */
const WINDOW_SAMPLES = 29_000;
/** For the one that works on a tick of 2 s: about what it can send until the next. */
const TICK_WINDOW_SAMPLES = 120_000;

/** At a million samples a second both ways run so long before anything counts: what runs a thousand times a second is compiled late. */
const WARM_MS = 5000;

const GATES: readonly (RowSpec & { readonly peer: string })[] = [
  { peer: "c-relay", what: "a relay in C that copies bytes", gate: { is: "at least", bound: 0.9 } },
  { peer: "node-pipe", what: "Node's streams, piped" },
  { peer: "tornado-batch", what: "a tornado bridge that batches", gate: { is: "at least", bound: 6 } },
  {
    peer: "tornado-message",
    what: "a tornado bridge with one message a sample, on a tick of 2 s",
    gate: { is: "at least", bound: 250 },
  },
  { peer: "websockify", what: "websockify", gate: { is: "at least", bound: 1.1 } },
].map((row) => ({ id: `end-to-end/${row.peer}`, of: "rate", ...row }) as RowSpec & { peer: string });

/** Needs the built bridge; the peers from PyPI where they can be brought. */
export const endToEnd: Bench = {
  name: "end-to-end",
  run: async (run) => {
    await saturation(run);
    for (const clients of [1, 10]) await million(run, clients);
  },
};

/** Opens the ways that can be; tells of the others. */
async function open(run: Run, children: Children, folder: Folder, ways: readonly Way[], clients: number) {
  const opened: { way: Way; load: Load; server: Server }[] = [];
  for (const way of ways) {
    try {
      const path = way.form === "driver" ? folder.drivers : join(folder.path, `${way.name}.sock`);
      const load = await Load.start(children, way.form, path);
      const server = await way.start(children, folder, path);
      await load.connect(way.sink, server, clients);
      opened.push({ way, load, server });
    } catch (error) {
      if (way === OURS) throw error;
      run.missing(`end-to-end/${way.name}`, error instanceof Error ? error.message : String(error));
    }
  }
  return opened;
}

async function saturation(run: Run): Promise<void> {
  await withFolder((folder) =>
    withChildren(async (children) => {
      const opened = await open(run, children, folder, WAYS, 1);
      const measured = await interleave(
        run,
        "end-to-end",
        opened.map(({ way: { name }, load }) => ({
          name,
          measure: () => {
            const ticks = name === "tornado-message";
            const ms = run.tiny ? 50 : ticks ? 2500 : 700;
            return load.flood(ms, run.tiny ? 2000 : ticks ? TICK_WINDOW_SAMPLES : WINDOW_SAMPLES);
          },
        })),
      );
      const rate = ({ delivered, seconds }: Transfer): number => delivered / seconds;
      for (const { peer, ...row } of GATES) {
        if (measured.has(peer)) run.row(row, ratios(measured, "ours", peer, rate));
      }
      for (const name of measured.keys()) {
        run.figure(
          `end-to-end/${name === "ours" ? "rate" : name}`,
          quantile(values(measured, name, rate), 0.5) / 1e6,
          "M samples/s",
        );
      }
      const lost = values(measured, "ours", (one) => one.lost + one.unexplained).reduce((sum, one) => sum + one, 0);
      run.figure("end-to-end/lost", lost, "samples");
    }),
  );
}

/** A million samples a second, and what it costs the bridge. */
async function million(run: Run, clients: number): Promise<void> {
  await withFolder((folder) =>
    withChildren(async (children) => {
      const opened = await open(run, children, folder, [OURS, TORNADO_BATCH], clients);
      for (const { server, load } of opened) keepApart(server.child, load);
      if (!run.tiny) for (const { load } of opened) await load.pace(WARM_MS, 1000, 1000 / 500, 500);
      const measured = await interleave(
        run,
        `a million a second to ${String(clients)}`,
        opened.map(({ way: { name }, load, server }) => ({
          name,
          measure: async () => {
            const before = cpuSeconds(server.child.pid);
            const transfer = await load.pace(run.tiny ? 50 : 1000, 1000, 1000 / 500, 500);
            return { ...transfer, cpu: cpuSeconds(server.child.pid) - before };
          },
        })),
      );
      const id = `end-to-end/cpu-${String(clients)}`;
      const what = `a tornado bridge that batches, 1 000 000 samples a second to ${clients === 1 ? "one client" : `${String(clients)} clients`}`;
      const bound = clients === 1 ? 0.35 : 0.75;
      const cost = ({ cpu, delivered }: Transfer & { cpu: number }): number => cpu / delivered;
      if (measured.has("tornado-batch"))
        run.row(
          { id, of: "CPU", what, gate: { is: "at most", bound } },
          ratios(measured, "ours", "tornado-batch", cost),
        );
      run.figure(
        id,
        100 *
          quantile(
            values(measured, "ours", ({ cpu, seconds }) => cpu / seconds),
            0.5,
          ),
        "% of a core",
      );
      const missing = values(measured, "ours", ({ sent, delivered }) => sent * clients - delivered);
      run.figure(
        `${id}/lost`,
        missing.reduce((sum, one) => sum + one, 0),
        "samples",
      );
    }),
  );
}

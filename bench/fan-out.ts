// SPDX-License-Identifier: MIT
// `npm run bench -- fan-out`: what it costs a server to give one message to many clients: its own processor time for each delivery.
import { join } from "node:path";
import { type Children, withChildren } from "./support/children.ts";
import { type Folder, withFolder } from "./support/folder.ts";
import { quantile } from "./support/gate.ts";
import { batchBytes, type Form, Load, type Sink } from "./support/load.ts";
import type { Bench, Run } from "./support/report.ts";
import { keepApart } from "./support/processors.ts";
import { interleave, ratios, values } from "./support/rounds.ts";
import { type Server, startBridge, startNats, startNode, startTornado } from "./support/servers.ts";
import { cpuSeconds } from "./support/usage.ts";

interface Way {
  readonly name: string;
  readonly form: Form;
  readonly sink: Sink;
  readonly start: (children: Children, folder: Folder, path: string) => Promise<Server>;
}

const WAYS: readonly Way[] = [
  { name: "ours", form: "driver", sink: "bridge", start: (children, folder) => startBridge(children, folder) },
  {
    ...{ name: "bare-write", form: "blobs", sink: "websocket" },
    start: (children, _, path) => startNode(children, "fan", ["bare", path]),
  },
  {
    ...{ name: "socket.io", form: "blobs", sink: "socketio" },
    start: (children, _, path) => startNode(children, "fan", ["socket.io", path]),
  },
  {
    name: "tornado",
    form: "blobs",
    sink: "websocket",
    start: (children, _, path) => startTornado(children, path, "blobs"),
  },
  { name: "nats", form: "nats", sink: "nats", start: (children, folder) => startNats(children, folder) },
];

/** Samples of a message: 16 384 bytes, and the least there is. */
const SIZES = [
  { name: "16k", samples: 227, gates: { "bare-write": 1.15, "socket.io": 0.3, tornado: 0.65, nats: 0.65 } },
  { name: "small", samples: 1, gates: { "bare-write": 1.15, "socket.io": 0.3, tornado: 0.65 } },
] as const;

/**
 * So many deliveries a second are asked for, which all of them can do. Each channel has at most a message every 10 ms, which is slower than the bridge's flush tick, so that each is
 * sent for itself.
 */
const DELIVERIES = 10_000;
const CHANNEL_HZ = 100;
/** All of them run so long before anything counts, so that what is used often is compiled. */
const WARM_MS = 6000;

/** Needs the built bridge; the peers from PyPI and Debian where they can be brought. */
export const fanOut: Bench = {
  name: "fan-out",
  run: async (run) => {
    for (const clients of run.tiny ? [2] : [10, 100, 1000]) await fan(run, clients);
  },
};

async function fan(run: Run, clients: number): Promise<void> {
  const extent = { sources: 1, channels: Math.ceil(DELIVERIES / clients / CHANNEL_HZ) };
  await withFolder((folder) =>
    withChildren(async (children) => {
      const opened: { name: string; load: Load; server: Server }[] = [];
      for (const { name, form, sink, start } of WAYS) {
        try {
          // The clients of nats need the server first.
          const early = form === "nats" ? await start(children, folder, "") : undefined;
          const path = form === "driver" ? folder.drivers : join(folder.path, `${name}.sock`);
          const load = await Load.start(children, form, path, extent);
          const server = early ?? (await start(children, folder, path));
          await load.connect(sink, server, clients);
          keepApart(server.child, load);
          opened.push({ name, load, server });
        } catch (error) {
          if (name === "ours") throw error;
          run.missing(`fan-out/${name}`, error instanceof Error ? error.message : String(error));
        }
      }
      for (const size of SIZES) await measure(run, opened, clients, size);
    }),
  );
}

async function measure(
  run: Run,
  opened: readonly { readonly name: string; readonly load: Load; readonly server: Server }[],
  clients: number,
  { name: sizeName, samples, gates }: (typeof SIZES)[number],
): Promise<void> {
  const periodUs = Math.round((1e6 * clients) / DELIVERIES);
  if (!run.tiny) for (const { load } of opened) await load.pace(WARM_MS, periodUs, 1, samples);
  const measured = await interleave(
    run,
    `fan-out of ${String(batchBytes(samples))} bytes to ${String(clients)}`,
    opened.map(({ name, load, server }) => ({
      name,
      measure: async () => {
        const before = cpuSeconds(server.child.pid);
        const transfer = await load.pace(run.tiny ? 30 : 500, periodUs, 1, samples);
        return { ...transfer, cpu: cpuSeconds(server.child.pid) - before };
      },
    })),
  );
  const each = ({ cpu, delivered }: { cpu: number; delivered: number }): number => (cpu / delivered) * samples;
  for (const { name } of opened) {
    // The main row of a peer is the one that the design asks for: 16 KB to a hundred.
    const main = sizeName === "16k" && (clients === 100 || run.tiny);
    const id = main ? `fan-out/${name}` : `fan-out/${name}-${sizeName}-${String(clients)}`;
    run.figure(
      name === "ours" ? `fan-out/${sizeName}-${String(clients)}` : id,
      1e6 * quantile(values(measured, name, each), 0.5),
      "µs of CPU a delivery",
    );
    if (name === "ours") continue;
    const bound = gates[name as keyof typeof gates] as number | undefined;
    const gate = bound === undefined ? {} : { gate: { is: "at most" as const, bound } };
    const what = `${name}, ${sizeName === "16k" ? "16 KB" : "112 bytes"} to ${String(clients)} clients`;
    run.row({ id, of: "CPU", what, ...gate }, ratios(measured, "ours", name, each));
  }
}

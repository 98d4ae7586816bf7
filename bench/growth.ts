// SPDX-License-Identifier: MIT
// `npm run bench -- growth`: whether the bridge's cost grows with what it moves and with nothing else: many channels, subscribers and drivers, each against a
// tenth of it.
import { type Children, withChildren } from "./support/children.ts";
import { type Folder, withFolder } from "./support/folder.ts";
import { quantile } from "./support/gate.ts";
import { type Extent, Load } from "./support/load.ts";
import type { Bench, Run } from "./support/report.ts";
import { interleave, ratios, values } from "./support/rounds.ts";
import { type Server, startBridge } from "./support/servers.ts";
import { cpuSeconds } from "./support/usage.ts";

interface Dimension {
  readonly name: string;
  readonly what: string;
  /** `part`: 1 for all, 10 for a tenth. */
  readonly extent: (part: number) => Extent;
  readonly clients: (part: number) => number;
  /** So often each source writes, so many batches of so many samples. */
  readonly pace: (part: number) => { readonly periodUs: number; readonly records: number; readonly samples: number };
}

const DIMENSIONS: readonly Dimension[] = [
  {
    name: "channels",
    what: "100 channels instead of 1000, at 10 Hz each",
    extent: (part) => ({ sources: 1, channels: 1000 / part }),
    clients: () => 1,
    pace: (part) => ({ periodUs: 10_000, records: 100 / part, samples: 1 }),
  },
  {
    name: "subscribers",
    what: "20 subscribers of a channel instead of 200, 5000 samples a second",
    extent: () => ({ sources: 1, channels: 1 }),
    clients: (part) => 200 / part,
    pace: () => ({ periodUs: 20_000, records: 1, samples: 100 }),
  },
  {
    name: "drivers",
    what: "5 drivers instead of 50, 1000 samples a second each",
    extent: (part) => ({ sources: 50 / part, channels: 1 }),
    clients: () => 1,
    pace: () => ({ periodUs: 20_000, records: 1, samples: 20 }),
  },
];

/** Needs the built bridge. */
export const growth: Bench = {
  name: "growth",
  run: async (run) => {
    for (const dimension of DIMENSIONS) {
      await withFolder((whole) =>
        withFolder((tenth) =>
          withChildren(async (children) => {
            const sides = [
              { name: "all", part: 1, ...(await open(children, whole, dimension, 1)) },
              { name: "tenth", part: 10, ...(await open(children, tenth, dimension, 10)) },
            ];
            await measure(run, dimension, sides);
          }),
        ),
      );
    }
  },
};

interface Side {
  readonly name: string;
  readonly part: number;
  readonly load: Load;
  readonly bridge: Server;
}

async function open(
  children: Children,
  folder: Folder,
  { extent, clients }: Dimension,
  part: number,
): Promise<Pick<Side, "load" | "bridge">> {
  const load = await Load.start(children, "driver", folder.drivers, extent(part));
  const bridge = await startBridge(children, folder);
  await load.connect("bridge", bridge, clients(part));
  return { load, bridge };
}

async function measure(run: Run, { name, what, pace }: Dimension, sides: readonly Side[]): Promise<void> {
  const id = `growth/${name}`;
  const measured = await interleave(
    run,
    id,
    sides.map(({ name: side, part, load, bridge }) => ({
      name: side,
      measure: async () => {
        const { periodUs, records, samples } = pace(part);
        const before = cpuSeconds(bridge.child.pid);
        const transfer = await load.pace(run.tiny ? 50 : 1000, periodUs, records, samples);
        return { ...transfer, cpu: cpuSeconds(bridge.child.pid) - before };
      },
    })),
  );
  const each = ({ cpu, delivered }: { cpu: number; delivered: number }): number => cpu / delivered;
  run.row({ id, of: "CPU a sample", what }, ratios(measured, "all", "tenth", each));
  for (const { name: side } of sides)
    run.figure(`${id}/${side}`, quantile(values(measured, side, each), 0.5) * 1e6, "µs of CPU a sample");
}

// SPDX-License-Identifier: MIT
// `npm run bench -- ingest`: how fast the bridge reads a driver's link, against a receiver in C that does the same split.
import { type Children, withChildren } from "./support/children.ts";
import { withFolder } from "./support/folder.ts";
import { quantile } from "./support/gate.ts";
import { FULL_BATCH, Load } from "./support/load.ts";
import type { Bench, Run } from "./support/report.ts";
import { folded, interleave, ratios, values } from "./support/rounds.ts";
import { nativeProgram, startBridge } from "./support/servers.ts";
import { cpuSeconds } from "./support/usage.ts";

const RECEIVER = "c-receiver";

/**
 * How two cores are shared by sender, reader and what else runs is another each time that they begin, and stays for as long as they go on: a round is made of
 * slices in turn, so that it sees several of these.
 */
const SLICES = 8;
const SLICE_MS = 250;
/** Both run so long before anything counts, so that what is used often is compiled. */
const WARM_MS = 2000;

/** Needs the built bridge. */
export const ingest: Bench = {
  name: "ingest",
  run: (run) =>
    withChildren(async (children) => {
      await withFolder(async (folder) => {
        await withFolder(async (other) => {
          const ours = await Load.start(children, "driver", folder.drivers);
          const bridge = await startBridge(children, folder);
          await ours.connect("none", bridge);
          const { load: theirs, pid } = await receiver(children, other.drivers);
          const both = [
            { name: "ours", load: ours, pid: bridge.child.pid },
            { name: RECEIVER, load: theirs, pid },
          ];
          const what = "a receiver in C that does the same split";
          await compare(run, both, {
            id: "ingest/c-receiver",
            what: `${what}; 64 KiB a write`,
            samples: FULL_BATCH,
            bound: 0.9,
          });
          await compare(run, both, { id: "ingest/single-writes", what: `${what}; one sample a write`, samples: 1 });
        });
      });
    }),
};

async function receiver(children: Children, folder: string): Promise<{ load: Load; pid: number }> {
  const load = await Load.start(children, "driver", folder);
  const child = children.start(nativeProgram("receiver"), [`${folder}/load0.sock`]);
  await child.line();
  await load.connect("none", { port: 0, token: "" });
  return { load, pid: child.pid };
}

interface Both {
  readonly name: string;
  readonly load: Load;
  readonly pid: number;
}

interface Writes {
  readonly id: string;
  readonly what: string;
  /** In one write. */
  readonly samples: number;
  readonly bound?: number;
}

/** What was read in a slice or a round. */
interface Read {
  readonly sent: number;
  readonly seconds: number;
  readonly cpu: number;
}

function sum(slices: readonly Read[]): Read {
  const total = (part: keyof Read): number => slices.reduce((all, slice) => all + slice[part], 0);
  return { sent: total("sent"), seconds: total("seconds"), cpu: total("cpu") };
}

async function compare(run: Run, both: readonly Both[], { id, what, samples, bound }: Writes): Promise<void> {
  if (!run.tiny) for (const { load } of both) await load.flood(WARM_MS, 0, samples);
  const slices = await interleave<Read>(
    { ...run, rounds: run.rounds * SLICES },
    id,
    both.map(({ name, load, pid }) => ({
      name,
      measure: async () => {
        const before = cpuSeconds(pid);
        // Without clients it is the socket that holds the sender back.
        const { sent, seconds } = await load.flood(run.tiny ? 20 : SLICE_MS, 0, samples);
        return { sent, seconds, cpu: cpuSeconds(pid) - before };
      },
    })),
  );
  const measured = folded(slices, SLICES, sum);
  const rate = ({ sent, seconds }: Read): number => sent / seconds;
  const gate = bound === undefined ? {} : { gate: { is: "at least" as const, bound } };
  run.row({ id, of: "rate", what, ...gate }, ratios(measured, "ours", RECEIVER, rate));
  for (const { name } of both) {
    const suffix = name === "ours" ? "" : `/${name}`;
    run.figure(`${id}${suffix}`, quantile(values(measured, name, rate), 0.5) / 1e6, "M samples/s");
    const each = quantile(
      values(measured, name, ({ cpu, sent }) => (cpu / sent) * 1e9),
      0.5,
    );
    run.figure(`${id}${suffix}/cpu`, each, "ns of CPU a sample");
  }
}

// SPDX-License-Identifier: MIT
// `npm run bench -- publish`: what publishing costs the program that does it, in time and in punctuality.
import { withChildren } from "./support/children.ts";
import { withFolder } from "./support/folder.ts";
import { quantile } from "./support/gate.ts";
import { Load } from "./support/load.ts";
import type { Bench, Run } from "./support/report.ts";
import { interleave, ratios, values } from "./support/rounds.ts";
import { nativeProgram, startBridge } from "./support/servers.ts";
import { run as runProgram } from "../scripts/tools/run.ts";

/** Needs the built bridge. */
export const publish: Bench = {
  name: "publish",
  run: async (run) => {
    await withFolder((folder) =>
      withChildren(async (children) => {
        const loop = children.start(nativeProgram("loop"), [], folder.env);
        await loop.line();
        const bridge = await startBridge(children, folder);
        // A client that subscribes and then reads no more.
        const clients = await Load.start(children, "blobs", `${folder.path}/none.sock`, { sources: 0, channels: 1 });
        await clients.connect("bridge", bridge, 1);
        await clients.stop(0);

        const count = run.tiny ? 2048 : 200_000;
        const measured = await interleave(
          run,
          "publish",
          ["publish", "publish-at", "memcpy"].map((name) => ({
            name,
            measure: async () => (await loop.ask(`rate ${name} ${String(count)}`))["ns"] ?? NaN,
          })),
        );
        const rate = (ns: number): number => 1 / ns;
        const what = "memcpy of the 64 bytes into a ring";
        run.row({ id: "publish/memcpy", of: "rate", what }, ratios(measured, "publish", "memcpy", rate));
        run.row(
          { id: "publish-at/memcpy", of: "rate", what: `${what}; the program gives the time` },
          ratios(measured, "publish-at", "memcpy", rate),
        );
        for (const name of measured.keys())
          run.figure(
            `publish/${name}`,
            quantile(
              values(measured, name, (ns) => ns),
              0.5,
            ),
            "ns",
          );

        const turns = run.tiny ? "20 12" : "4000 200";
        const lateness = await interleave(run, "lateness of a 1 kHz loop", [
          { name: "both", measure: () => loop.ask(`late ${turns}`) },
        ]);
        const both = (of: (late: Readonly<Record<string, number>>) => number): number[] => values(lateness, "both", of);
        run.row(
          {
            ...{ id: "publish/loop-lateness", of: "p99", gate: { is: "at most", bound: 1.1 } },
            what: "the same 1 kHz loop without the SDK; a reader has stopped",
          },
          both(({ withUs = NaN, withoutUs = NaN }) => withUs / withoutUs),
        );
        for (const [id, key] of [
          ["publish/loop-lateness", "withUs"],
          ["publish/turn", "workUs"],
          ["publish/empty-turn", "emptyUs"],
        ] as const) {
          const p99s = both((late) => late[key] ?? NaN);
          run.figure(id, quantile(p99s, 0.5), "µs p99");
        }
      }),
    );
    await counted(run);
  },
};

/** System calls are trapped and allocations counted by a test of the SDK, which fails at the first. */
async function counted(run: Run): Promise<void> {
  const { status, text } = await runProgram(nativeProgram("silent_test"), []);
  if (status === 0) run.figure("publish/system-calls-and-allocations", 0, "in 20 000");
  else run.missing("publish/system-calls-and-allocations", text.trim() || `silent_test ended with ${String(status)}`);
}

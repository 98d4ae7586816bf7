// SPDX-License-Identifier: MIT
// `npm run bench -- channels`: small JSON messages between programs, in an open channel of the bridge and in a room of a socket.io server.
import { type Child, withChildren } from "./support/children.ts";
import { withFolder } from "./support/folder.ts";
import { quantile } from "./support/gate.ts";
import type { Bench } from "./support/report.ts";
import { interleave, type Measured, ratios, values } from "./support/rounds.ts";
import { type Server, startBridge, startNode, startPrograms } from "./support/servers.ts";
import { cpuSeconds } from "./support/usage.ts";

/** Programs, each of which publishes and gets what the others do. */
const PROGRAMS = 4;

/** Messages that a program publishes in one turn of its loop. The gate is on the first. */
const BURSTS = [
  { name: "", burst: 16, what: "16 a turn" },
  { name: "-single", burst: 1, what: "one a turn" },
] as const;

/** So many messages may be on their way. */
const WINDOW = 1024;

interface Transfer {
  readonly seconds: number;
  readonly delivered: number;
  readonly cpu: number;
}

/** Needs the built bridge. */
export const channels: Bench = {
  name: "channels",
  run: async (run) => {
    await withFolder((folder) =>
      withChildren(async (children) => {
        const ours = await startBridge(children, folder);
        const theirs = await startNode(children, "plumber", []);
        const contenders = [
          { name: "ours", server: ours, load: await startPrograms(children, "bridge", ours, PROGRAMS) },
          { name: "socket.io", server: theirs, load: await startPrograms(children, "socket.io", theirs, PROGRAMS) },
        ];
        for (const { name, burst, what } of BURSTS) {
          const measured = await interleave(
            run,
            `channels, ${what}`,
            contenders.map(({ name: id, server, load }) => ({
              name: id,
              measure: () => transfer(server, load, run.tiny ? 50 : 700, burst),
            })),
          );
          report(measured, name, what);
        }

        function report(measured: Measured<Transfer>, name: string, what: string): void {
          const rate = ({ delivered, seconds }: Transfer): number => delivered / seconds;
          const cpu = (one: Transfer): number => one.cpu / one.delivered;
          const is = `a socket.io server between ${String(PROGRAMS)} programs, messages of 50 bytes, ${what}`;
          const gated = name === "";
          run.row(
            {
              ...{ id: `channels${name}/socket.io`, of: "rate", what: is },
              ...(gated ? { gate: { is: "at least", bound: 1.5 } } : {}),
            },
            ratios(measured, "ours", "socket.io", rate),
          );
          run.row(
            {
              ...{ id: `channels-cpu${name}/socket.io`, of: "CPU", what: is },
              ...(gated ? { gate: { is: "at most", bound: 0.67 } } : {}),
            },
            ratios(measured, "ours", "socket.io", cpu),
          );
          for (const { name: id } of contenders) {
            const suffix = id === "ours" ? "" : `-${id}`;
            run.figure(`channels${name}${suffix}`, quantile(values(measured, id, rate), 0.5), "messages/s");
            run.figure(`channels-cpu${name}${suffix}`, 1e6 * quantile(values(measured, id, cpu), 0.5), "µs a message");
          }
        }
      }),
    );
  },
};

async function transfer(server: Server, load: Child, ms: number, burst: number): Promise<Transfer> {
  const before = cpuSeconds(server.child.pid);
  const answer = await load.ask(`flood ${String(ms)} ${String(burst)} ${String(WINDOW)}`);
  const { seconds = 0, delivered = 0 } = answer;
  return { seconds, delivered, cpu: cpuSeconds(server.child.pid) - before };
}

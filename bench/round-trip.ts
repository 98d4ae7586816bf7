// SPDX-License-Identifier: MIT
// `npm run bench -- round-trip`: a call of 80 bytes from a client to a driver and back, one after the other.
import { join } from "node:path";
import { type Child, type Children, withChildren } from "./support/children.ts";
import { type Folder, withFolder } from "./support/folder.ts";
import { quantile } from "./support/gate.ts";
import type { Bench, RowSpec, Run } from "./support/report.ts";
import { interleave, ratios, values } from "./support/rounds.ts";
import {
  nativeProgram,
  type Server,
  startBridge,
  startNode,
  startRelay,
  startTornado,
  startWebsockify,
} from "./support/servers.ts";

interface Way {
  readonly name: string;
  /** How the client of this way speaks. */
  readonly client: "bridge" | "bridge-json" | "websocket" | "raw";
  readonly start: (children: Children, path: string) => Promise<Server>;
}

const PEERS: readonly Way[] = [
  { name: "c-relay", client: "raw", start: startRelay },
  { name: "node-pipe", client: "raw", start: (children, path) => startNode(children, "pipe", [path]) },
  { name: "tornado", client: "websocket", start: (children, path) => startTornado(children, path, "echo") },
  { name: "websockify", client: "websocket", start: startWebsockify },
];

const ROWS: readonly (RowSpec & { readonly peer: string; readonly part: "p50us" | "p99us" })[] = [
  row("c-relay", "p50us", "a relay in C that copies bytes", 1.15),
  row("node-pipe", "p50us", "Node's streams, piped"),
  row("tornado", "p50us", "a tornado bridge", 0.5),
  row("websockify", "p50us", "websockify", 0.9),
  row("tornado", "p99us", "a tornado bridge", 1.2),
  row("c-relay", "p99us", "a relay in C that copies bytes"),
];

function row(
  peer: string,
  part: "p50us" | "p99us",
  what: string,
  bound?: number,
): RowSpec & { peer: string; part: "p50us" | "p99us" } {
  const of = part === "p50us" ? "p50" : "p99";
  const id = `round-trip/${peer}${of === "p50" ? "" : "-p99"}`;
  return { peer, part, id, of, what, ...(bound === undefined ? {} : { gate: { is: "at most", bound } }) };
}

/** Needs the built bridge; the peers from PyPI where they can be brought. */
export const roundTrip: Bench = {
  name: "round-trip",
  run: (run) => withFolder((folder) => withChildren((children) => measure(run, folder, children))),
};

async function measure(run: Run, folder: Folder, children: Children): Promise<void> {
  const driver = children.start(nativeProgram("echo_driver"), [], folder.env);
  await driver.line();
  const bridge = await startBridge(children, folder);
  const callers = new Map<string, Child>();
  for (const client of ["bridge", "bridge-json"] as const) {
    callers.set(client === "bridge" ? "ours" : "ours-json", await caller(children, client, bridge));
  }
  for (const { name, client, start } of PEERS) {
    try {
      const path = join(folder.path, `${name}.sock`);
      await children.start(nativeProgram("echo"), [path]).line();
      callers.set(name, await caller(children, client, await start(children, path)));
    } catch (error) {
      run.missing(`round-trip/${name}`, error instanceof Error ? error.message : String(error));
    }
  }
  const calls = run.tiny ? 10 : 2000;
  const measured = await interleave(
    run,
    "round-trip",
    [...callers].map(([name, child]) => ({ name, measure: () => child.ask(String(calls)) })),
  );
  for (const { peer, part, ...spec } of ROWS) {
    if (measured.has(peer))
      run.row(
        spec,
        ratios(measured, "ours", peer, (one) => one[part] ?? NaN),
      );
  }
  for (const name of measured.keys()) {
    for (const part of ["p50us", "p99us", "maxus"]) {
      const value = quantile(
        values(measured, name, (one) => one[part] ?? NaN),
        0.5,
      );
      run.figure(`round-trip/${name}/${part.slice(0, -2)}`, value, "µs");
    }
  }
}

async function caller(children: Children, client: Way["client"], { port, token }: Server): Promise<Child> {
  const child = children.start(nativeProgram("ping"), [client, String(port), token]);
  await child.line();
  return child;
}

// SPDX-License-Identifier: MIT
// The benchmarks and the soak run, so that they do not rot; what they measure here says nothing.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { soak } from "../../bench/soak.ts";
import { packageProgram, ROOT } from "../../scripts/tools/paths.ts";
import { run } from "../../scripts/tools/run.ts";

interface Output {
  readonly machine: object;
  readonly rows: readonly {
    readonly id: string;
    readonly ratio: number;
    readonly q1: number;
    readonly q3: number;
    readonly rounds: number;
  }[];
  readonly missing: readonly { readonly id: string; readonly reason: string }[];
}

const IDS = [
  ...["publish/memcpy", "publish/loop-lateness", "ingest/c-receiver", "end-to-end/c-relay", "end-to-end/tornado-batch"],
  ...[
    "end-to-end/tornado-message",
    "end-to-end/websockify",
    "end-to-end/cpu-1",
    "end-to-end/cpu-10",
    "round-trip/c-relay",
  ],
  ...[
    "round-trip/tornado",
    "round-trip/websockify",
    "fan-out/bare-write",
    "fan-out/socket.io",
    "fan-out/tornado",
    "fan-out/nats",
  ],
  ...[
    "slow-reader/memory",
    "slow-reader/p99",
    "growth/channels",
    "growth/subscribers",
    "growth/drivers",
    "columns/memcpy",
  ],
  ...["json/stringify", "channels/socket.io", "channels-cpu/socket.io"],
  ...["notebook/plot-frames", "notebook/plot-busy", "notebook/six-plots-frames", "notebook/six-plots-busy"],
  ...["notebook/knob", "notebook/knob-busy"],
];

describe("npm run bench", () => {
  it("measures every number once, and tells of each peer that is missing", async function () {
    this.timeout(800_000);
    const outcome = await run(packageProgram("tsx"), ["bench/main.ts", "--json", "--tiny"], { cwd: ROOT });
    assert.equal(outcome.status, 0, outcome.text);
    const line = outcome.text.split("\n").find((each) => each.startsWith('{"machine"')) ?? "";
    const { rows, missing } = JSON.parse(line) as Output;
    for (const { id, reason } of missing) console.log(`${id} is missing: ${reason}`);
    const told = new Set([...rows, ...missing].map(({ id }) => id));
    assert.deepEqual(
      IDS.filter((id) => !told.has(id)),
      [],
    );
    assert.deepEqual(
      rows.filter(({ ratio, q1, q3, rounds }) => !(q1 <= ratio && ratio <= q3) || rounds !== 1),
      [],
    );
  });
});

describe("npm run soak", () => {
  it("finds nothing that grows in a minute of mixed load", async function () {
    this.timeout(800_000);
    const said: string[] = [];
    const complaints = await soak(60_000, (each) => said.push(each));
    assert.deepEqual(complaints, [], said.join("\n"));
  });
});

// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { statusLines } from "../../../bridge/cli/status.ts";

describe("the bridge's state for people", () => {
  it("shows single values first, then each list as a table without empty columns", () => {
    const state = {
      name: "default",
      memory: { rssBytes: 5 },
      drivers: [
        { driver: "motor", state: "up", error: null, link: { pending: 0 } },
        { driver: "arm", state: "down", error: null, link: null },
      ],
      sessions: [],
    };
    const output = { style: (_: unknown, text: string) => text, fit: (text: string) => text };
    assert.deepEqual(statusLines(state, output), [
      "name             default",
      "memory.rssBytes  5",
      "sessions         []",
      "",
      "drivers",
      "driver  state  link.pending",
      "motor   up     0",
      "arm     down   -",
    ]);
  });
});

describe("losses in the bridge's state", () => {
  it("are said in words: complete, or how many and where", () => {
    const state = {
      samples: { delivered: 90, lost: { slow_reader: 7, ring_full: 3 } },
      sessions: [
        { session: "s1", lost: {} },
        { session: "s2", lost: { disconnected: 2 } },
      ],
    };
    const lines = statusLines(state, { style: (_, text) => text, fit: (text) => text });
    assert.ok(lines.includes("samples.lost       10: 7 this reader was too slow, 3 in the driver's ring"));
    assert.ok(lines.some((line) => /^s1 +complete$/.test(line)));
    assert.ok(lines.some((line) => /^s2 +2: 2 while disconnected$/.test(line)));
  });
});

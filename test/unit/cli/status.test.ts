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

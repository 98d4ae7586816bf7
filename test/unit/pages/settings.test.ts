// SPDX-License-Identifier: MIT
// What the page remembers between visits.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { loadSettings, saveSettings, type Settings } from "../../../bridge/pages/parts/settings.ts";

const holding = (text: string | null) => ({ getItem: () => text });

describe("settings", () => {
  it("come back as they were saved", () => {
    const saved: string[] = [];
    const settings: Settings = {
      theme: "dark",
      windowS: 30,
      plotted: [{ channel: "a", path: "b", element: 2 }],
      opened: ["a"],
      logsOpen: false,
    };
    saveSettings({ setItem: (_key, text) => void saved.push(text) }, settings);
    assert.deepEqual(loadSettings(holding(saved[0] ?? null)), settings);
  });

  it("fall back to the defaults where storage holds something odd", () => {
    const defaults = loadSettings(holding(null));
    for (const text of ["", "null", "[]", "{", '"x"', '{"theme":"red","windowS":-1,"plotted":[1,{}],"opened":7}']) {
      assert.deepEqual(loadSettings(holding(text)), defaults, text);
    }
  });

  it("are no matter of life and death when the browser keeps nothing", () => {
    const full = {
      setItem: () => {
        throw new Error("quota");
      },
    };
    saveSettings(full, loadSettings(holding(null)));
  });
});

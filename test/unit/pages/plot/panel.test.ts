// SPDX-License-Identifier: MIT
// Which lines share an axis.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { fieldRef } from "../../../../bridge/client/trace/field-ref.ts";
import { panelsOf, PALETTE_SIZE, seriesFor, type Series } from "../../../../bridge/pages/parts/plot/panel.ts";
import type { FieldEntry } from "../../../../bridge/session/messages.ts";

function seriesOf(...fields: [channel: string, entry: FieldEntry][]): Series[] {
  const list: Series[] = [];
  for (const [channel, entry] of fields) list.push(seriesFor(fieldRef(channel, entry), list));
  return list;
}

describe("panels", () => {
  it("puts numbers of one unit together, whatever their channel", () => {
    const panels = panelsOf(
      seriesOf(
        ["motor/state", { name: "speed", type: "f64", unit: "rad/s" }],
        ["motor/state", { name: "current", type: "f32", unit: "A" }],
        ["other/state", { name: "target", type: "f64", unit: "rad/s" }],
      ),
    );
    assert.deepEqual(
      panels.map(({ title, series }) => [title, series.map(({ field }) => field.label)]),
      [
        ["rad/s", ["speed", "target"]],
        ["A", ["current"]],
      ],
    );
  });

  it("keeps numbers without a unit with their channel, and switches and enums by themselves", () => {
    const panels = panelsOf(
      seriesOf(
        ["a", { name: "count", type: "u64" }],
        ["b", { name: "count", type: "u64" }],
        ["a", { name: "on", type: "bool" }],
        ["b", { name: "ready", type: "bool" }],
        ["a", { name: "mode", type: "enum", labels: { OFF: 0, SINE: 1 } }],
      ),
    );
    assert.deepEqual(
      panels.map(({ series }) => series.length),
      [1, 1, 2, 1],
    );
    assert.equal(panels[3]?.labels?.get(1), "SINE");
  });

  it("draws an enum with too many labels for an axis like any number", () => {
    const labels = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`L${String(i)}`, i]));
    assert.equal(panelsOf(seriesOf(["a", { name: "state", type: "enum", labels }]))[0]?.labels, null);
  });

  it("gives each line a colour of its own while there are enough, and a freed one again", () => {
    const fields = Array.from({ length: PALETTE_SIZE }, (_, i): [string, FieldEntry] => [
      "a",
      { name: `f${String(i)}`, type: "f64" },
    ]);
    const list = seriesOf(...fields);
    assert.equal(new Set(list.map(({ color }) => color)).size, PALETTE_SIZE);
    const without = list.filter(({ color }) => color !== 3);
    assert.equal(seriesFor(fieldRef("a", { name: "new", type: "f64" }), without).color, 3);
  });
});

// SPDX-License-Identifier: MIT
// The rows of a plot in a cell: which fields share an axis.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { plotRows } from "../../../../bridge/client/trace/plot-rows.ts";
import type { ChannelEntry, FieldEntry } from "../../../../bridge/session/messages.ts";

function channel(...fields: readonly FieldEntry[]): ChannelEntry {
  return {
    ...{
      channel: "rig/state",
      kind: "struct",
      driver: "rig",
      publishers: 0,
      stream: 1,
      schema: 1,
      type: "state",
      contentType: null,
    },
    ...{ rate: 0, published: 0, fields },
  };
}

/** Titles of the rows and the names of their lines. */
function shape(entry: ChannelEntry, ...wanted: readonly string[]): [string, string[]][] {
  return plotRows(entry, wanted).map(({ title, lines }) => [title, lines.map(({ label }) => label)]);
}

describe("the rows of a plot in a cell", () => {
  const entry = channel(
    { name: "angle", type: "f64", unit: "rad" },
    { name: "volts", type: "f64", unit: "V" },
    { name: "reference", type: "f64", unit: "rad" },
    { name: "plain", type: "u32" },
    { name: "winding", type: "f32", unit: "A", dims: [3] },
    { name: "many", type: "f32", dims: [100] },
    { name: "mode", type: "enum", labels: { OFF: 0, SINE: 2 } },
    { name: "cut", type: "bool" },
  );

  it("put fields of one unit on one axis, in the order they were asked for", () => {
    assert.deepEqual(shape(entry, "angle", "volts", "reference"), [
      ["[rad]", ["angle", "reference"]],
      ["volts [V]", ["volts"]],
    ]);
  });

  it("name a line alone on its axis, with its unit where it has one", () => {
    assert.deepEqual(shape(entry, "plain"), [["plain", ["plain"]]]);
  });

  it("draw one line for each element of an array, up to eight", () => {
    assert.deepEqual(shape(entry, "winding"), [["[A]", ["winding[0]", "winding[1]", "winding[2]"]]]);
    assert.equal(plotRows(entry, ["many"])[0]?.lines.length, 8);
  });

  it("give enums and booleans an axis of labels each", () => {
    const [mode, cut] = plotRows(entry, ["mode", "cut"]);
    assert.deepEqual(
      [...(mode?.labels ?? [])],
      [
        [0, "OFF"],
        [2, "SINE"],
      ],
    );
    assert.deepEqual(
      [...(cut?.labels ?? [])],
      [
        [0, "false"],
        [1, "true"],
      ],
    );
  });

  it("let fields of a ninth unit share the eighth axis", () => {
    const fields = Array.from({ length: 10 }, (_, at) => ({
      name: `f${String(at)}`,
      type: "f64",
      unit: `u${String(at)}`,
    }));
    const rows = plotRows(
      channel(...fields),
      fields.map(({ name }) => name),
    );
    assert.deepEqual(
      rows.map(({ lines }) => lines.length),
      [1, 1, 1, 1, 1, 1, 1, 3],
    );
  });

  it("leave out what the channel has no more", () => {
    assert.deepEqual(shape(entry, "gone", "angle"), [["angle [rad]", ["angle"]]]);
  });
});

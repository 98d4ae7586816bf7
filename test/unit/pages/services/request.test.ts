// SPDX-License-Identifier: MIT
// Forms of requests, tables of replies.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { firstRequest, replyParts, replyValues } from "../../../../bridge/pages/parts/services/request.ts";

describe("requests and replies", () => {
  it("begin with the default, else with what the limits allow nearest to zero", () => {
    const first = firstRequest([
      { name: "value", type: "i32", min: 3, max: 10 },
      { name: "level", type: "f32", min: -5, max: -1 },
      { name: "count", type: "u32", default: 5 },
      { name: "sort", type: "enum", labels: { CPU: 0, MEMORY: 1 }, default: 1 },
      { name: "deep", type: "bool" },
      { name: "name", type: "text" },
      { name: "pair", type: "f64", dims: [2] },
    ]);
    assert.deepEqual(Object.fromEntries(first), {
      value: 3,
      level: -1,
      count: 5,
      sort: "MEMORY",
      deep: false,
      name: "",
      "pair[0]": 0,
      "pair[1]": 0,
    });
  });

  it("show a list of structs as rows, without the unused ones at its end", () => {
    const fields = [
      { name: "count", type: "u32" },
      { name: "list.pid", type: "i32", dims: [3] },
      { name: "list.name", type: "text", dims: [3] },
    ];
    const list = [
      { pid: 1, name: "init" },
      { pid: 7, name: "" },
      { pid: 0, name: "" },
    ];
    const [count, table] = replyParts(fields, { count: 2, list });
    assert.equal(count, fields[0]);
    assert.ok(table !== undefined && "rows" in table);
    assert.deepEqual(table.rows, [
      [1, "init"],
      [7, ""],
    ]);
  });

  it("give all values of an array", () => {
    const entry = { name: "m", type: "f32", dims: [2, 2] };
    assert.deepEqual(
      replyValues(entry, {
        m: [
          [1, 2],
          [3, 4],
        ],
      }),
      [1, 2, 3, 4],
    );
    assert.deepEqual(replyValues({ name: "x", type: "f32" }, { x: 9 }), [9]);
    assert.deepEqual(replyValues({ name: "x", type: "f32" }, {}), [undefined]);
  });
});

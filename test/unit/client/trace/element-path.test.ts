// SPDX-License-Identifier: MIT
// The names of single elements in parameters and requests.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { elementsOf, readPath } from "../../../../bridge/client/trace/element-path.ts";

const paths = (...args: Parameters<typeof elementsOf>): string[] => elementsOf(...args).map(({ path }) => path);

describe("element paths", () => {
  it("name scalars, arrays and arrays of arrays", () => {
    assert.deepEqual(paths({ name: "pid.kp", type: "f32" }), ["pid.kp"]);
    assert.deepEqual(paths({ name: "trim", type: "f32", dims: [2] }), ["trim[0]", "trim[1]"]);
    assert.deepEqual(paths({ name: "m", type: "f32", dims: [2, 2] }), ["m[0][0]", "m[0][1]", "m[1][0]", "m[1][1]"]);
  });

  it("put the index at the part of the name that has the dimension", () => {
    const value = { items: [{ x: [1, 2] }, { x: [3, 4] }] };
    const found = paths({ name: "items.x", type: "f32", dims: [2, 2], levels: [[2], [2]] });
    assert.deepEqual(found, ["items[0].x[0]", "items[0].x[1]", "items[1].x[0]", "items[1].x[1]"]);
    assert.deepEqual(
      found.map((path) => readPath(value, path)),
      [1, 2, 3, 4],
    );
    assert.deepEqual(paths({ name: "a.x", type: "f32", dims: [2], levels: [[2], []] }), ["a[0].x", "a[1].x"]);
    assert.deepEqual(paths({ name: "a.x", type: "f32", dims: [2] }), ["a.x[0]", "a.x[1]"]);
  });

  it("read nothing where there is nothing", () => {
    assert.equal(readPath({ a: 1 }, "b.c"), undefined);
    assert.equal(readPath({ a: [1] }, "a[3]"), undefined);
    assert.equal(readPath(null, "a"), undefined);
  });

  it("are listed up to a bound only", () => {
    assert.equal(paths({ name: "big", type: "u8", dims: [100_000] }).length, 256);
  });
});

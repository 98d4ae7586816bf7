// SPDX-License-Identifier: MIT
// Forms of services that take JSON.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { callValues, formFields, replyText } from "../../../../bridge/pages/parts/services/program-request.ts";
import type { Json, ServiceEntry } from "../../../../bridge/session/messages.ts";

const sides = { request: { type: "", fields: [] }, reply: { type: "", fields: [] } };
const snap: ServiceEntry = { service: "camera/snap", driver: null, params: ["exposure", "mode"], ...sides };
const dark: ServiceEntry = { service: "dark", driver: null, params: null, ...sides };

function said(entry: ServiceEntry, ...values: [string, Json][]): unknown {
  return callValues(entry, new Map(values));
}

describe("the form of a program's service", () => {
  it("has a text for each argument that is named, else one for all", () => {
    assert.deepEqual(
      formFields(snap).map(({ name }) => name),
      ["exposure", "mode"],
    );
    assert.deepEqual(
      formFields(dark).map(({ name }) => name),
      ["arguments"],
    );
    const field = { name: "value", type: "i32" };
    const count = { ...sides, service: "tally/count", driver: "tally", request: { type: "count", fields: [field] } };
    assert.deepEqual(formFields(count), [field]);
    assert.deepEqual(said(count, ["value", 3]), { value: 3 });
  });

  it("gives JSON as what it is, other texts as themselves, and nothing for an empty one", () => {
    assert.deepEqual(said(snap, ["exposure", "0.5"], ["mode", "raw"]), { exposure: 0.5, mode: "raw" });
    assert.deepEqual(said(snap, ["exposure", " "], ["mode", '{"a":[1]}']), { mode: { a: [1] } });
  });

  it("takes a list by position, an object by name, or one value", () => {
    assert.deepEqual(said(dark, ["arguments", "[1,2]"]), [1, 2]);
    assert.deepEqual(said(dark, ["arguments", '{"gain":2}']), { gain: 2 });
    assert.deepEqual(said(dark, ["arguments", "7"]), [7]);
    assert.deepEqual(said(dark, ["arguments", "null"]), [null]);
    assert.deepEqual(said(dark, ["arguments", ""]), []);
  });

  it("shows what comes back as JSON, and not without end", () => {
    assert.equal(replyText(null), "null");
    assert.equal(replyText({ a: 1 }), '{\n  "a": 1\n}');
    assert.equal(replyText("x".repeat(10_000)).length, 4001);
  });
});

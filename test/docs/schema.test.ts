// SPDX-License-Identifier: MIT
// docs/schema.md: its example is a schema, with the layout hash that it says.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "mocha";
import { layoutHash } from "../../bridge/layout/hash.ts";
import { parseSchemaText } from "../../bridge/layout/schema.ts";
import { projectText, section } from "../support/docs.ts";

const page = projectText("docs/schema.md");

describe("docs/schema.md", () => {
  const [, text = ""] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
  const schema = parseSchemaText(new TextEncoder().encode(text));
  const state = schema.types["motor_state"];

  it("has an example with its own layout hash, and the text that it is taken of", () => {
    assert.ok(state?.k === "struct");
    assert.equal(layoutHash(schema, "motor_state"), state.hash);
    const [, hashed = ""] = /`(L1;le;24;[^`]+)`/.exec(section(page, "Hashes")) ?? [];
    assert.equal(createHash("sha256").update(hashed).digest("hex").slice(0, 16), state.hash);
  });

  it("loses nothing of its example when it is read", () => {
    assert.deepEqual(JSON.parse(JSON.stringify(schema)), JSON.parse(text));
  });
});

// SPDX-License-Identifier: MIT
// docs/dependencies.md says of every package why it is here.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { codeIn, projectText, section, tableRows } from "../support/docs.ts";

const page = projectText("docs/dependencies.md");
const manifest = JSON.parse(projectText("package.json")) as Record<string, Record<string, string> | undefined>;

describe("docs/dependencies.md", () => {
  for (const [heading, key] of [
    ["At run time", "dependencies"],
    ["For development", "devDependencies"],
  ] as const) {
    it(`gives a reason for each of the ${key}, and for no other`, () => {
      const rows = tableRows(section(page, heading));
      assert.deepEqual(rows.map(([name]) => codeIn(name)).sort(), Object.keys(manifest[key] ?? {}).sort());
      for (const [name, reason] of rows) assert.ok((reason ?? "").length > 8, name);
    });
  }
});

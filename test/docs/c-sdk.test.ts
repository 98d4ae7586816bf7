// SPDX-License-Identifier: MIT
// The code in the guide to the C SDK is code that is compiled.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { projectText } from "../support/docs.ts";

const COMPILED = [
  "native/drivers/tally.h",
  "native/drivers/tally.c",
  "native/test/guide.c",
  "examples/macro-driver/pendulum.c",
  "examples/plumber/recognizer.c",
];
const HEADERS = ["native/include/structwire/structwire.h", "native/include/structwire/describe.h"];

describe("the guide to the C SDK", () => {
  const blocks = [...projectText("docs/c-sdk.md").matchAll(/^```c\n([\s\S]*?)^```$/gm)].map(([, code = ""]) => code);
  const sources = COMPILED.map((path) => projectText(path));

  it("shows only code that is compiled", () => {
    assert.ok(blocks.length >= 4);
    for (const code of blocks)
      assert.ok(
        sources.some((source) => source.includes(code)),
        code,
      );
  });

  it("names only functions and macros that the headers have", () => {
    const header = HEADERS.map((path) => projectText(path)).join("\n");
    const named = new Set(projectText("docs/c-sdk.md").match(/\b(?:sw_[a-z_]+|SW_[A-Z_]+)\b/g));
    assert.ok(named.size > 20);
    for (const name of named) assert.match(header, new RegExp(`\\b${name}\\b`), name);
  });
});

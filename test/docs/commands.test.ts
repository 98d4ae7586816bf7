// SPDX-License-Identifier: MIT
// The commands that pages name exist.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { projectFiles, projectText } from "../support/docs.ts";

const pages = projectFiles().filter((path) => path.endsWith(".md"));
const scripts = (JSON.parse(projectText("package.json")) as { scripts: Record<string, string> }).scripts;

describe("the commands in the pages", () => {
  it("run scripts of package.json", () => {
    for (const page of pages) {
      for (const [, name = ""] of projectText(page).matchAll(/npm run (?:-s )?([a-z:]+)/g)) {
        assert.ok(name in scripts, `${page}: npm run ${name}`);
      }
    }
  });

  it("include the two with which everything begins", () => {
    const readme = projectText("README.md");
    assert.ok(readme.includes("\nnpm install && npm run demo\n"));
    assert.ok(readme.includes("\nnpm install && npm test\n"));
    assert.ok(projectText(".ci/run").includes("npm test"));
    assert.ok(projectText(".ci/run").includes("npm run check"));
  });
});

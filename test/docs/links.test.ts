// SPDX-License-Identifier: MIT
// Links between pages lead somewhere.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, it } from "mocha";
import { ROOT } from "../../scripts/tools/paths.ts";
import { projectFiles, projectText } from "../support/docs.ts";

const LINK = /!?\[[^\]]*\]\(([^)\s]+)\)/g;

/** The anchor that a heading gets. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}

describe("the pages of the project", () => {
  for (const page of projectFiles().filter((path) => path.endsWith(".md"))) {
    it(`${page} links to what exists`, () => {
      for (const [, target = ""] of projectText(page)
        .replace(/```[\s\S]*?```/g, "")
        .matchAll(LINK)) {
        if (/^[a-z]+:/.test(target)) continue;
        const [path = "", fragment] = target.split("#");
        const file = path === "" ? page : normalize(join(dirname(page), path));
        assert.ok(existsSync(join(ROOT, file)), `${page} links to ${target}`);
        if (fragment === undefined || !file.endsWith(".md")) continue;
        const headings = [...projectText(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchor(heading));
        assert.ok(headings.includes(fragment), `${page} links to ${target}`);
      }
    });
  }
});

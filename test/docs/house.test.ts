// SPDX-License-Identifier: MIT
// Rules of the house that no linter knows: headers, names of files, words that do not belong.
import assert from "node:assert/strict";
import { basename } from "node:path";
import { describe, it } from "mocha";
import { projectFiles, projectText } from "../support/docs.ts";

const files = projectFiles();
// The types beside the notebooks are written by gen.
const sources = files.filter(
  (path) => /\.(?:ts|tsx|js|mjs|c|h|cc|cpp|hpp|cmake)$/.test(path) && !/^notebooks\/\w+\.d\.ts$/.test(path),
);
const texts = [
  ...sources,
  ...files.filter((path) => /\.(?:md|json|ipynb|sh|txt|yml|html|css)$|^\.ci\//.test(path)),
].filter(
  (path) => path !== "package-lock.json" && !path.startsWith("test/vectors/") && path !== "test/docs/house.test.ts",
);

/** Lines of the project that match, as `path:line: text`. */
function find(paths: readonly string[], pattern: RegExp): string[] {
  return paths.flatMap((path) =>
    projectText(path)
      .split("\n")
      .flatMap((line, at) => (pattern.test(line) ? [`${path}:${String(at + 1)}: ${line.trim().slice(0, 120)}`] : [])),
  );
}

describe("the sources", () => {
  it("open with the licence, and all but tests with a sentence", () => {
    const bad = sources.filter((path) => {
      const [first = "", second = "", third = ""] = projectText(path)
        .replace(/^#!.*\n/, "")
        .split("\n");
      const sentence = /^(?:\/\/|#| \*)\s*\S/;
      if (!first.includes("SPDX-License-Identifier: MIT")) return true;
      // What a test is about stands in its names.
      return !path.endsWith(".test.ts") && !sentence.test(second) && !sentence.test(third);
    });
    assert.deepEqual(bad, []);
  });

  it("have names in lower case, words joined by - in TypeScript and _ in C", () => {
    const bad = sources.filter((path) => {
      const pattern = /\.(?:c|h|cc|cpp|hpp)$/.test(path)
        ? /^[a-z0-9_]+(?:\.[a-z0-9_]+)*$/
        : /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;
      return !pattern.test(basename(path)) && basename(path) !== "CMakeLists.txt";
    });
    assert.deepEqual(bad, []);
  });

  it("leave nothing to do", () => {
    assert.deepEqual(find(texts, /\b(?:TODO|FIXME|XXX|HACK)\b|not implemented/), []);
  });

  it("switch off no test and no rule", () => {
    const typed = texts.filter((path) => path.endsWith(".ts") || path.endsWith(".tsx"));
    const tests = /\b(?:it|describe)\.(?:only|skip)\(|\bretries\(/;
    assert.deepEqual(find(typed, new RegExp(`${tests.source}|@ts-(?:ignore|expect-error|nocheck)|eslint-disable`)), []);
  });
});

describe("the texts", () => {
  it("name no folder of one machine", () => {
    assert.deepEqual(find(texts, /(?<![\w.])\/(?:work|root|home)\/(?!\.\.)/), []);
  });
});

describe("package-lock.json", () => {
  it("names no registry", () => {
    assert.equal(projectText("package-lock.json").includes('"resolved": "http'), false);
  });
});

// SPDX-License-Identifier: MIT
// Names and patterns.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { checkName, compilePattern, isName, isPattern } from "../../../bridge/model/names.ts";
import { throwsCode } from "../../support/codecs.ts";

describe("a name", () => {
  for (const name of ["motor", "motor/state", "a.b-c_D/9", "a".repeat(255)]) {
    it(`may be ${name.slice(0, 20)}`, () => {
      assert.ok(isName(name) && isPattern(name));
      assert.equal(checkName(name), name);
    });
  }

  for (const name of ["", "/a", "a/", "a//b", "a b", "a\n", "é", "a*", "*", "a/**", "a".repeat(256)]) {
    it(`may not be ${JSON.stringify(name.slice(0, 20))}`, () => {
      assert.ok(!isName(name));
      throwsCode("name_invalid", () => checkName(name));
    });
  }
});

describe("a pattern", () => {
  const cases: readonly (readonly [pattern: string, matches: readonly string[], others: readonly string[]])[] = [
    ["motor/state", ["motor/state"], ["motor", "motor/state/x", "motor/states"]],
    ["*", ["motor"], ["motor/state"]],
    ["motor/*", ["motor/state", "motor/x"], ["motor", "motor/a/b", "host/state"]],
    ["*/state", ["motor/state"], ["state", "a/b/state"]],
    ["**", ["motor", "motor/state", "a/b/c"], []],
    ["motor/**", ["motor", "motor/a", "motor/a/b"], ["motors", "host/motor"]],
    ["**/state", ["state", "a/state", "a/b/state"], ["a/state/b", "a/states"]],
    ["a/**/z", ["a/z", "a/b/z", "a/b/z/z"], ["a", "z", "a/z/b"]],
    ["**/a/**/b", ["a/b", "x/a/y/b", "a/a/b/b"], ["b/a", "a"]],
    ["**/**", ["a", "a/b"], []],
    ["*/**", ["a", "a/b/c"], []],
    ["a.b/c", ["a.b/c"], ["axb/c"]],
  ];
  for (const [pattern, matches, others] of cases) {
    it(`${pattern} stands for ${matches.join(", ")} and not for ${others.join(", ")}`, () => {
      const test = compilePattern(pattern);
      for (const name of matches) assert.ok(test(name), name);
      for (const name of others) assert.ok(!test(name), name);
    });
  }

  for (const pattern of ["", "a*", "***", "a/", "a b", "[a]", "a?"]) {
    it(`may not be ${JSON.stringify(pattern)}`, () => {
      assert.ok(!isPattern(pattern));
      throwsCode("name_invalid", () => compilePattern(pattern));
    });
  }

  it("means the same as its regular expression", () => {
    const level = fc.constantFrom("a", "b", "*", "**");
    const patterns = fc.array(level, { minLength: 1, maxLength: 6 }).map((list) => list.join("/"));
    const names = fc.array(fc.constantFrom("a", "b"), { minLength: 1, maxLength: 7 }).map((list) => list.join("/"));
    fc.assert(
      fc.property(patterns, names, (pattern, name) => {
        const source = pattern
          .split("/")
          .map((each) => (each === "**" ? "(?:/[^/]+)*" : each === "*" ? "/[^/]+" : `/${each}`))
          .join("");
        assert.equal(compilePattern(pattern)(name), new RegExp(`^${source}$`).test(`/${name}`));
      }),
      { numRuns: 3000 },
    );
  });

  it("stays quick where a backtracking one would not", () => {
    const test = compilePattern(`${"**/a/".repeat(40)}b`);
    assert.ok(!test("a/".repeat(120) + "a"));
  });
});

// SPDX-License-Identifier: MIT
// A C file is split into code and comments, whatever stands in its literals and macros.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { SourceText } from "../../../bridge/generate/notes/source-text.ts";

const texts = (source: string): string[] => new SourceText(source).comments.map((comment) => comment.text);
const code = (source: string): string => new SourceText(source).code.replace(/ +/g, " ");

describe("a C file", () => {
  it("gives its comments without delimiters and decoration", () => {
    assert.deepEqual(texts("// a\n/// b\n//! c\n///< d\n//< e\n"), ["a", "b", "c", "d", "e"]);
    assert.deepEqual(texts("/* a */ /** b */ /*! c */ /**< d */ /*< e */ /***** f *****/ /**/"), [
      "a",
      "b",
      "c",
      "d",
      "e",
      "f",
      "",
    ]);
    assert.deepEqual(texts("/*\n * first\n * * star\n *\n second\n */"), ["\nfirst\n* star\n\nsecond\n"]);
    assert.deepEqual(texts("// goes \\\n   on\nint a;"), ["goes\non"]);
    assert.deepEqual(texts("/* not closed"), ["not closed"]);
    assert.deepEqual(texts("// DOS\r\nint a; // line\r\n"), ["DOS", "line"]);
  });

  it("takes no comment from literals", () => {
    assert.deepEqual(texts(`char *a = "/* no */"; char b = '"'; /* yes */ char c = '\\''; // too`), ["yes", "too"]);
    assert.deepEqual(texts(`int a = 1'000'000; /* yes */ char b = 'x';`), ["yes"]);
    assert.deepEqual(texts(`#include "http://x" // yes\nchar *b = "\\"// no";`), ["yes"]);
    assert.deepEqual(texts(`int a = 8 / 2 /* yes */ / 2;`), ["yes"]);
  });

  it("takes a literal that is not closed for one line only", () => {
    assert.deepEqual(texts(`#error don't\n/* yes */`), ["yes"]);
  });

  it("keeps code in its place and blanks the rest", () => {
    assert.equal(
      code(`int a; // x\n#define B \\\n  (1)\n  # if 0\nint c = '{';\n/* { */ }`),
      "int a; \n \n \n \nint c = ;\n }",
    );
  });

  it("says where a comment stands", () => {
    const [first, second, third] = new SourceText("/* a\n b */\nint x; // c\n  ///< d").comments;
    assert.deepEqual([first?.line, first?.endLine, first?.wholeLine, first?.isBlock], [1, 2, true, true]);
    assert.deepEqual([second?.line, second?.column, second?.wholeLine, second?.pointsBack], [3, 7, false, false]);
    assert.deepEqual([third?.line, third?.column, third?.wholeLine, third?.pointsBack], [4, 2, true, true]);
  });

  it("knows its lines", () => {
    const source = new SourceText("a\nbb\n\nc");
    assert.deepEqual(
      [1, 2, 3, 4, 5].map((line) => source.lineStart(line)),
      [0, 2, 5, 6, undefined],
    );
    assert.deepEqual(
      [0, 1, 2, 4, 5, 6].map((offset) => source.lineOf(offset)),
      [1, 1, 2, 2, 3, 4],
    );
    assert.deepEqual(
      [1, 2, 4].map((line) => source.lineEnd(line)),
      [1, 4, 7],
    );
  });

  it("is never longer or shorter for it, whatever it holds", () => {
    const piece = fc.constantFrom("/*", "*/", "//", "\\", "\n", '"', "'", "#", "a", " ", "0", "\r\n", "{", "é");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join("");
        const source = new SourceText(text);
        assert.equal(source.code.length, text.length);
        assert.deepEqual(
          [...source.code.matchAll(/\n/g)].map(({ index }) => index),
          [...text.matchAll(/\n/g)].map(({ index }) => index),
        );
        for (const { start, end } of source.comments) assert.equal(source.code.slice(start, end).trim(), "");
      }),
    );
  });
});

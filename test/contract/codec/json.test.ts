// SPDX-License-Identifier: MIT
// JSON text of both codecs: numbers as JavaScript writes them, times, sequences, payloads, texts that need care.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Codec } from "../../../bridge/layout/codec.ts";
import { batchRecord, doubles, utf8 } from "../../support/records.ts";
import { CODECS, layoutOf, outcome, throwsCode } from "../../support/codecs.ts";

const F64 = layoutOf(8, [{ n: "v", t: "f64", o: 0 }]);
const TEXT = layoutOf(16, [{ n: "v", t: "c8", o: 0, d: [16] }]);

function float(codec: Codec, value: number): string {
  return codec.valueJson(F64, new Uint8Array(Float64Array.of(value).buffer));
}

/** Doubles where the rules of notation and rounding change. */
function hardDoubles(): number[] {
  const list = [
    0,
    -0,
    1,
    -1,
    0.1,
    1 / 3,
    1e20,
    1e21,
    123456789012345680000,
    1e-6,
    1e-7,
    9.5e-7,
    5e-324,
    1.7976931348623157e308,
  ];
  for (let exponent = -330; exponent <= 308; exponent++)
    for (const digits of [1, 1.5, 9.999999999999999, 3.3333333333333335])
      list.push(Number(`${String(digits)}e${String(exponent)}`));
  for (let power = -1074; power < 1024; power += 3) list.push(2 ** power, -(2 ** power) * 1.0000000000000002);
  for (let more = -3; more <= 8; more++) list.push(2 ** 53 + more, (2 ** 53 + more) * 1024);
  return list;
}

for (const codec of CODECS) {
  describe(`JSON text of the ${codec.name} codec`, () => {
    it("has doubles as JavaScript writes them", () => {
      for (const value of hardDoubles()) assert.equal(float(codec, value), JSON.stringify({ v: value }));
    });

    it("has null for what is no number", () => {
      for (const value of [NaN, Infinity, -Infinity]) assert.equal(float(codec, value), '{"v":null}');
    });

    it("has texts up to their first NUL, escaped as JSON.stringify does", () => {
      for (const text of ["", "plain", '"\\/\b\f\n\r\t', "\u0001\u001f\u007f", "é€😀\u2028", "\ufeffbom"]) {
        const bytes = new Uint8Array(16);
        bytes.set(utf8(text));
        assert.equal(codec.valueJson(TEXT, bytes), JSON.stringify({ v: text }));
      }
      const full = utf8("sixteen bytes ok");
      assert.equal(codec.valueJson(TEXT, full), JSON.stringify({ v: "sixteen bytes ok" }));
    });

    it("has U+FFFD for what is not UTF-8, as a TextDecoder has it", () => {
      const sequences = [
        [0x80],
        [0xc3],
        [0xc0, 0xaf],
        [0xe2, 0x82],
        [0xe0, 0x80, 0x80],
        [0xed, 0xa0, 0x80],
        [0xf0, 0x9f, 0x98],
        [0xf4, 0x90, 0x80, 0x80],
        [0xff, 0xfe],
        [0xf0, 0x80, 0x41],
        [0xe2, 0xe2, 0x82, 0xac],
      ];
      for (const sequence of sequences) {
        for (const tail of [[], [0x41]]) {
          const bytes = new Uint8Array(16);
          bytes.set([0x42, ...sequence, ...tail]);
          const text = new TextDecoder().decode(bytes.subarray(0, 1 + sequence.length + tail.length));
          assert.equal(codec.valueJson(TEXT, bytes), JSON.stringify({ v: text }), sequence.join());
        }
      }
    });

    it("has times in milliseconds with a fraction that reads back", () => {
      const times: readonly (readonly [bigint, string])[] = [
        [0n, "0"],
        [1n, "0.000001"],
        [-1n, "-0.0000010000000000287557"],
        [1_500_000n, "1.5"],
        [-1_500_000n, "-1.5"],
        [1_763_635_212_345_678_901n, "1763635212345.679"],
        [2n ** 63n - 1n, "9223372036854.775"],
        [-(2n ** 63n), "-9223372036854.775"],
      ];
      for (const [time, text] of times) {
        const batch = batchRecord({ stream: 1, first: 3, time, samples: doubles(1) });
        assert.equal(codec.json(F64, batch), `[{"seq":3,"time":${text},"value":{"v":1}}]`);
      }
    });

    it("has the sequences that a batch lists", () => {
      const batch = batchRecord({
        stream: 1,
        first: 3,
        samples: doubles(1, 2),
        sequences: [3, Number.MAX_SAFE_INTEGER],
      });
      const text = '[{"seq":3,"time":0,"value":{"v":1}},{"seq":9007199254740991,"time":1,"value":{"v":2}}]';
      assert.equal(codec.json(F64, batch), text);
    });

    it("embeds JSON payloads as they are, and bytes as base64", () => {
      const samples = ['{"é": [1,  2]}', " true\n"].map((text) => utf8(text));
      const batch = batchRecord({ stream: 1, first: 0, samples, variable: true });
      const text = '[{"seq":0,"time":0,"value":{"é": [1,  2]}},{"seq":1,"time":1,"value": true\n}]';
      assert.equal(codec.json(null, batch), text);
      assert.equal(codec.json(null, batch, "json"), text);
      const bytes = [0, 1, 2, 3, 4].map((length) => Uint8Array.from({ length }, (_, i) => 250 + i));
      const list = JSON.parse(
        codec.json(null, batchRecord({ stream: 1, first: 0, samples: bytes, variable: true }), "bytes"),
      ) as { value: string }[];
      assert.deepEqual(
        list.map(({ value }) => value),
        bytes.map((each) => Buffer.from(each).toString("base64")),
      );
    });

    it("refuses payloads that JSON.parse refuses, and no others", () => {
      const good = [
        "0",
        "-0",
        "1.5e+3",
        '"\\u00e9\\ud800"',
        "[]",
        "{}",
        '{"a":{"a":[]}}',
        ' [ 1 , {"b" : null } ] ',
        `${"[".repeat(5000)}${"]".repeat(5000)}`,
      ];
      const bad = [
        "",
        " ",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "NaN",
        "tru",
        "truee",
        '"',
        '"\\x"',
        '"\\u12g4"',
        '"\u0001"',
        "[1,]",
        "[,1]",
        "[1 2]",
        "{a:1}",
        '{"a"}',
        '{"a":}',
        '{"a":1,}',
        '{"a":1]',
        "[1}",
        "]",
        "1 2",
        "\ufeff1",
        "'a'",
        "[".repeat(5000),
      ];
      for (const text of good) JSON.parse(text);
      for (const text of [...good, ...bad]) {
        const batch = batchRecord({ stream: 1, first: 0, samples: [utf8(text)], variable: true });
        const expected = good.includes(text)
          ? { result: `[{"seq":0,"time":0,"value":${text}}]` }
          : { code: "bad_record" };
        assert.deepEqual(
          outcome(() => codec.json(null, batch)),
          expected,
          text.slice(0, 40),
        );
      }
    });

    it("refuses a payload that is not UTF-8", () => {
      for (const bytes of [
        [0x22, 0xff, 0x22],
        [0x22, 0xc3, 0x22],
        [0x22, 0xed, 0xa0, 0x80, 0x22],
      ]) {
        const batch = batchRecord({ stream: 1, first: 0, samples: [Uint8Array.from(bytes)], variable: true });
        throwsCode("bad_record", () => codec.json(null, batch));
      }
    });

    it("refuses structs where payloads are expected, and the other way round", () => {
      throwsCode("bad_record", () => codec.json(null, batchRecord({ stream: 1, first: 0, samples: doubles(1) })));
      throwsCode("bad_record", () =>
        codec.json(F64, batchRecord({ stream: 1, first: 0, samples: doubles(1), variable: true })),
      );
      throwsCode("bad_record", () => codec.valueJson(F64, new Uint8Array(7)));
    });

    it("keeps names and labels that JSON must escape", () => {
      const layout = layoutOf(
        2,
        [
          { n: "é", t: "u8", o: 0 },
          { n: "ƒ", t: "mode", o: 1 },
        ],
        { types: { mode: { k: "enum", t: "u8", v: { größe: 2 } } } },
      );
      assert.equal(codec.valueJson(layout, Uint8Array.of(1, 2)), '{"é":1,"ƒ":"größe"}');
    });

    it("is refused when it would become larger than 256 MiB", () => {
      const fields = Array.from({ length: 1000 }, (_, i) => ({
        n: `${"n".repeat(250)}${String(i)}`,
        t: "u8",
        o: 0,
        alt: i,
      }));
      const samples = Array.from({ length: 1100 }, () => new Uint8Array(1));
      throwsCode("message_too_large", () =>
        codec.json(layoutOf(1, fields), batchRecord({ stream: 1, first: 0, samples })),
      );
    });
  });
}

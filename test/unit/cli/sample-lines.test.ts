// SPDX-License-Identifier: MIT
// Samples as JSON lines and as lines for people, whatever they hold.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { Batch, type Sender } from "../../../bridge/client/batch.ts";
import { jsonLines, splitSamples, textLines } from "../../../bridge/cli/sample-lines.ts";
import { compileLayout } from "../../../bridge/layout/compile.ts";
import { javascriptCodec } from "../../../bridge/layout/javascript.ts";
import { readBatchHeader } from "../../../bridge/layout/record.ts";
import { parseSchema } from "../../../bridge/layout/schema.ts";
import { payloadBatch, range, READING_SCHEMA, readingBatch } from "../../support/batches.ts";
import { jsonObjects } from "../../support/cli.ts";

const codec = javascriptCodec();
const layout = compileLayout(parseSchema(READING_SCHEMA), "reading");
const head = { stream: 3, schema: 7, epoch: 1n, timeNs: 1_700_000_000_123_456_789n };

function structs(from: number, to: number): Batch {
  const record = readingBatch({ ...head, sequences: range(from, to) });
  const header = readBatchHeader(record);
  const [kind, contentType] = ["struct" as const, null];
  return new Batch({
    channel: "rig/reading",
    kind,
    contentType,
    layout,
    schema: null,
    header,
    record,
    codec: () => codec,
  });
}

function texts(payloads: readonly string[], sender: Sender | null = null): Batch {
  const record = payloadBatch(
    { ...head, schema: sender === null ? 0 : 17, sequences: range(0, payloads.length - 1) },
    payloads,
  );
  const header = readBatchHeader(record);
  const [kind, contentType] = ["json" as const, null];
  return new Batch({
    channel: "rig/notes",
    kind,
    contentType,
    layout: null,
    schema: null,
    header,
    record,
    sender,
    codec: () => codec,
  });
}

describe("samples as JSON lines", () => {
  it("say who published, and leave values alone that look alike", () => {
    const tricky = '{"a":1,"time":2,"sender":5,"value":6}';
    const sender = { name: "s3", client: "lab" };
    const [first] = jsonObjects(jsonLines(texts([tricky], sender), 1, true));
    assert.deepEqual(first, {
      channel: "rig/notes",
      seq: 0,
      time: 1700000000123.4568,
      sender,
      time_ns: "1700000000123456789",
      value: JSON.parse(tricky) as unknown,
    });
    const [driver] = jsonObjects(jsonLines(texts([tricky]), 1, false));
    assert.deepEqual([driver?.["value"], "sender" in driver!], [JSON.parse(tricky), false]);
  });

  it("are one object each, with the channel", () => {
    const [first, second, ...more] = jsonObjects(jsonLines(structs(10, 11), 2, false));
    assert.deepEqual(first, {
      channel: "rig/reading",
      seq: 10,
      time: 1700000000123.4568,
      value: { value: 10, count: -10 },
    });
    assert.equal(second?.["seq"], 11);
    assert.deepEqual(more, []);
  });

  it("have the exact time when it is asked for", () => {
    const times = jsonObjects(jsonLines(structs(10, 11), 2, true)).map((line) => line["time_ns"]);
    assert.deepEqual(times, ["1700000000123456789", "1700000000124456789"]);
  });

  it("end after so many", () => {
    assert.equal(jsonObjects(jsonLines(structs(0, 9), 3, false)).length, 3);
  });

  it("are cut at the right places, whatever JSON the samples hold", () => {
    const nasty = fc.constantFrom(
      '[{"a":1},{"seq":5,"time":1,"value":2}]',
      '"},{\\"seq\\":"',
      '{"seq":[{"x":{}},{"seq":{}}]}',
      '"\\\\"',
      '"]}"',
    );
    const value = fc.oneof(nasty, fc.json());
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 8 }), fc.boolean(), (payloads, ns) => {
        const lines = jsonObjects(jsonLines(texts(payloads), payloads.length, ns));
        assert.deepEqual(
          lines.map((line) => [line["seq"], line["value"]]),
          payloads.map((payload, i) => [i, JSON.parse(payload) as unknown]),
        );
      }),
    );
  });

  it("cost no more than a cut of the text each", () => {
    const sample = { seq: 1, time: 1.5, value: { a: 1, b: "x" } };
    const text = JSON.stringify(Array.from({ length: 3 }, () => sample));
    assert.deepEqual(splitSamples(text, 3), Array<string>(3).fill('1,"time":1.5,"value":{"a":1,"b":"x"}'));
  });
});

describe("samples for people", () => {
  it("stay on one line and tell a terminal nothing, whatever names and senders hold", () => {
    const line = textLines(texts(['{"a\\n\\u001b[2J":{"b\\u001b]0;x":1}}'], { name: "s3\n", client: "\u009b2J" }), 1);
    assert.match(line, /s3\\u000a \(\\u009b2J\) {2}a\\u000a\\u001b\[2J\.b\\u001b\]0;x=1\n$/);
    assert.doesNotMatch(line.slice(0, -1), /\p{Cc}/u);
  });

  it("show local time, channel, sequence and fields with units", () => {
    assert.match(
      textLines(structs(10, 10), 1),
      /^\d\d:\d\d:\d\d\.123 {2}rig\/reading {2}#10 {2}value=10 V {2}count=-10\n$/,
    );
  });

  it("show a JSON sample without a field name when it has none", () => {
    assert.match(textLines(texts(["12"]), 1), /#0 {2}12\n$/);
  });
});

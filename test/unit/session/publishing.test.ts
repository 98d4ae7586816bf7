// SPDX-License-Identifier: MIT
// Open channels as sessions use them: who may publish what, in which order it arrives, and who is told whom it is from.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { writePublication } from "../../../bridge/layout/publication.ts";
import { readBatchHeader, variablePayloads } from "../../../bridge/layout/record.ts";
import { EPOCH } from "../../support/hub.ts";
import { batchRecord, doubles } from "../../support/records.ts";
import { codeOf, SessionBench, type Client } from "../../support/session.ts";

const json = (value: unknown): { payload: Uint8Array } => ({
  payload: new Uint8Array(Buffer.from(JSON.stringify(value))),
});

/** The `samples` messages among these. */
function samplesIn(messages: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  return messages.filter(({ op }) => op === "samples").flatMap(({ samples }) => samples as Record<string, unknown>[]);
}

describe("session: open channels", () => {
  let bench: SessionBench;
  let writer: Client;
  let reader: Client;

  beforeEach(() => {
    bench = new SessionBench();
    bench.connect(EPOCH);
    writer = bench.enter();
    reader = bench.enter();
  });

  afterEach(() => {
    bench.hub.stop();
  });

  it("makes a channel of the first value that is published, and hands it to who reads later with `last`", () => {
    const published = writer.result({ op: "publish", channel: "data", value: { x: 1 } });
    assert.equal(published["seq"], 0);
    assert.equal(published["channel"], "data");
    const messages = reader.ask({ op: "subscribe", channels: ["data"], encoding: "json", last: true });
    assert.deepEqual(
      messages.map(({ op }) => op),
      ["result", "stream", "sender", "samples"],
    );
    assert.deepEqual(samplesIn(messages)[0]?.["value"], { x: 1 });
    assert.equal(samplesIn(messages)[0]?.["sender"], messages[2]?.["sender"]);
    assert.equal(messages[2]?.["name"], "s1");
  });

  it("numbers what several programs publish in the order in which it came", () => {
    const second = bench.enter();
    reader.ask({ op: "subscribe", channels: ["data"], wait: true });
    for (const client of [writer, second]) {
      const { handle } = client.result({ op: "open", channel: "data", kind: "json" });
      for (let i = 0; i < 3; i++) client.session.binary(writePublication(handle as number, i, [json(i)]));
    }
    bench.clock.advance(8);
    const records = reader.connection.sent.flatMap((sent) => ("records" in sent ? sent.records : []));
    const batches = records.filter((record) => record[4] === 1);
    assert.deepEqual(
      batches.map((batch) => {
        const { first, count } = readBatchHeader(batch);
        return [first, count];
      }),
      [
        [0, 1],
        [1, 2],
        [3, 3],
      ],
    );
    assert.equal(new Set(batches.map((batch) => readBatchHeader(batch).schema)).size, 2);
    assert.equal(
      batches
        .flatMap((batch) => variablePayloads(batch))
        .map((bytes) => Buffer.from(bytes).toString())
        .join(),
      "0,1,2,0,1,2",
    );
  });

  it("does not send a session what it published itself, unless it asks for its echo", () => {
    writer.ask({ op: "subscribe", channels: ["data"], encoding: "json", wait: true });
    writer.ask({ op: "publish", channel: "data", value: 1 });
    assert.deepEqual(samplesIn(writer.connection.texts()), []);
    const ledger = writer.result({ op: "ledger" })["streams"] as Record<string, unknown>[];
    assert.deepEqual(
      ledger.map(({ due, delivered, skipped }) => [due, delivered, skipped]),
      [[1, 0, 1]],
    );
    writer.ask({ op: "subscribe", channels: ["data"], encoding: "json", echo: true });
    const messages = writer.ask({ op: "publish", channel: "data", value: 2 });
    bench.clock.advance(8);
    assert.equal(samplesIn([...messages, ...writer.connection.texts()]).length, 1);
  });

  it("refuses a record of what is no JSON whole, and goes on with the next", () => {
    const { handle } = writer.result({ op: "open", channel: "data", kind: "json" });
    writer.connection.texts();
    const wrong = { payload: new Uint8Array(Buffer.from("{")) };
    writer.session.binary(writePublication(handle as number, 0, [json(1), wrong]));
    const [refused] = writer.connection.texts();
    assert.equal(refused?.["op"], "refused");
    assert.deepEqual([refused["handle"], refused["first"], refused["count"]], [handle, 0, 2]);
    writer.session.binary(writePublication(handle as number, 2, [json(2)]));
    assert.equal(bench.hub.directory.channels.get("data")?.next, 1);
  });

  it("does not let a program publish where a driver does, or in another kind than others", () => {
    bench.struct("state");
    const { code } = { code: (channel: string) => writer.code({ op: "publish", channel, value: 1 }) };
    assert.equal(code("motor/state"), "forbidden");
    assert.equal(code("motor/other"), "forbidden");
    assert.equal(code("a b"), "name_invalid");
    reader.result({ op: "open", channel: "data", kind: "bytes", contentType: "image/png" });
    assert.equal(code("data"), "name_in_use");
  });

  it("begins a channel anew in another kind when nobody has it open", () => {
    reader.ask({ op: "subscribe", channels: ["data"], encoding: "json", wait: true });
    writer.result({ op: "publish", channel: "data", value: 1 });
    reader.connection.texts();
    bench.clock.advance(20);
    const bytes = Buffer.from("abc").toString("base64");
    writer.result({ op: "publish", channel: "data", bytes, contentType: "text/plain" });
    const messages = reader.connection.texts();
    assert.deepEqual(
      messages.map(({ op }) => op),
      ["restart", "stream", "samples"],
    );
    assert.equal(samplesIn(messages)[0]?.["value"], bytes);
  });

  it("lets a ticket publish only what it names", () => {
    const { ticket } = writer.result({ op: "ticket", channels: ["**"], publish: ["knob/*"] });
    const guest = bench.enter(ticket as string);
    assert.equal(guest.code({ op: "publish", channel: "data", value: 1 }), "forbidden");
    assert.equal(guest.code({ op: "open", channel: "knob/a", kind: "json", sender: "me" }), "forbidden");
    assert.equal(guest.result({ op: "publish", channel: "knob/a", value: 1 })["seq"], 0);
    assert.equal(codeOf(guest.ask({ op: "publish", channel: "knob/a/b", value: 1 })[0]), "forbidden");
  });

  it("holds a program that opens ten thousand channels to its bound, and the others go on", () => {
    let code = "";
    let opened = 0;
    for (let i = 0; i < 10_000 && code === ""; i++) {
      const [answer] = writer.ask({ op: "open", channel: `many/c${String(i)}`, kind: "json" });
      if (answer?.["op"] === "error") code = codeOf(answer);
      else opened += 1;
    }
    assert.deepEqual([opened, code], [4096, "busy"]);
    assert.equal(reader.code({ op: "publish", channel: "data", value: 1 }), "busy");
    writer.session.ended();
    assert.equal(reader.result({ op: "publish", channel: "data", value: 1 })["seq"], 0);
    for (let i = 0; i < 10_000; i++) reader.result({ op: "publish", channel: `once/c${String(i)}`, value: 1 });
    assert.equal(bench.hub.openChannelCount, 4096);
  }).timeout(300_000);

  it("refuses by record what has no handle, lists sequences, is a batch of structs or too large", () => {
    const { handle } = writer.result({ op: "open", channel: "data", kind: "json" });
    const refusal = (record: Uint8Array): unknown => {
      writer.session.binary(record);
      const [refused] = writer.connection.texts();
      return (refused?.["error"] as { code: string } | undefined)?.code;
    };
    const stream = handle as number;
    const samples = [Buffer.from("1"), Buffer.from("2")];
    assert.equal(refusal(batchRecord({ stream: 99, first: 0, samples, variable: true })), "invalid_argument");
    assert.equal(refusal(batchRecord({ stream, first: 0, samples, variable: true, sequences: [0, 2] })), "bad_record");
    assert.equal(refusal(batchRecord({ stream, first: 0, samples: doubles(1) })), "bad_record");
    const large = [new Uint8Array(1_048_577)];
    assert.equal(refusal(batchRecord({ stream, first: 0, samples: large, variable: true })), "message_too_large");
    const short = new Uint8Array(16);
    short.set([16, 0, 0, 0, 1]);
    assert.equal(refusal(short), "bad_record");
    assert.equal(refusal(writePublication(stream, 0, [json([[1]])])), undefined);
    writer.result({ op: "close", handle });
    assert.equal(refusal(writePublication(stream, 1, [json(1)])), "invalid_argument");
    assert.deepEqual(writer.session.state.published, { published: 1, refused: 6, open: 0 });
    assert.equal(writer.connection.closed, undefined);
  });

  it("answers what a request publishes wrongly", () => {
    const code = (body: Record<string, unknown>): string => writer.code({ op: "publish", channel: "data", ...body });
    assert.equal(code({}), "invalid_argument");
    assert.equal(code({ value: 1, bytes: "", contentType: "a/b" }), "invalid_argument");
    assert.equal(code({ value: 1, contentType: "a/b" }), "invalid_argument");
    assert.equal(code({ bytes: "AAAA" }), "invalid_argument");
    assert.equal(code({ bytes: "AAA", contentType: "a/b" }), "bad_value");
    assert.equal(code({ bytes: "A!AA", contentType: "a/b" }), "bad_value");
    assert.equal(code({ value: 1, time: -1 }), "bad_message");
    assert.equal(code({ value: "x".repeat(1_048_576) }), "message_too_large");
    const deep = `{"op":"publish","id":9999,"channel":"data","value":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
    writer.session.text(deep);
    assert.equal(codeOf(writer.connection.texts()[0]), "bad_value");
    assert.equal(writer.code({ op: "close", handle: 7 }), "invalid_argument");
    assert.equal(writer.code({ op: "open", channel: "data", kind: "bytes" }), "invalid_argument");
    assert.equal(writer.code({ op: "open", channel: "data", kind: "json", contentType: "a/b" }), "invalid_argument");
    assert.equal(bench.hub.openChannelCount, 0);
  });
});

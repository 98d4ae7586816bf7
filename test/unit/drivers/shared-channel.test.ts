// SPDX-License-Identifier: MIT
// A driver publishes on a channel that others share.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { RETRY_MS } from "../../../bridge/drivers/shared-channel.ts";
import { Readership } from "../../../bridge/hub/readership.ts";
import { WHOLE } from "../../../bridge/hub/form.ts";
import { BridgeError } from "../../../bridge/model/errors.ts";
import * as says from "../../support/driver-records.ts";
import { batchesOf, NotingReader } from "../../support/hub.ts";
import { LinkBench } from "../../support/link-bench.ts";
import { batchRecord, gapRecord, utf8 } from "../../support/records.ts";

/** A driver with the shared channel `action`, and a reader of it. */
function setUp(kind: "json" | "bytes" = "json"): { bench: LinkBench; reader: NotingReader } {
  const bench = new LinkBench();
  const reader = new NotingReader();
  const readership = new Readership(bench.hub, reader, () => true);
  readership.subscribe({ channels: ["**"], form: WHOLE, last: false, wait: true, echo: false }).start();
  bench.hear(says.hello({ name: "recognizer", offset: 1_000_000n }), advertised(kind));
  return { bench, reader };
}

function advertised(kind: "json" | "bytes" = "json", stream = 1): Uint8Array {
  const type = kind === "bytes" ? "image/png" : "";
  return says.advertise({ stream, kind: kind === "bytes" ? 3 : 2, size: 0, name: "/action", type, next: 40 });
}

function batch(first: number, ...texts: readonly string[]): Uint8Array {
  return batchRecord({ stream: 1, epoch: 7n, first, samples: texts.map(utf8), variable: true });
}

function journal({ hub }: LinkBench): string[] {
  return hub.journal.lines.map(({ text }) => text);
}

describe("a driver on a shared channel", () => {
  it("publishes like any program: the bridge numbers, names the sender, gives the time", () => {
    const { bench, reader } = setUp();
    bench.hear(batch(40, "1", "2"));
    bench.clock.advance(10);
    assert.deepEqual(reader.take(), ["started action at 0", "action 0,1"]);
    const channel = bench.hub.directory.channels.get("action");
    assert.deepEqual([channel?.driver, channel?.publishers, channel?.kind], [null, 1, "json"]);
    const [record] = batchesOf(reader.chunks[0]?.chunk ?? assert.fail());
    const view = new DataView(record?.buffer ?? assert.fail(), record?.byteOffset);
    assert.deepEqual(bench.hub.senders.get(view.getUint32(12, true)), {
      id: 1,
      name: "driver recognizer",
      client: "recognizer",
    });
    assert.equal(view.getBigInt64(40, true) % 1_000_000_000n, 1_000_000n);
    bench.hear(says.withdraw(1));
    assert.equal(channel?.publishers, 0);
  });

  it("loses numbers of the channel where it lost samples", () => {
    const { bench, reader } = setUp();
    bench.hear(batch(40, "1"), gapRecord(1, 7n, 41, 43, 1), batch(46, "2"), gapRecord(1, 7n, 47, 47, 2));
    bench.clock.advance(10);
    assert.deepEqual(reader.take(), [
      "started action at 0",
      "action 0",
      "action lost 1-3 (3, ring_full)",
      "action lost 4-5 (2, unknown)",
      "action 6",
      "action lost 7-7 (1, link_full)",
    ]);
  });

  it("loses what is no JSON, and its neighbours come through", () => {
    const { bench, reader } = setUp();
    bench.hear(batch(40, "1", "{", "3"), batch(43, "4"));
    bench.hear(batch(44, `${"[".repeat(65)}${"]".repeat(65)}`));
    bench.hear(batch(45, "6"));
    bench.clock.advance(10);
    assert.deepEqual(reader.take(), [
      "started action at 0",
      "action 0",
      "action lost 1-1 (1, unknown)",
      "action 2,3",
      "action lost 4-4 (1, unknown)",
      "action 5",
    ]);
    assert.deepEqual(journal(bench), [
      'samples of "action" are lost: what is published is not JSON',
      'samples of "action" are lost: JSON is nested deeper than 64',
    ]);
  });

  it("shares the channel with others, who keep it when it goes", () => {
    const { bench, reader } = setUp();
    const sender = bench.hub.senders.add("s1", "test");
    bench.hub.open("action", { kind: "json", contentType: null }, sender);
    assert.throws(() => bench.hub.open("action", { kind: "bytes", contentType: "x" }, sender), { code: "name_in_use" });
    bench.link.close(new BridgeError("closed"), "down");
    assert.equal(bench.hub.directory.channels.get("action")?.publishers, 1);
    assert.deepEqual(reader.take(), ["started action at 0"]);
  });

  it("is told in the log why a channel cannot be opened, and gets it as soon as it can", () => {
    const bench = new LinkBench();
    const sender = bench.hub.senders.add("s1", "test");
    const other = bench.hub.open("action", { kind: "bytes", contentType: "x" }, sender);
    bench.hear(says.hello({ name: "recognizer" }), advertised());
    bench.hear(batch(40, "1"));
    bench.hear(batch(41, "1"));
    assert.deepEqual(journal(bench), [
      'what is published on "/action" is lost: somebody publishes in "action" already, bytes of "x"',
    ]);
    other.close();
    bench.clock.advance(RETRY_MS);
    bench.hear(batch(42, "2"));
    const channel = bench.hub.directory.channels.get("action");
    assert.deepEqual([channel?.kind, channel?.next], ["json", 1]);
  });

  it("loses its connection when it breaks the rules", () => {
    const listed = batchRecord({
      ...{ stream: 1, epoch: 7n, first: 40, samples: [utf8("1"), utf8("2")], variable: true },
      sequences: [40, 42],
    });
    const wrong: readonly Uint8Array[][] = [
      [says.advertise({ stream: 2, name: "/other" })],
      [advertised("json", 1)],
      [batch(39, "1")],
      [batch(40, "1"), batch(40, "1")],
      [batchRecord({ stream: 1, epoch: 8n, first: 40, samples: [utf8("1")], variable: true })],
      [gapRecord(1, 7n, 39, 40, 1)],
      [listed],
    ];
    for (const records of wrong) {
      const { bench } = setUp();
      assert.throws(
        () => {
          bench.hear(...records);
        },
        { code: "bad_record" },
      );
    }
    const { bench } = setUp();
    assert.throws(
      () => {
        bench.hear(says.advertise({ stream: 2, kind: 2, size: 0, name: "//other", type: "" }));
      },
      { code: "name_invalid" },
    );
  });
});

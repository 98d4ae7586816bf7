// SPDX-License-Identifier: MIT
// Drivers that subscribe get what is published, or are told what they lost.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MAX_SUBSCRIPTIONS } from "../../../bridge/drivers/protocol.ts";
import { writePublication } from "../../../bridge/layout/publication.ts";
import type { Publisher } from "../../../bridge/hub/publisher.ts";
import { BridgeError } from "../../../bridge/model/errors.ts";
import * as says from "../../support/driver-records.ts";
import { LinkBench } from "../../support/link-bench.ts";
import { batchRecord, doubles, utf8 } from "../../support/records.ts";
import { schemaBlob, schemaSource } from "../../support/schemas.ts";

const greeting = says.hello({ name: "recognizer", schema: schemaBlob() });

/** What the driver was sent, as lines. */
function lines(bench: LinkBench): string[] {
  return bench.took().map((record) => {
    switch (record.is) {
      case "stream":
        return `stream ${String(record.stream)}: ${record.name} of kind ${String(record.kind)} ${record.type}`.trim();
      case "stream-end":
        return `end ${String(record.stream)} (${String(record.code)}) ${record.text}`.trim();
      case "batch": {
        const samples = record.samples.map(
          ({ sequence, bytes }) => `${String(sequence)} ${Buffer.from(bytes).toString().slice(0, 40)}`,
        );
        return `samples ${String(record.stream)} of ${String(record.sender)}: ${samples.join(", ")}`;
      }
      case "gap":
        return `gap ${String(record.stream)}: ${String(record.from)}-${String(record.to)} (${String(record.count)}) by ${String(record.reason)}`;
      default:
        return record.is;
    }
  });
}

function open(bench: LinkBench, name: string, kind: "json" | "bytes" = "json"): Publisher {
  const contentType = kind === "bytes" ? "image/png" : null;
  return bench.hub.open(name, { kind, contentType }, bench.hub.senders.add("s1", "test"));
}

function publish(bench: LinkBench, publisher: Publisher, ...texts: readonly string[]): void {
  publisher.publish(
    writePublication(
      0,
      0,
      texts.map((text) => ({ payload: utf8(text), timeNs: 5n })),
    ),
    bench.clock.now(),
  );
  bench.hub.settle();
  bench.clock.advance(10); // what a busy channel collects
}

function greeted(): LinkBench {
  const bench = new LinkBench();
  bench.hear(greeting);
  bench.took();
  return bench;
}

describe("a driver that subscribes", () => {
  it("gets what programs publish on a channel, with its sender and its end", () => {
    const bench = greeted();
    const sensor = open(bench, "compute");
    bench.hear(says.subscribe({ pattern: "compute" }));
    publish(bench, sensor, "1", '{"x":2}');
    const other = open(bench, "compute");
    publish(bench, other, "3");
    sensor.lose(2, "link_full");
    publish(bench, sensor, "4");
    assert.deepEqual(lines(bench), [
      "stream 1: compute of kind 2",
      'samples 1 of 1: 0 1, 1 {"x":2}',
      "samples 1 of 2: 2 3",
      "gap 1: 3-4 (2) by 2",
      "samples 1 of 1: 5 4",
    ]);
    assert.deepEqual(bench.link.state.reading, { subscriptions: 1, streams: 1, queuedBytes: 0, dropped: 0 });
    sensor.close();
    other.close();
    open(bench, "compute", "bytes"); // in another kind: it begins anew, and JSON readers cannot have it
    assert.deepEqual(lines(bench), [
      "end 1 (0) the channel began anew",
      "stream 2: compute of kind 3 image/png",
      'end 2 (9) "compute" is a channel of bytes; subscribe to it as published',
    ]);
  });

  it("waits for channels that are not there yet, and gets all that a pattern matches but its own", () => {
    const bench = greeted();
    bench.hear(
      says.subscribe({ pattern: "**", wanted: 2 }),
      says.advertise({ stream: 1, kind: 2, size: 0, name: "own", type: "" }),
      says.advertise({ stream: 2, kind: 2, size: 0, name: "/action", type: "" }),
    );
    assert.deepEqual(lines(bench), ["stream 1: action of kind 2"]);
    publish(bench, open(bench, "camera", "bytes"), "png");
    bench.hear(
      batchRecord({ stream: 1, epoch: 7n, first: 0, samples: [utf8("1")], variable: true }),
      batchRecord({ stream: 2, epoch: 7n, first: 0, samples: [utf8("2")], variable: true }),
    );
    publish(bench, open(bench, "action"), "3");
    assert.deepEqual(lines(bench), [
      "stream 2: camera of kind 3 image/png",
      "samples 2 of 2: 0 png",
      "samples 1 of 3: 1 3",
    ]);
  });

  it("gets structs of other drivers as JSON text, and their end", () => {
    const bench = greeted();
    const seat = bench.hub.driver("unix:/run/motor.sock", "motor");
    const schemas = bench.hub.schemas.acquire("h", schemaSource);
    seat.up({ name: "motor", epoch: 3n, pid: 1, schemas }, bench.link);
    const channel = seat.advertise("state", {
      ...{ kind: "struct" as const, schema: schemas.entry("state"), contentType: null, epoch: 3n, next: 8 },
    });
    bench.hear(says.subscribe({ pattern: "motor/*", flags: 2 }));
    const record = batchRecord({
      ...{ stream: channel.source.id, schema: channel.schema?.id ?? 0, epoch: 3n, first: 8, samples: doubles(0.5, 2) },
    });
    channel.publish(record, 0);
    bench.clock.advance(10);
    bench.hear(says.subscribe({ subscription: 2, pattern: "motor/state", flags: 2 }));
    seat.down("down", new BridgeError("disconnected"));
    assert.deepEqual(lines(bench), [
      "stream 1: motor/state of kind 1",
      'samples 1 of 0: 8 {"angle":0.5}, 9 {"angle":2}',
      "stream 2: motor/state of kind 1",
      'samples 2 of 0: 9 {"angle":2}',
      "end 1 (15) the channel's producer is gone",
      "end 2 (15) the channel's producer is gone",
    ]);
  });

  it("gets the end of every stream, then of the subscription, when it unsubscribes", () => {
    const bench = greeted();
    const sensor = open(bench, "compute");
    bench.hear(says.subscribe({ pattern: "compute" }), says.unsubscribe(1));
    publish(bench, sensor, "1");
    assert.deepEqual(lines(bench), ["stream 1: compute of kind 2", "end 1 (0)", "end 0 (0)"]);
    bench.hear(says.subscribe({ pattern: "compute" }));
    assert.deepEqual(lines(bench), ["stream 2: compute of kind 2"]);
    bench.link.close(new BridgeError("closed"), "down");
    publish(bench, sensor, "2");
    assert.deepEqual(lines(bench), []);
  });

  it("loses its connection when it breaks the rules", () => {
    const wrong: readonly [string, readonly Uint8Array[]][] = [
      ["bad_record", [says.subscribe({ subscription: 0, pattern: "a" })]],
      ["bad_record", [says.subscribe({ pattern: "a" }), says.subscribe({ pattern: "b" })]],
      ["bad_record", [says.subscribe({ pattern: "a", wanted: 3 })]],
      ["bad_record", [says.unsubscribe(1)]],
      ["name_invalid", [says.subscribe({ pattern: "/a" })]],
      ["name_invalid", [says.subscribe({ pattern: "" })]],
      [
        "bad_record",
        Array.from({ length: MAX_SUBSCRIPTIONS + 1 }, (_, i) => says.subscribe({ subscription: i + 1, pattern: "a" })),
      ],
    ];
    for (const [code, records] of wrong) {
      const bench = greeted();
      assert.throws(
        () => {
          bench.hear(...records);
        },
        { code },
      );
    }
  });
});

describe("a driver that subscribes and does not read", () => {
  const text = `"${"x".repeat(100_000)}"`;

  it("keeps the newest samples and is told which were dropped", () => {
    const bench = greeted();
    const sensor = open(bench, "compute");
    bench.hear(says.subscribe({ pattern: "compute" }));
    publish(bench, sensor, "0");
    bench.unreadBytes = 1_000_000;
    for (let i = 1; i <= 30; i++) publish(bench, sensor, text);
    const { queuedBytes, dropped } = bench.link.state.reading;
    assert.ok(queuedBytes > 1_900_000 && queuedBytes <= 2_097_152);
    assert.equal(dropped, 10);
    assert.deepEqual(lines(bench).length, 2);
    bench.unreadBytes = 0;
    bench.link.drained();
    const [gap, first, ...others] = lines(bench);
    assert.equal(gap, "gap 1: 1-10 (10) by 3");
    assert.match(first ?? "", /^samples 1 of 1: 11 /);
    assert.equal(others.length, 19);
    publish(bench, sensor, "31");
    assert.deepEqual(lines(bench), ["samples 1 of 1: 31 31"]);
  });

  it("gets the newest alone, and no loss, when it wants the latest", () => {
    const bench = greeted();
    const sensor = open(bench, "compute");
    bench.hear(says.subscribe({ pattern: "compute", flags: 1 }));
    bench.unreadBytes = 1_000_000;
    for (let i = 0; i < 100; i++) publish(bench, sensor, text);
    publish(bench, sensor, '"last"');
    bench.clock.advance(100);
    bench.unreadBytes = 0;
    bench.link.drained();
    assert.deepEqual(lines(bench), ["stream 1: compute of kind 2", 'samples 1 of 1: 100 "last"']);
    assert.deepEqual(bench.link.state.reading, { subscriptions: 1, streams: 1, queuedBytes: 0, dropped: 0 });
  });

  it("is told a loss with nothing behind it", () => {
    const bench = greeted();
    const [small, large] = [open(bench, "small"), open(bench, "large")];
    bench.hear(says.subscribe({ pattern: "*" }));
    lines(bench);
    bench.unreadBytes = 1_000_000;
    publish(bench, small, "1", "2");
    for (let i = 0; i < 21; i++) publish(bench, large, text);
    bench.unreadBytes = 0;
    bench.link.drained();
    assert.equal(lines(bench).at(-1), "gap 1: 0-1 (2) by 3");
  });

  it("loses its connection when even what may not be dropped is too much", () => {
    const bench = greeted();
    bench.hear(says.subscribe({ pattern: "**", wanted: 2 }));
    bench.unreadBytes = 1_000_000;
    for (let i = 0; i < 30_000; i++) {
      open(bench, "a", i % 2 === 0 ? "json" : "bytes").close();
      if (bench.faults.length > 0) break;
    }
    assert.deepEqual(bench.faultCodes.slice(0, 1), ["busy"]);
  });
});

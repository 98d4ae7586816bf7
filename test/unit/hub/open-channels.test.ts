// SPDX-License-Identifier: MIT
// Open channels in the hub: numbered by the bridge, bounded, and given up to a driver that has the right to the name.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { WHOLE, type Form } from "../../../bridge/hub/form.ts";
import { MAX_OPEN_CHANNELS } from "../../../bridge/hub/open-channels.ts";
import type { Publisher } from "../../../bridge/hub/publisher.ts";
import { Readership } from "../../../bridge/hub/readership.ts";
import { MAX_FORMER_SENDERS, type Sender } from "../../../bridge/hub/senders.ts";
import { writePublication } from "../../../bridge/layout/publication.ts";
import { throwsCode } from "../../support/codecs.ts";
import { Bench, EPOCH, NotingReader } from "../../support/hub.ts";
import { batchRecord, utf8 } from "../../support/records.ts";

const JSON_SPEC = { kind: "json", contentType: null } as const;
const BYTES_SPEC = { kind: "bytes", contentType: "image/png" } as const;

describe("open channels", () => {
  let bench: Bench;
  let sender: Sender;

  beforeEach(() => {
    bench = new Bench();
    bench.connect(EPOCH);
    sender = bench.hub.senders.add("s1", "test");
  });

  afterEach(() => {
    bench.hub.stop();
  });

  function publish(publisher: Publisher, ...values: unknown[]): void {
    const samples = values.map((value) => ({ payload: utf8(JSON.stringify(value)), timeNs: 1n }));
    publisher.publish(writePublication(1, 0, samples), bench.clock.now());
    bench.hub.settle();
  }

  function read(form: Partial<Form> = {}, last = false): NotingReader {
    const reader = new NotingReader();
    const readership = new Readership(bench.hub, reader, () => true);
    readership.subscribe({ channels: ["**"], form: { ...WHOLE, ...form }, last, wait: true, echo: false }).start();
    return reader;
  }

  it("count every sample in the order in which it came, whoever sent it", () => {
    const other = bench.hub.senders.add("s2", "test");
    const [a, b] = [bench.hub.open("data", JSON_SPEC, sender), bench.hub.open("data", JSON_SPEC, other)];
    const reader = read();
    publish(a, 1, 2);
    publish(b, 3);
    publish(a, 4);
    publish(a, 5);
    bench.clock.advance(8);
    assert.deepEqual(reader.take(), ["started data at 0", "data 0,1", "data 2+3,4"]);
    const runs = reader.chunks.at(-1)?.chunk.runs;
    assert.deepEqual(
      runs?.map((run) => run && [run.sender, run.first, run.last, run.count]).filter((run) => run !== null),
      [
        [other.id, 2, 2, 1],
        [sender.id, 3, 4, 2],
      ],
    );
  });

  it("rewrite sequences that a record lists", () => {
    const publisher = bench.hub.open("data", JSON_SPEC, sender);
    const reader = read();
    const samples = [utf8("1"), utf8("2")];
    publisher.publish(batchRecord({ stream: 1, first: 7, samples, sequences: [7, 9], variable: true }), 0);
    bench.hub.settle();
    assert.deepEqual(reader.take(), ["started data at 0", "data 0,1"]);
  });

  it("take up numbers for what never came, and say so", () => {
    const publisher = bench.hub.open("data", JSON_SPEC, sender);
    const reader = read();
    publisher.lose(3, "link_full");
    publish(publisher, 1);
    bench.clock.advance(8);
    assert.deepEqual(reader.take(), ["started data at 0", "data lost 0-2 (3, link_full)", "data 3"]);
  });

  it("stay with their newest sample when their publishers have gone", () => {
    const publisher = bench.hub.open("data", JSON_SPEC, sender);
    publish(publisher, 1, 2);
    publisher.close();
    publisher.close();
    assert.equal(bench.hub.directory.channels.get("data")?.publishers, 0);
    bench.clock.advance(5000);
    assert.deepEqual(read({}, true).take(), ["started data at 2", "data 1"]);
  });

  it("begin anew in another kind once nobody has them open", () => {
    const publisher = bench.hub.open("data", JSON_SPEC, sender);
    throwsCode("name_in_use", () => bench.hub.open("data", BYTES_SPEC, sender));
    const reader = read();
    publish(publisher, 1);
    const before = bench.hub.directory.channels.get("data")?.epoch ?? 0n;
    publisher.close();
    const bytes = bench.hub.open("data", BYTES_SPEC, sender);
    assert.ok((bench.hub.directory.channels.get("data")?.epoch ?? 0n) > before);
    assert.deepEqual(reader.take(), ["started data at 0", "data 0", `started data at 0 after ${String(before)}`]);
    throwsCode("closed", () => publisher.publish(writePublication(1, 0, [{ payload: utf8("1") }]), 0));
    bytes.publish(writePublication(1, 0, [{ payload: utf8("x") }]), 0);
    bench.hub.settle();
    bench.clock.advance(8);
    assert.deepEqual(reader.take(), ["data 0"]);
  });

  it("are refused where a driver is, also while it is away", () => {
    bench.struct("state");
    for (const name of ["motor", "motor/state", "motor/other"]) {
      throwsCode("forbidden", () => bench.hub.open(name, JSON_SPEC, sender));
    }
    bench.disconnect();
    throwsCode("forbidden", () => bench.hub.open("motor/state", JSON_SPEC, sender));
  });

  it("are given up to a driver that comes later", () => {
    bench.driver.remove();
    const publisher = bench.hub.open("motor/state", JSON_SPEC, sender);
    const reader = read();
    publish(publisher, 1);
    const driver = bench.hub.driver("unix:/run/motor.sock", "motor");
    driver.up({ name: "motor", epoch: EPOCH, pid: 1, schemas: bench.schemas }, bench.port);
    const before = bench.hub.directory.channels.get("motor/state")?.epoch;
    driver.advertise("state", {
      ...{ kind: "struct", schema: bench.schemas.entry("state"), contentType: null, epoch: EPOCH, next: 0 },
    });
    assert.deepEqual(reader.take(), [
      "started motor/state at 0",
      "motor/state 0",
      "ended motor/state withdrawn",
      `started motor/state at 0 after ${String(before)}`,
    ]);
    throwsCode("closed", () => {
      publish(publisher, 2);
    });
    publisher.close();
    assert.equal(bench.hub.directory.channels.get("motor/state")?.driver, "motor");
    assert.equal(bench.hub.openChannelCount, 0);
  });

  it("are at most so many: the one that is idle for the longest time makes room, one in use does not", () => {
    const used = bench.hub.open("used", JSON_SPEC, sender);
    for (let i = 1; i < MAX_OPEN_CHANNELS; i++) bench.hub.open(`idle/c${String(i)}`, JSON_SPEC, sender).close();
    assert.equal(bench.hub.openChannelCount, MAX_OPEN_CHANNELS);
    bench.hub.once("idle/c1", JSON_SPEC, sender);
    bench.hub.open("more", JSON_SPEC, sender);
    assert.equal(bench.hub.openChannelCount, MAX_OPEN_CHANNELS);
    assert.equal(bench.hub.directory.channels.has("idle/c2"), false);
    assert.equal(bench.hub.directory.channels.has("idle/c1"), true);
    publish(used, 1);
    read();
    throwsCode("busy", () => bench.hub.open("one-too-many", JSON_SPEC, sender));
  });

  it("give with `latest` the newest sample, and for its sender the newest of another", () => {
    const other = bench.hub.senders.add("s2", "test");
    const [a, b] = [bench.hub.open("data", JSON_SPEC, sender), bench.hub.open("data", JSON_SPEC, other)];
    const reader = read({ delivery: "latest" });
    publish(a, 0);
    for (const publisher of [a, b, b, a, a]) publish(publisher, 1);
    bench.clock.advance(8);
    assert.deepEqual(reader.take(), ["started data at 0", "data 0", "data 5"]);
    assert.equal(reader.chunks.at(-1)?.chunk.instead?.first, 3);
  });

  it("keep the order of samples and their senders when they are thinned by rate", () => {
    const other = bench.hub.senders.add("s2", "test");
    const [a, b] = [bench.hub.open("data", JSON_SPEC, sender), bench.hub.open("data", JSON_SPEC, other)];
    const reader = read({ maxHz: 1000 });
    [a, b, b, a].forEach((publisher, i) => {
      publisher.publish(writePublication(1, 0, [{ payload: utf8("1"), timeNs: BigInt(i) * 600_000n }]), 0);
    });
    bench.hub.settle();
    assert.deepEqual(reader.take(), ["started data at 0", "data 0+2"]);
    assert.deepEqual(
      reader.chunks[0]?.chunk.runs?.flatMap((run) => run?.sender ?? []),
      [sender.id, other.id],
    );
  });
});

describe("senders", () => {
  it("keep their names for a while when they have gone", () => {
    const bench = new Bench();
    const { senders } = bench.hub;
    const first = senders.add("s1", "test");
    senders.leave(first);
    senders.leave(first);
    assert.equal(senders.get(first.id)?.name, "s1");
    for (let i = 0; i < MAX_FORMER_SENDERS; i++) senders.leave(senders.add("other", "test"));
    assert.equal(senders.get(first.id), undefined);
  });
});

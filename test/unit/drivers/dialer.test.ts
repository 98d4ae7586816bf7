// SPDX-License-Identifier: MIT
// A link to a driver over a real socket, with one that keeps the protocol and with ones that do not.
import assert from "node:assert/strict";
import { join as joinPath } from "node:path";
import { afterEach, describe, it } from "mocha";
import { systemClock } from "../../../bridge/daemon/clock.ts";
import { parseAddress } from "../../../bridge/drivers/address.ts";
import { Dialer } from "../../../bridge/drivers/dialer.ts";
import { WHOLE } from "../../../bridge/hub/form.ts";
import { Hub } from "../../../bridge/hub/hub.ts";
import { Readership } from "../../../bridge/hub/readership.ts";
import { javascriptCodec } from "../../../bridge/layout/javascript.ts";
import { readBatchHeader } from "../../../bridge/layout/record.ts";
import type { BridgeError } from "../../../bridge/model/errors.ts";
import { loadAddon } from "../../../bridge/layout/native/load.ts";
import { batchTools } from "../../../bridge/session/batch-tools.ts";
import { Turns } from "../../../bridge/sockets/turns.ts";
import * as says from "../../support/driver-records.ts";
import { temporaryFolders } from "../../support/folder.ts";
import { ForeignDriver, type ForeignLink } from "../../support/foreign-driver.ts";
import { batchesOf, driverService, NotingReader } from "../../support/hub.ts";
import { batchRecord, doubles, gapRecord, join, utf8 } from "../../support/records.ts";
import { schemaBlob } from "../../support/schemas.ts";
import { until } from "../../support/until.ts";

const EPOCH = 1_763_600_000_000_000_000n;

class Rig {
  readonly path: string;
  readonly codec = javascriptCodec();
  readonly hub: Hub = new Hub({ clock: systemClock(), tools: batchTools(this.codec), flushMs: 1 });
  readonly dialer: Dialer;
  readonly reader: NotingReader = new NotingReader();
  #driver: ForeignDriver | undefined;

  constructor(folder: string) {
    this.path = joinPath(folder, "foreign.sock");
    this.dialer = new Dialer(parseAddress(`unix:${this.path}`), {
      hub: this.hub,
      codec: this.codec,
      bridgeName: "test",
      turns: new Turns(loadAddon().send),
      log: () => undefined,
    });
  }

  /** A driver that says these records, to each connection its own list and to all further ones the last. */
  async driver(...lists: readonly (readonly Uint8Array[])[]): Promise<ForeignDriver> {
    let connections = 0;
    this.#driver = await ForeignDriver.listen(this.path, (link) => {
      link.say(...(lists[connections++] ?? lists.at(-1) ?? []));
    });
    return this.#driver;
  }

  /** Dials and gives the driver's end of the first connection. */
  async connected(...lists: readonly (readonly Uint8Array[])[]): Promise<ForeignLink> {
    const driver = await this.driver(...lists);
    const arrival = driver.arrival();
    this.dialer.dial();
    return arrival;
  }

  read(): void {
    const readership = new Readership(this.hub, this.reader, () => true);
    readership.subscribe({ channels: ["**"], form: WHOLE, last: false, wait: true, echo: false }).start();
  }

  get error(): string | undefined {
    return this.dialer.state.error?.code;
  }

  async close(): Promise<void> {
    await this.dialer.stop();
    await this.#driver?.die();
    this.hub.stop();
  }
}

const structs = (first: number, ...values: number[]): Uint8Array =>
  batchRecord({ stream: 1, epoch: EPOCH, first, samples: doubles(...values), time: 5_000_000n });

const greeting = says.hello({ epoch: EPOCH, schema: schemaBlob() });

describe("a link to a driver", () => {
  const newFolder = temporaryFolders();
  const rigs: Rig[] = [];
  const newRig = (): Rig => {
    const rig = new Rig(newFolder());
    rigs.push(rig);
    return rig;
  };
  afterEach(async () => {
    for (const rig of rigs.splice(0)) await rig.close();
  });

  it("begins with ATTACH, lists what the driver has, and hands on samples with the bridge's ids and UTC", async () => {
    const rig = newRig();
    rig.read();
    const hello = says.hello({ epoch: EPOCH, schema: schemaBlob(), offset: 1_000_000n });
    const link = await rig.connected([hello, says.advertise({ stream: 1 }), structs(0, 1.5, 2.5)]);
    const attach = await link.next("attach");
    assert.deepEqual(attach, { is: "attach", magic: 0x57525453, name: "test" });
    await until(() => rig.reader.chunks.length > 0);
    assert.deepEqual(rig.reader.take(), ["started foreign/state at 0", "foreign/state 0,1"]);
    const [batch] = batchesOf(rig.reader.chunks[0]!.chunk);
    const channel = rig.hub.directory.channels.get("foreign/state");
    const view = new DataView(batch!.buffer, batch!.byteOffset);
    assert.equal(view.getUint32(8, true), channel?.source.id);
    assert.equal(view.getUint32(12, true), channel?.schema?.id);
    assert.equal(view.getBigInt64(40, true), 6_000_000n);
    assert.deepEqual([rig.dialer.state.driver, rig.dialer.state.state], ["foreign", "up"]);
  });

  it("takes the same bytes one at a time", async () => {
    const rig = newRig();
    rig.read();
    const link = await rig.connected();
    link.socket.setNoDelay(true);
    const bytes = join(
      greeting.slice(0, 64),
      greeting.slice(64),
      says.advertise(),
      structs(0, 1),
      gapRecord(1, EPOCH, 1, 3, 1),
      structs(4, 5),
    );
    for (const byte of bytes) await new Promise((resolve) => link.socket.write(Uint8Array.of(byte), resolve));
    await until(() => rig.reader.chunks.length === 2);
    assert.deepEqual(rig.reader.take().slice(1), [
      "foreign/state 0",
      "foreign/state lost 1-3 (3, ring_full)",
      "foreign/state 4",
    ]);
  });

  it("carries sets and calls there and their answers back", async () => {
    const rig = newRig();
    const [current] = [join(...doubles(2, 1, 0))];
    const link = await rig.connected([
      greeting,
      says.advertise({ stream: 1 }),
      says.parameter(3, "gains", "gains", current, 1),
      says.service(4, "count", ["request", 16], ["reply", 8]),
    ]);
    await until(() => rig.hub.directory.services.has("foreign/count"));
    const gains = rig.hub.parameter("foreign/gains");
    assert.deepEqual(gains.value, current);
    const mask = new Uint8Array(24).fill(255, 0, 8);
    const setting = rig.hub.set(gains, join(...doubles(4, 0, 0)), mask, 60_000);
    const set = await link.next("set");
    assert.deepEqual([set.parameter, set.mask], [3, mask]);
    const holds = join(...doubles(4, 1, 0));
    link.say(says.value({ set: set.id, parameter: 3, stream: 1, next: 17, time: 9n, value: holds }));
    const applied = { value: holds, channel: "foreign/state", epoch: EPOCH, next: 17, time: 9n };
    assert.deepEqual(await setting, applied);
    assert.deepEqual(rig.hub.parameter("foreign/gains").value, holds);

    const refused = rig.hub.set(gains, holds, mask, 60_000);
    link.say(says.refuse((await link.next("set")).id, 8, "kp must be at most 10"));
    await assert.rejects(refused, { code: "out_of_range", message: "kp must be at most 10" });

    const count = driverService(rig.hub, "foreign/count");
    const first = rig.hub.call(count, new Uint8Array(16), 60_000);
    const second = rig.hub.call(count, new Uint8Array(16), 60_000);
    const ids = [(await link.next("call")).id, (await link.next("call")).id];
    link.say(says.reply(ids[1]!, doubles(2)[0]!), says.reply(ids[0]!, doubles(1)[0]!));
    assert.deepEqual(await Promise.all([first.answer, second.answer]), [doubles(1)[0], doubles(2)[0]]);
  });

  it("tells the driver of a cancelled call, and ignores its late answer", async () => {
    const rig = newRig();
    const link = await rig.connected([greeting, says.service(4, "reset", ["", 0], ["", 0])]);
    await until(() => rig.hub.directory.services.has("foreign/reset"));
    const reset = driverService(rig.hub, "foreign/reset");
    const call = rig.hub.call(reset, new Uint8Array(0), 60_000);
    const { id } = await link.next("call");
    call.cancel();
    await assert.rejects(call.answer, { code: "cancelled" });
    assert.equal((await link.next("cancel")).id, id);
    link.say(says.reply(id, new Uint8Array(0)), says.log(2, "still here"));
    await until(() => rig.hub.journal.lines.some(({ text }) => text === "still here"));
    assert.equal(rig.dialer.state.state, "up");
  });

  it("lets no more requests wait than the driver takes", async () => {
    const rig = newRig();
    await rig.connected([greeting, says.service(4, "reset", ["", 0], ["", 0])]);
    await until(() => rig.hub.directory.services.has("foreign/reset"));
    const reset = driverService(rig.hub, "foreign/reset");
    const calls = Array.from({ length: 257 }, () => rig.hub.call(reset, new Uint8Array(0), 60_000).answer);
    const outcomes = Promise.allSettled(calls);
    await assert.rejects(calls[256]!, { code: "busy" });
    await rig.dialer.stop();
    const codes = (await outcomes).map(
      (outcome) => outcome.status === "rejected" && (outcome.reason as BridgeError).code,
    );
    assert.deepEqual(new Set(codes.slice(0, 256)), new Set(["disconnected"]));
  });

  it("keeps what the driver logs and counts", async () => {
    const rig = newRig();
    await rig.connected([greeting, says.advertise(), says.counters(1, 100, 7, 5), says.log(4, "too hot", 2_000_000n)]);
    await until(() => rig.hub.journal.lines.length > 0);
    assert.deepEqual(rig.hub.journal.lines[0], { driver: "foreign", level: "error", time: 2, text: "too hot" });
    const channel = rig.hub.directory.channels.get("foreign/state");
    assert.deepEqual(channel?.counters, { published: 100, ringDropped: 7, linkDropped: 5 });
  });

  it("withdraws a channel in its place", async () => {
    const rig = newRig();
    rig.read();
    await rig.connected([
      greeting,
      says.advertise(),
      structs(0, 1),
      says.withdraw(1),
      says.advertise({ stream: 2, next: 1 }),
    ]);
    await until(() => rig.reader.notes.length === 4);
    assert.deepEqual(rig.reader.take(), [
      "started foreign/state at 0",
      "foreign/state 0",
      "ended foreign/state withdrawn",
      "started foreign/state at 1",
    ]);
  });

  const unlike = new Uint8Array(1024).map((_, i) => (i * 37 + 11) & 255);
  const big = says.hello({ schema: new Uint8Array(4_194_304) });
  const faults: [string, string, readonly Uint8Array[]][] = [
    ["garbage", "bad_record", [unlike]],
    ["a record of length 0", "bad_record", [new Uint8Array(64)]],
    ["a hello that is too large", "bad_record", [big]],
    ["a hello of another version", "version_mismatch", [says.hello({ major: 9 })]],
    ["the hello of something else", "version_mismatch", [says.hello({ magic: 7 })]],
    ["samples before its hello", "bad_record", [structs(0, 1)]],
    ["an advertisement before its hello", "bad_record", [says.advertise()]],
    ["a second hello", "bad_record", [greeting, greeting]],
    ["a schema that is none", "bad_schema", [says.hello({ schema: utf8(`{"v":1}`) })]],
    ["a schema that is no JSON", "bad_schema", [says.hello({ schema: utf8("structs!") })]],
    ["a name with a slash", "name_invalid", [says.hello({ name: "a/b" })]],
    ["an empty name", "name_invalid", [says.hello({ name: "" })]],
    ["a channel of an unknown type", "bad_schema", [greeting, says.advertise({ type: "nothing" })]],
    ["a layout that does not fit its size", "bad_schema", [greeting, says.advertise({ size: 12 })]],
    ["a channel of a wrong name", "name_invalid", [greeting, says.advertise({ name: "a b" })]],
    ["two channels of one name", "name_in_use", [greeting, says.advertise(), says.advertise({ stream: 2 })]],
    ["two channels of one number", "bad_record", [greeting, says.advertise(), says.advertise({ name: "b" })]],
    ["structs without a schema", "bad_schema", [says.hello(), says.advertise()]],
    ["JSON of a fixed size", "bad_record", [greeting, says.advertise({ kind: 2 })]],
    ["samples of an unknown channel", "bad_record", [greeting, structs(0, 1)]],
    [
      "samples of another size",
      "bad_record",
      [greeting, says.advertise({ type: "wide_state", size: 16 }), structs(0, 1)],
    ],
    [
      "samples of another epoch",
      "bad_record",
      [greeting, says.advertise(), batchRecord({ stream: 1, epoch: 1n, first: 0, samples: doubles(1) })],
    ],
    ["sequences that go back", "bad_record", [greeting, says.advertise({ next: 5 }), structs(4, 1)]],
    ["a parameter of another size", "bad_schema", [greeting, says.parameter(1, "gains", "gains", new Uint8Array(16))]],
    [
      "a parameter of an unknown channel",
      "bad_record",
      [greeting, says.parameter(1, "gains", "gains", new Uint8Array(24), 9)],
    ],
    [
      "a value of an unknown parameter",
      "bad_record",
      [greeting, says.value({ parameter: 1, value: new Uint8Array(8) })],
    ],
    ["an answer that nobody asked", "bad_record", [greeting, says.reply(1, new Uint8Array(0))]],
    ["a withdrawal of nothing", "bad_record", [greeting, says.withdraw(1)]],
    ["an unknown record", "bad_record", [greeting, says.control(60, 16, () => undefined)]],
  ];
  for (const [what, code, records] of faults) {
    it(`is refused with ${code} after ${what}; the driver is told why, and may try again`, async () => {
      const rig = newRig();
      const link = await rig.connected(records);
      const end = await link.next("end");
      assert.ok(end.code > 0 && end.text.length > 0);
      await until(() => rig.error === code);
      assert.equal(rig.dialer.state.state, "refused");
      assert.equal(rig.hub.directory.channels.size, 0);
      assert.match(rig.hub.journal.lines.at(-1)?.text ?? "", /^not connected: /);
      await until(() => rig.dialer.state.dials > 1);
    });
  }

  it("is down with the driver's own words after its orderly end", async () => {
    const rig = newRig();
    await rig.connected([greeting, says.end(0, "done for today")]);
    await until(() => rig.error === "closed");
    assert.equal(rig.dialer.state.state, "down");
    assert.match(rig.dialer.state.error?.message ?? "", /done for today/);
  });

  it("is refused with the driver's code when it does not take this bridge", async () => {
    const rig = newRig();
    await rig.connected([says.end(14, "eight bridges already")]);
    await until(() => rig.error === "busy");
    assert.equal(rig.dialer.state.state, "refused");
  });

  it("says an orderly end when the bridge stops", async () => {
    const rig = newRig();
    const link = await rig.connected([greeting, says.advertise()]);
    await until(() => rig.dialer.state.state === "up");
    const [end] = await Promise.all([link.next("end"), rig.dialer.stop()]);
    assert.equal(end.code, 0);
    assert.equal(rig.hub.directory.drivers.size, 0);
  });

  it("to a socket that nobody made says so, and goes on dialling until somebody does", async () => {
    const rig = newRig();
    rig.dialer.dial();
    await until(() => rig.error === "driver_unreachable");
    assert.equal(rig.dialer.state.state, "down");
    await rig.driver([greeting]);
    await until(() => rig.dialer.state.state === "up");
    assert.equal(rig.dialer.state.error, null);
  });

  it("that broke in the middle of a frame decodes nothing of it with the layout that comes after", async () => {
    const rig = newRig();
    rig.read();
    const half = structs(2, 9, 9, 9, 9).slice(0, 70);
    const life = EPOCH + 5n;
    const wide = [new Uint8Array(new Float64Array([3, 4]).buffer)];
    const second = [
      says.hello({ epoch: life, schema: schemaBlob() }),
      says.advertise({ type: "wide_state", size: 16, next: 2 }),
      batchRecord({ stream: 1, epoch: life, first: 2, samples: wide }),
    ];
    const link = await rig.connected([greeting, says.advertise(), structs(0, 1, 2), half], second);
    await until(() => rig.reader.chunks.length === 1);
    link.socket.destroy();
    await until(() => rig.reader.chunks.length === 2);
    assert.deepEqual(rig.reader.take(), [
      "started foreign/state at 0",
      "foreign/state 0,1",
      "ended foreign/state disconnected",
      `started foreign/state at 2 after ${String(EPOCH)}`,
      "foreign/state 2",
    ]);
    const [before, after] = rig.reader.chunks.map(({ chunk }) => readBatchHeader(batchesOf(chunk)[0]!));
    assert.equal(before?.stream, after?.stream);
    assert.notEqual(before?.schema, after?.schema);
    assert.deepEqual([before?.size, after?.size], [8, 16]);
  });
});

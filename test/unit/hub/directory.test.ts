// SPDX-License-Identifier: MIT
// Watchers of the directory are told of changes put together, and each name has one driver.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { DIRECTORY_MS, type Watch } from "../../../bridge/hub/directory.ts";
import { MAX_REMEMBERED_CHANNELS } from "../../../bridge/hub/hub.ts";
import { BridgeError } from "../../../bridge/model/errors.ts";
import { Bench, EPOCH, MemoryDriver } from "../../support/hub.ts";

function take(watch: Watch): string[] {
  return watch.take().map(({ listed, became }) => `${became} ${listed.is} ${listed.entry.name}`);
}

describe("the directory", () => {
  it("tells a watcher what changed, each entry once and at most every 250 ms", () => {
    const bench = new Bench();
    let notified = 0;
    const watch = bench.hub.directory.watch(() => (notified += 1));
    bench.connect();
    const state = bench.struct("state");
    bench.publish(state, 0, 10);
    bench.clock.advance(DIRECTORY_MS - 1);
    assert.equal(notified, 0);
    bench.clock.advance(1);
    assert.equal(notified, 1);
    assert.deepEqual(take(watch), ["changed driver motor", "added channel motor/state"]);
    assert.deepEqual(take(watch), []);
  });

  it("leaves out what came and went between two takes, and calls what went and came changed", () => {
    const bench = new Bench();
    bench.connect();
    const state = bench.struct("state");
    const watch = bench.hub.directory.watch(() => undefined);
    bench.driver.withdraw(bench.struct("flash"));
    bench.driver.withdraw(state);
    bench.struct("state");
    assert.deepEqual(take(watch), ["changed channel motor/state"]);
  });

  it("shows the rate of each channel after a beat", () => {
    const bench = new Bench();
    bench.connect();
    const state = bench.struct("state");
    const watch = bench.hub.directory.watch(() => undefined);
    bench.publish(state, 0, 500);
    bench.clock.advance(2000);
    bench.hub.beat();
    assert.equal(state.rate, 250);
    assert.deepEqual(take(watch), ["changed channel motor/state"]);
    bench.clock.advance(1000);
    bench.hub.beat();
    assert.equal(state.rate, 0);
    take(watch);
    bench.clock.advance(1000);
    bench.hub.beat();
    assert.deepEqual(take(watch), []);
  });

  it("loses what a driver had when it dies, and keeps the driver with the reason", () => {
    const bench = new Bench();
    bench.connect();
    bench.struct("state");
    bench.driver.declareParameter({
      id: 1,
      name: "gains",
      schema: bench.schemas.entry("gains"),
      channel: null,
      value: new Uint8Array(24),
    });
    bench.driver.declareService({ id: 1, name: "reset", request: null, reply: null });
    const watch = bench.hub.directory.watch(() => undefined);
    bench.disconnect();
    assert.deepEqual(take(watch).sort(), [
      "changed driver motor",
      "removed channel motor/state",
      "removed parameter motor/gains",
      "removed service motor/reset",
    ]);
    const { directory } = bench.hub;
    assert.deepEqual(
      [directory.channels.size, directory.parameters.size, directory.services.size, directory.drivers.size],
      [0, 0, 0, 1],
    );
    assert.equal(bench.driver.state, "down");
    assert.equal(bench.driver.error?.code, "disconnected");
  });

  it("does not remember endless names of a driver that invents them", () => {
    const bench = new Bench();
    bench.connect();
    for (let i = 0; i < MAX_REMEMBERED_CHANNELS + 10; i++) bench.driver.withdraw(bench.struct(`c${String(i)}`));
    assert.equal(bench.hub.mayAppear("motor/c0"), false);
    assert.equal(bench.hub.mayAppear(`motor/c${String(MAX_REMEMBERED_CHANNELS + 9)}`), true);
  });
});

describe("drivers of one name", () => {
  it("the second is refused while the first is connected, and may have the name afterwards", () => {
    const bench = new Bench();
    bench.connect();
    const second = bench.hub.driver("unix:/run/other.sock", "other");
    const up = (): void => {
      second.up({ name: "motor", epoch: EPOCH, pid: 13, schemas: null }, new MemoryDriver());
    };
    assert.throws(up, { code: "name_in_use" });
    second.down("refused", new BridgeError("name_in_use"));
    assert.equal(bench.driver.state, "up");
    bench.disconnect();
    up();
    assert.equal(second.name, "motor");
    assert.equal(second.state, "up");
  });

  it("has the names below its own, whoever exposed a service there before it came", () => {
    const bench = new Bench();
    const port = { unreadBytes: 0, invoke: () => undefined, adjust: () => undefined, abandon: () => undefined };
    const program = bench.hub.provider({ name: "s1", client: "" }, port);
    program.expose([{ name: "late/reset", params: null, doc: null }]);
    const late = bench.hub.driver("unix:/run/late.sock", "late");
    late.up({ name: "late", epoch: EPOCH, pid: 14, schemas: null }, new MemoryDriver());
    late.declareService({ id: 1, name: "reset", request: null, reply: null });
    assert.equal(bench.hub.service("late/reset").by, "driver");
    assert.equal(program.exposes("late/reset"), false);
    program.remove();
    assert.equal(bench.hub.service("late/reset").by, "driver");
  });

  it("cannot have two channels, parameters or services of one name", () => {
    const bench = new Bench();
    bench.connect();
    bench.struct("state");
    assert.throws(() => bench.struct("state"), { code: "name_in_use" });
    const service = { name: "reset", request: null, reply: null };
    bench.driver.declareService({ id: 1, ...service });
    assert.throws(
      () => {
        bench.driver.declareService({ id: 2, ...service });
      },
      { code: "name_in_use" },
    );
    assert.throws(() => bench.struct("bad name"), { code: "name_invalid" });
    assert.throws(() => bench.struct("x".repeat(255)), { code: "name_invalid" });
  });
});

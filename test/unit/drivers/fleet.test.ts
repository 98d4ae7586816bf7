// SPDX-License-Identifier: MIT
// The drivers of a bridge come and go with the sockets in their folder.
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, it } from "mocha";
import { systemClock } from "../../../bridge/daemon/clock.ts";
import { Fleet } from "../../../bridge/drivers/fleet.ts";
import { MAX_DRIVERS } from "../../../bridge/drivers/folder.ts";
import { Hub } from "../../../bridge/hub/hub.ts";
import { javascriptCodec } from "../../../bridge/layout/javascript.ts";
import { batchTools } from "../../../bridge/session/batch-tools.ts";
import { Turns } from "../../../bridge/sockets/turns.ts";
import * as says from "../../support/driver-records.ts";
import { temporaryFolders } from "../../support/folder.ts";
import { ForeignDriver } from "../../support/foreign-driver.ts";
import { until } from "../../support/until.ts";

class Rig {
  readonly folder: string;
  readonly hub: Hub;
  readonly fleet: Fleet;

  constructor(folder: string) {
    this.folder = folder;
    const codec = javascriptCodec();
    this.hub = new Hub({ clock: systemClock(), tools: batchTools(codec), flushMs: 8 });
    this.fleet = new Fleet({ hub: this.hub, codec, bridgeName: "test", turns: new Turns(), log: () => undefined });
  }

  path(name: string): string {
    return join(this.folder, `${name}.sock`);
  }

  driver(file: string, name: string, epoch = 7n): Promise<ForeignDriver> {
    return ForeignDriver.listen(this.path(file), (link) => {
      link.say(says.hello({ name, epoch }), says.advertise({ kind: 2, size: 0, type: "" }));
    });
  }

  /** Resolves when the directory shows these drivers. */
  shows(...expected: readonly string[]): Promise<void> {
    const now = (): string =>
      [...this.hub.directory.drivers.values()]
        .map(({ name, state }) => `${name} ${state}`)
        .sort()
        .join();
    const wanted = [...expected].sort().join();
    return until(() => now() === wanted);
  }
}

describe("a bridge's drivers", () => {
  const newFolder = temporaryFolders();
  const closing: (() => Promise<void>)[] = [];
  const newRig = (): Rig => {
    const rig = new Rig(newFolder());
    closing.push(async () => {
      await rig.fleet.stop();
      rig.hub.stop();
    });
    return rig;
  };
  const started = async (driver: Promise<ForeignDriver>): Promise<ForeignDriver> => {
    const listening = await driver;
    closing.push(() => listening.die());
    return listening;
  };
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  it("are found in the folder, those that are there and those that come", async () => {
    const rig = newRig();
    await started(rig.driver("a", "motor"));
    writeFileSync(join(rig.folder, "motor.lock"), "");
    await rig.fleet.watch(rig.folder);
    await rig.shows("motor up");
    await started(rig.driver("b", "host"));
    await rig.shows("host up", "motor up");
  });

  it("that go stay in the directory as down, and are connected again at once when they are back", async () => {
    const rig = newRig();
    const motor = await rig.driver("a", "motor");
    await rig.fleet.watch(rig.folder);
    await rig.shows("motor up");
    await motor.die();
    await rig.shows("motor down");
    await started(rig.driver("a", "motor", 8n));
    await rig.shows("motor up");
    assert.equal(rig.fleet.states[0]?.links, 2);
  });

  it("that nobody ever answered for are forgotten with their socket", async () => {
    const rig = newRig();
    writeFileSync(rig.path("dead"), "");
    await rig.fleet.watch(rig.folder);
    await rig.shows("dead down");
    await until(() => rig.fleet.states[0]?.error?.code === "driver_unreachable");
    rmSync(rig.path("dead"));
    await rig.shows();
  });

  it("of one name: the second is refused with name_in_use, and takes over when the first is gone", async () => {
    const rig = newRig();
    const first = await rig.driver("a", "motor", 1n);
    await rig.fleet.watch(rig.folder);
    await rig.shows("motor up");
    await started(rig.driver("b", "motor", 2n));
    await rig.shows("b refused", "motor up");
    const refused = rig.fleet.states.find(({ state }) => state === "refused");
    assert.equal(refused?.error?.code, "name_in_use");
    assert.equal(rig.hub.directory.channels.get("motor/state")?.epoch, 1n);
    await first.die();
    await rig.shows("motor down", "motor up");
    assert.equal(rig.hub.directory.channels.get("motor/state")?.epoch, 2n);
  });

  it("given by hand and found in the folder are one", async () => {
    const rig = newRig();
    await started(rig.driver("a", "motor"));
    rig.fleet.add(`unix:${rig.path("a")}`);
    rig.fleet.add(`unix://${rig.path("a")}`);
    await rig.fleet.watch(rig.folder);
    await rig.shows("motor up");
    assert.equal(rig.fleet.states.length, 1);
  });

  it("of a folder that is not there are none, and the bridge bears it", async () => {
    const rig = newRig();
    await rig.fleet.watch(join(rig.folder, "later"));
    assert.deepEqual(rig.fleet.states, []);
  });

  it("are dialled up to a bound, and names that no path can hold not at all", async () => {
    const rig = newRig();
    for (let i = 0; i <= MAX_DRIVERS; i++) writeFileSync(rig.path(`d${String(i)}`), "");
    writeFileSync(rig.path("x".repeat(200)), "");
    await rig.fleet.watch(rig.folder);
    assert.equal(rig.fleet.states.length, MAX_DRIVERS);
  });
});

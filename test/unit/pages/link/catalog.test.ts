// SPDX-License-Identifier: MIT
// What the page knows of the bridge's offer.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Catalog } from "../../../../bridge/pages/parts/link/catalog.ts";
import type { ChannelEntry, Directory, DriverEntry } from "../../../../bridge/session/messages.ts";

const driver = (name: string, state: DriverEntry["state"] = "up"): DriverEntry => ({
  driver: name,
  state,
  address: `unix:/${name}.sock`,
  epoch: "1",
  pid: 1,
});
const channel = (name: string, rate = 0): ChannelEntry => ({
  channel: name,
  kind: "struct",
  driver: name.split("/")[0] ?? null,
  publishers: 0,
  stream: 1,
  schema: 1,
  type: "t",
  contentType: null,
  rate,
  published: 0,
  fields: [],
});
const directory = (drivers: DriverEntry[], channels: ChannelEntry[]): Directory => ({
  drivers,
  channels,
  parameters: [],
  services: [],
  streams: [],
});

describe("catalog", () => {
  it("does not disturb the views with rates, and has them when asked", () => {
    const catalog = new Catalog();
    catalog.update(directory([driver("a")], [channel("a/x", 10)]));
    const before = catalog.directory.value;
    catalog.update(directory([driver("a")], [channel("a/x", 20)]));
    assert.equal(catalog.directory.value, before);
    assert.equal(catalog.rate("a/x"), 20);
    assert.equal(catalog.totalRate(), 20);
  });

  it("keeps what a driver had while it is down, and forgets it with the driver", () => {
    const catalog = new Catalog();
    catalog.update(directory([driver("a"), driver("b")], [channel("a/x"), channel("b/y")]));
    catalog.update(directory([driver("a", "down"), driver("b")], [channel("b/y")]));
    assert.ok(catalog.channel("a/x") !== undefined);
    assert.equal(catalog.isLive("a/x"), false);
    catalog.update(directory([driver("b")], [channel("b/y")]));
    assert.equal(catalog.channel("a/x"), undefined);
  });

  it("forgets at once what a driver that is up withdrew", () => {
    const catalog = new Catalog();
    catalog.update(directory([driver("a")], [channel("a/x"), channel("a/y")]));
    catalog.update(directory([driver("a")], [channel("a/y")]));
    assert.equal(catalog.channel("a/x"), undefined);
  });

  it("groups channels by driver, those without one too", () => {
    const catalog = new Catalog();
    catalog.update(
      directory([driver("b"), driver("a")], [channel("a/y"), channel("a/x"), { ...channel("free"), driver: null }]),
    );
    assert.deepEqual(
      catalog.groups.value.map((group) => [group.name, group.channels.map((entry) => entry.channel)]),
      [
        ["other programs", ["free"]],
        ["a", ["a/x", "a/y"]],
        ["b", []],
      ],
    );
  });
});

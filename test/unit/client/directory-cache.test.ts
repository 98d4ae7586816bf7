// SPDX-License-Identifier: MIT
// The directory that a client keeps is the bridge's after every change.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { applyChange, compareDirectories, EMPTY_DIRECTORY } from "../../../bridge/client/directory-cache.ts";
import type {
  ChannelEntry,
  Directory,
  DriverEntry,
  ParameterEntry,
  ServiceEntry,
} from "../../../bridge/session/messages.ts";

const driver: DriverEntry = { driver: "rig", state: "up", address: "unix:/a.sock", epoch: "1", pid: 1 };
const second: DriverEntry = { ...driver, state: "refused", address: "unix:/b.sock" };
const channel: ChannelEntry = {
  channel: "rig/reading",
  kind: "struct",
  driver: "rig",
  publishers: 0,
  stream: 3,
  schema: 7,
  type: "reading",
  contentType: null,
  rate: 1,
  published: 1,
  fields: [],
};
const parameter: ParameterEntry = {
  parameter: "rig/reading",
  driver: "rig",
  channel: "rig/reading",
  schema: 8,
  type: "gains",
  value: { kp: 1 },
  fields: [],
};
const service: ServiceEntry = {
  service: "rig/reset",
  driver: "rig",
  request: { type: "", fields: [] },
  reply: { type: "", fields: [] },
};
const full: Directory = {
  drivers: [driver, second],
  channels: [channel],
  parameters: [parameter],
  services: [service],
  streams: [],
};

describe("the directory that a client keeps", () => {
  it("is built from what was added", () => {
    const added = [driver, second, channel, parameter, service];
    assert.deepEqual(applyChange(EMPTY_DIRECTORY, { added, changed: [], removed: [] }), full);
  });

  it("loses only what is named, though a channel and a parameter are called the same", () => {
    const after = applyChange(full, { added: [], changed: [], removed: [{ channel: "rig/reading" }] });
    assert.deepEqual(after, { ...full, channels: [] });
  });

  it("tells two drivers of one name apart by their address", () => {
    const removed = [{ driver: "rig", address: "unix:/b.sock" }];
    assert.deepEqual(applyChange(full, { added: [], changed: [], removed }).drivers, [driver]);
  });

  it("has the changed entry in the old one's place", () => {
    const faster = { ...channel, rate: 1000 };
    assert.deepEqual(applyChange(full, { added: [], changed: [faster], removed: [] }).channels, [faster]);
  });

  it("finds out after a reconnect what has changed", () => {
    const faster = { ...channel, rate: 1000 };
    const after = { ...full, drivers: [driver], channels: [faster], services: [], streams: [] };
    assert.deepEqual(compareDirectories(full, after), {
      added: [],
      changed: [faster],
      removed: [{ driver: "rig", address: "unix:/b.sock" }, { service: "rig/reset" }],
    });
    assert.deepEqual(compareDirectories(after, full).added, [second, service]);
  });
});

// SPDX-License-Identifier: MIT
// Presets in files of the user alone, read again at the next start.
import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { openPresetStore } from "../../../bridge/daemon/preset-store.ts";
import type { Preset } from "../../../bridge/session/preset-messages.ts";
import { temporaryFolders } from "../../support/folder.ts";

const preset = (name: string, kp = 2): Preset => ({ preset: name, saved: 1000.5, values: { "motor/gains": { kp } } });

describe("presets on disk", () => {
  const newFolder = temporaryFolders();

  it("are there at the next start, by the bridge's name, in files for its user alone", () => {
    const folder = join(newFolder(), "not", "there", "structwire");
    const store = openPresetStore(folder, "rig1");
    store.keep(preset("soft"));
    store.keep(preset("soft", 3));
    store.keep(preset("hard"));
    assert.deepEqual(Object.fromEntries(openPresetStore(folder, "rig1").presets), {
      hard: preset("hard"),
      soft: preset("soft", 3),
    });
    assert.equal(openPresetStore(folder, "rig2").presets.size, 0);
    const kept = join(folder, "presets", "rig1");
    assert.deepEqual(readdirSync(kept).sort(), ["hard.json", "soft.json"]);
    for (const path of [kept, join(kept, "..")]) assert.equal(statSync(path).mode & 0o777, 0o700);
    assert.equal(statSync(join(kept, "soft.json")).mode & 0o777, 0o600);
  });

  it("are gone for good once they are forgotten", () => {
    const folder = newFolder();
    const store = openPresetStore(folder, "rig");
    store.keep(preset("soft"));
    store.forget("soft");
    assert.equal(store.presets.size, 0);
    assert.equal(openPresetStore(folder, "rig").presets.size, 0);
  });

  it("leave alone what is none", () => {
    const folder = newFolder();
    openPresetStore(folder, "rig").keep(preset("soft"));
    const kept = join(folder, "presets", "rig");
    writeFileSync(join(kept, "broken.json"), "{");
    writeFileSync(join(kept, "other.json"), JSON.stringify(preset("soft", 9)));
    writeFileSync(join(kept, "flat.json"), JSON.stringify({ preset: "flat", saved: 1, values: { "motor/gains": 2 } }));
    writeFileSync(join(kept, "large.json"), " ".repeat(300_000) + JSON.stringify(preset("large")));
    symlinkSync(join(kept, "soft.json"), join(kept, "link.json"));
    mkdirSync(join(kept, "folder.json"));
    assert.deepEqual([...openPresetStore(folder, "rig").presets.keys()], ["soft"]);
    assert.equal(readdirSync(kept).length, 7);
  });

  it("need no folder before the first one is kept: a bridge also runs where nothing can be written", () => {
    const folder = join(newFolder(), "structwire");
    const store = openPresetStore(folder, "rig");
    assert.equal(existsSync(folder), false);
    store.keep(preset("soft"));
    assert.equal(statSync(join(folder, "presets")).mode & 0o777, 0o700);
    assert.deepEqual([...openPresetStore(folder, "rig").presets.keys()], ["soft"]);
  });

  it("are not read from a folder that others can open", () => {
    const folder = newFolder();
    openPresetStore(folder, "rig").keep(preset("soft"));
    chmodSync(join(folder, "presets"), 0o777);
    assert.throws(() => openPresetStore(folder, "rig"), { code: "folder_unsafe" });
  });

  it("hold what they held when they cannot be written", () => {
    const folder = newFolder();
    const store = openPresetStore(folder, "rig");
    store.keep(preset("soft"));
    mkdirSync(join(folder, "presets", "rig", "hard.json"));
    assert.throws(
      () => {
        store.keep(preset("hard"));
      },
      { code: "system_error" },
    );
    assert.deepEqual([...store.presets.keys()], ["soft"]);
    assert.deepEqual(readdirSync(join(folder, "presets", "rig")).sort(), ["hard.json", "soft.json"]);
    assert.deepEqual(JSON.parse(readFileSync(join(folder, "presets", "rig", "soft.json"), "utf8")), preset("soft"));
  });
});

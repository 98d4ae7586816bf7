// SPDX-License-Identifier: MIT
// The presets of a bridge on disk: a file for each in its state folder, read once at the start.
import { randomBytes } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { statePresetsFolder } from "../model/runtime.ts";
import { MAX_PRESET_BYTES, MAX_PRESETS, type Preset } from "../session/preset-messages.ts";
import { readPreset } from "../session/preset-requests.ts";
import type { PresetStore } from "../session/presets.ts";
import { ownFolder, ownStateFolder, systemError } from "./own-folder.ts";

const ENDING = ".json";

/** A person may have put line breaks into a file. */
const MAX_FILE_BYTES = 4 * MAX_PRESET_BYTES;

/**
 * The presets of the bridge `name`. What is no preset is left alone, and so is what goes beyond their number. Nothing is written before the first one is kept: a bridge also runs where nothing
 * can be. Throws `folder_unsafe` or `system_error`. Blocks shortly.
 */
export function openPresetStore(stateFolder: string, name: string): PresetStore {
  const folder = statePresetsFolder(stateFolder, name);
  const parent = folder.slice(0, folder.lastIndexOf("/"));
  const own = (): void => {
    ownStateFolder(stateFolder);
    ownFolder(parent, "XDG_STATE_HOME");
  };
  if (lstatSync(parent, { throwIfNoEntry: false }) !== undefined) own();
  const presets = readFolder(folder);
  return {
    presets,
    keep: (preset) => {
      const path = `${folder}/${preset.preset}${ENDING}`;
      const draft = `${path}.${String(process.pid)}.${randomBytes(4).toString("hex")}.draft`;
      own();
      attempt(path, () => {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        try {
          writeFileSync(draft, `${JSON.stringify(preset)}\n`, { mode: 0o600, flag: "wx" });
          renameSync(draft, path); // whole or not at all
        } finally {
          rmSync(draft, { force: true });
        }
      });
      presets.set(preset.preset, preset);
    },
    forget: (gone) => {
      const path = `${folder}/${gone}${ENDING}`;
      attempt(path, () => {
        rmSync(path, { force: true });
      });
      presets.delete(gone);
    },
  };
}

function readFolder(folder: string): Map<string, Preset> {
  const presets = new Map<string, Preset>();
  let files: string[] = [];
  attempt(folder, () => {
    // The folder is made with its first preset.
    if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined) files = readdirSync(folder).sort();
  });
  for (const file of files.filter((each) => each.endsWith(ENDING))) {
    if (presets.size >= MAX_PRESETS) break;
    const preset = readFile(`${folder}/${file}`);
    if (preset?.preset === file.slice(0, -ENDING.length)) presets.set(preset.preset, preset);
  }
  return presets;
}

function readFile(path: string): Preset | undefined {
  try {
    const found = lstatSync(path);
    if (!found.isFile() || found.size > MAX_FILE_BYTES) return undefined;
    return readPreset(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}

function attempt(path: string, run: () => void): void {
  try {
    run();
  } catch (error) {
    throw systemError(path, error);
  }
}

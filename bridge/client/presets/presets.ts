// SPDX-License-Identifier: MIT
// Presets: values of parameters that the bridge keeps by a name; saved, loaded and compared from here.
import { BridgeError, toBridgeError } from "../../model/errors.ts";
import { compilePattern } from "../../model/names.ts";
import type { Applied, Directory, Json, RequestBody } from "../../session/messages.ts";
import type { Preset, PresetEntry } from "../../session/preset-messages.ts";
import { leavesOf, readPath } from "../trace/element-path.ts";
import { compareValues, type PresetDifference } from "./compare.ts";

/** What presets need of their client. */
export interface PresetPorts {
  ask(body: RequestBody): Promise<unknown>;
  list(): Promise<Directory>;
  set(parameter: string, values: Readonly<Record<string, Json>>): Promise<Applied>;
}

/** How a preset is loaded. */
export interface PresetLoadOptions {
  /** Only these of its parameters, by name or pattern. */
  readonly parameters?: readonly string[];
}

/** What loading a preset did. */
export interface LoadedPreset {
  readonly preset: string;
  /** One for each parameter, in the order of the preset. */
  readonly applied: readonly Applied[];
  /** Fields of the preset that their parameter does not have any more, as `motor/gains: kq`. */
  readonly leftOut: readonly string[];
}

/** The presets of a bridge; `client.presets`. All reject with `unknown_preset` for a name that is not there. */
export class Presets {
  readonly #ports: PresetPorts;

  /** Use `client.presets`. */
  constructor(ports: PresetPorts) {
    this.#ports = ports;
  }

  /** All presets, by name. */
  async list(): Promise<readonly PresetEntry[]> {
    const { presets } = (await this.#ports.ask({ op: "presets" })) as { presets: readonly PresetEntry[] };
    return presets;
  }

  /** One preset with its values. */
  async get(preset: string): Promise<Preset> {
    return (await this.#ports.ask({ op: "preset", preset })) as Preset;
  }

  /** Keeps what parameters are now, by name or pattern, in place of a preset of that name. Rejects with `unknown_parameter`, `name_invalid`, `forbidden`, `busy` or `message_too_large`. */
  async save(preset: string, parameters: readonly string[]): Promise<PresetEntry> {
    return (await this.#ports.ask({ op: "save", preset, parameters })) as PresetEntry;
  }

  /** Keeps given values, by parameter; they are held against the driver when they are loaded. Rejects as {@link save}, or with `bad_value`. */
  async put(preset: string, values: Readonly<Record<string, Json>>): Promise<PresetEntry> {
    return (await this.#ports.ask({ op: "save", preset, values })) as PresetEntry;
  }

  /**
   * Sets the parameters to what was saved, one after the other, each whole or not at all. Rejects with `unknown_parameter` before anything is set when one is not there, and when a driver
   * refuses with its code, once the others are set; the message says which are.
   */
  async load(preset: string, { parameters = ["**"] }: PresetLoadOptions = {}): Promise<LoadedPreset> {
    const tests = parameters.map(compilePattern);
    const wanted = Object.entries((await this.get(preset)).values).filter(([name]) => tests.some((test) => test(name)));
    const now = await this.#now();
    const away = wanted.filter(([name]) => !now.has(name)).map(([name]) => name);
    if (away.length > 0 || wanted.length === 0) {
      const what = away.length > 0 ? `${away.join(", ")} of it is not there` : "it has none of these parameters";
      throw new BridgeError("unknown_parameter", `the preset "${preset}" was not loaded: ${what}; nothing was changed`);
    }
    const applied: Applied[] = [];
    const leftOut: string[] = [];
    const failed: { readonly name: string; readonly error: BridgeError }[] = [];
    for (const [name, value] of wanted) {
      const { known, gone } = sorted(value, now.get(name) ?? null);
      leftOut.push(...gone.map((field) => `${name}: ${field}`));
      try {
        applied.push(await this.#ports.set(name, known));
      } catch (thrown) {
        failed.push({ name, error: toBridgeError(thrown) });
      }
    }
    const [first] = failed;
    if (first === undefined) return { preset, applied, leftOut };
    throw new BridgeError(first.error.code, refusalText(preset, failed, applied), { cause: first.error });
  }

  /** Where a preset differs from what holds now, or from another preset. Of a parameter that is not there every field does. */
  async compare(preset: string, other?: string): Promise<readonly PresetDifference[]> {
    const { values } = await this.get(preset);
    const others = other === undefined ? Object.fromEntries(await this.#now()) : (await this.get(other)).values;
    return compareValues(values, others);
  }

  async remove(preset: string): Promise<void> {
    await this.#ports.ask({ op: "forget", preset });
  }

  async #now(): Promise<ReadonlyMap<string, Json>> {
    return new Map((await this.#ports.list()).parameters.map(({ parameter, value }) => [parameter, value]));
  }
}

/** What a parameter still has of a saved value, by path. What is no number any more (null) cannot be set. */
function sorted(
  saved: Json,
  now: Json,
): { readonly known: Readonly<Record<string, Json>>; readonly gone: readonly string[] } {
  const leaves = leavesOf(saved).filter(([, leaf]) => leaf !== null);
  const isThere = ([path]: readonly [string, Json]): boolean => readPath(now, path) !== undefined;
  return {
    known: Object.fromEntries(leaves.filter(isThere)),
    gone: leaves.filter((leaf) => !isThere(leaf)).map(([path]) => path),
  };
}

function refusalText(
  preset: string,
  failed: readonly { readonly name: string; readonly error: BridgeError }[],
  applied: readonly Applied[],
): string {
  const reasons = failed.map(({ name, error }) => `${name} is as it was (${error.message})`).join("; ");
  const rest = applied.length === 0 ? "" : `; ${applied.map(({ parameter }) => parameter).join(", ")} is set`;
  return `the preset "${preset}" was not loaded as a whole: ${reasons}${rest}`;
}

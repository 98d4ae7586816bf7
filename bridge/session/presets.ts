// SPDX-License-Identifier: MIT
// Carries out the requests about presets: values of parameters that the bridge keeps by a name, for all clients and over its restarts.
import type { Hub } from "../hub/hub.ts";
import type { Parameter } from "../hub/parameter.ts";
import { BridgeError } from "../model/errors.ts";
import { checkShortName, compilePattern, isName } from "../model/names.ts";
import type { Json } from "../model/values.ts";
import type { Access } from "./access.ts";
import { valueText } from "./calls.ts";
import type { Describer } from "./describe.ts";
import { MAX_PRESET_BYTES, MAX_PRESETS, type Preset, type PresetEntry } from "./preset-messages.ts";
import { areValues, type CheckedPresetRequest } from "./preset-requests.ts";

/** Where presets are kept. Each call is over when it returns, on disk too; it blocks shortly. */
export interface PresetStore {
  /** By their names. */
  readonly presets: ReadonlyMap<string, Preset>;
  /** Keeps it, in place of one of its name. Throws `system_error`, and then nothing changed. */
  keep(preset: Preset): void;
  /** Throws `system_error`, and then nothing changed. */
  forget(name: string): void;
}

/** What presets need of their bridge. */
export interface PresetParts {
  readonly hub: Hub;
  readonly describer: Describer;
  readonly presets: PresetStore;
}

/** These requests of one session. A ticket sees of each preset what it reaches, and changes only those of which it reaches all. */
export class PresetOperations {
  readonly #bridge: PresetParts;
  readonly #access: Access;

  constructor(bridge: PresetParts, access: Access) {
    this.#bridge = bridge;
    this.#access = access;
  }

  /** The result as JSON text. Throws `unknown_preset`, `name_invalid`, `forbidden`, and what `save` cannot keep. */
  run(request: CheckedPresetRequest): string {
    switch (request.op) {
      case "presets":
        return JSON.stringify({ presets: this.#entries() });
      case "preset":
        return JSON.stringify(this.#preset(request.preset));
      case "forget":
        this.#preset(request.preset);
        this.#requireWhole(request.preset);
        this.#bridge.presets.forget(request.preset);
        return "{}";
      case "save":
        return JSON.stringify(this.#save(request));
    }
  }

  #entries(): PresetEntry[] {
    const seen = [...this.#bridge.presets.presets.values()].flatMap((preset) => this.#visible(preset) ?? []);
    return seen.map(entryOf).sort((a, b) => (a.preset < b.preset ? -1 : 1));
  }

  #preset(name: string): Preset {
    const preset = this.#bridge.presets.presets.get(name);
    const visible = preset === undefined ? undefined : this.#visible(preset);
    if (visible !== undefined) return visible;
    const names = this.#entries().map((entry) => entry.preset);
    const there = names.length === 0 ? "none is kept" : `there are: ${names.slice(0, 20).join(", ")}`;
    throw new BridgeError("unknown_preset", `there is no preset "${name}"; ${there}`);
  }

  #save({ preset, parameters, values: given }: Extract<CheckedPresetRequest, { op: "save" }>): PresetEntry {
    checkShortName(preset, "preset's");
    if ((parameters === undefined) === (given === undefined)) {
      throw new BridgeError("invalid_argument", "save: name parameters or give values, one of them");
    }
    const values = given === undefined ? this.#now(parameters ?? []) : this.#checked(given);
    const { presets, hub } = this.#bridge;
    this.#requireWhole(preset);
    if (!presets.presets.has(preset) && presets.presets.size >= MAX_PRESETS) {
      throw new BridgeError("busy", `a bridge keeps at most ${String(MAX_PRESETS)} presets; remove one first`);
    }
    const made: Preset = { preset, saved: hub.clock.now(), values };
    if (Buffer.byteLength(JSON.stringify(made)) > MAX_PRESET_BYTES) {
      throw new BridgeError("message_too_large", `a preset takes at most ${String(MAX_PRESET_BYTES)} bytes of JSON`);
    }
    presets.keep(made);
    return entryOf(made);
  }

  /** What the named parameters are now. */
  #now(patterns: readonly string[]): Record<string, Json> {
    const named = new Map<string, Parameter>();
    const { hub, describer } = this.#bridge;
    for (const pattern of patterns) {
      const test = compilePattern(pattern);
      const reached = [...hub.directory.parameters.keys()].filter((name) => test(name) && this.#access.parameter(name));
      if (reached.length === 0) throw this.#nothing(pattern);
      for (const name of reached) named.set(name, hub.parameter(name));
    }
    return Object.fromEntries(
      [...named].map(([name, parameter]) => {
        const { value } = JSON.parse(`{${describer.value(parameter)}}`) as { value: Json };
        return [name, value];
      }),
    );
  }

  #nothing(pattern: string): BridgeError {
    if (isName(pattern) && this.#access.parameter(pattern)) {
      try {
        this.#bridge.hub.parameter(pattern);
      } catch (thrown) {
        if (thrown instanceof BridgeError) return thrown;
      }
    }
    return new BridgeError("unknown_parameter", `there is no parameter "${pattern}"`);
  }

  #checked(values: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
    const strange = Object.keys(values).find((name) => !this.#access.parameter(name));
    if (strange !== undefined) throw new BridgeError("unknown_parameter", `there is no parameter "${strange}"`);
    valueText(values, "the preset");
    if (Object.keys(values).length > 0 && areValues(values)) return values;
    throw new BridgeError("bad_value", "the values of a preset are objects by the names of their parameters");
  }

  /** Throws `forbidden` when a preset of this name holds what the session does not reach. */
  #requireWhole(name: string): void {
    const preset = this.#bridge.presets.presets.get(name);
    if (preset === undefined || Object.keys(preset.values).every((parameter) => this.#access.parameter(parameter))) {
      return;
    }
    throw new BridgeError(
      "forbidden",
      `the preset "${name}" holds parameters that this ticket does not reach; take another name`,
    );
  }

  /** What the session reaches of it; undefined: nothing. */
  #visible(preset: Preset): Preset | undefined {
    if (this.#access.full) return preset;
    const reached = Object.entries(preset.values).filter(([parameter]) => this.#access.parameter(parameter));
    return reached.length === 0 ? undefined : { ...preset, values: Object.fromEntries(reached) };
  }
}

function entryOf({ preset, saved, values }: Preset): PresetEntry {
  return { preset, saved, parameters: Object.keys(values) };
}

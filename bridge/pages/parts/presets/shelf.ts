// SPDX-License-Identifier: MIT
// The presets of some parameters as a page shows them: what there is, what came of the last thing that was done, and what differs.
import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { PresetDifference } from "../../../client/presets/compare.ts";
import { counted } from "../../../model/counted.ts";
import { BridgeError, toBridgeError } from "../../../model/errors.ts";
import type { PresetPort } from "../link/client-port.ts";
import type { PresetEntry } from "../../../session/preset-messages.ts";

/** How a shelf stands. */
export interface ShelfState {
  /** Null until they were asked for. */
  readonly presets: readonly PresetEntry[] | null;
  /** What was done, or why it was not. */
  readonly said: { readonly text: string; readonly isBad: boolean };
  /** Of the preset that was compared with what holds now. */
  readonly compared: { readonly preset: string; readonly differences: readonly PresetDifference[] } | null;
}

/** Presets of the parameters that `parameters` name; none of its methods throws or rejects. */
export class PresetShelf {
  readonly #port: () => PresetPort | null;
  readonly #parameters: readonly string[];
  readonly #state: Signal<ShelfState> = signal({ presets: null, said: { text: "", isBad: false }, compared: null });

  /** `port` gives what to ask by; null: there is no connection now. */
  constructor(port: () => PresetPort | null, parameters: readonly string[]) {
    this.#port = port;
    this.#parameters = parameters;
  }

  get state(): ReadonlySignal<ShelfState> {
    return this.#state;
  }

  /** Asks what there is: others save presets too. */
  refresh(): Promise<void> {
    return this.#run(() => Promise.resolve(""));
  }

  save(preset: string): Promise<void> {
    return this.#run(async (port) => {
      const { parameters } = await port.save(preset, this.#parameters);
      return `"${preset}" keeps ${parameters.length === 1 ? "what holds now" : counted(parameters.length, "parameter")}`;
    });
  }

  load(preset: string): Promise<void> {
    return this.#run(async (port) => {
      const { leftOut } = await port.load(preset, { parameters: this.#parameters });
      const rest = leftOut.length === 0 ? "" : `; left out, as they are gone: ${leftOut.join(", ")}`;
      return `"${preset}" is loaded${rest}`;
    });
  }

  remove(preset: string): Promise<void> {
    return this.#run(async (port) => {
      await port.remove(preset);
      return `"${preset}" is removed`;
    });
  }

  compare(preset: string): Promise<void> {
    return this.#run(async (port) => {
      const differences = await port.compare(preset);
      this.#change({ compared: { preset, differences } });
      return "";
    });
  }

  /** Does something and looks what there is then. */
  async #run(act: (port: PresetPort) => Promise<string>): Promise<void> {
    this.#change({ compared: null });
    try {
      const port = this.#port();
      if (port === null) throw new BridgeError("disconnected", "there is no connection to the bridge now");
      const text = await act(port);
      this.#change({ presets: await port.list(), said: { text, isBad: false } });
    } catch (thrown) {
      this.#change({ said: { text: toBridgeError(thrown).message, isBad: true } });
    }
  }

  #change(part: Partial<ShelfState>): void {
    this.#state.value = { ...this.#state.peek(), ...part };
  }
}

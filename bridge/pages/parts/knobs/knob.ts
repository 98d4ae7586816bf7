// SPDX-License-Identifier: MIT
// One parameter's knobs: gathers edits, sends at most one set at a time, and shows what the driver really applied.
import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { toBridgeError } from "../../../model/errors.ts";
import type { Applied, Json } from "../../../session/messages.ts";
import { differences } from "../../../client/trace/element-path.ts";
import { firstState, type KnobState } from "./knob-state.ts";

/** What a knob needs from outside. */
export interface KnobPorts {
  /** Sends fields by path; the answer is what now holds. */
  set(values: Readonly<Record<string, Json>>): Promise<Applied>;
  /** Calls `task` after `ms`. */
  later(ms: number, task: () => void): void;
}

/** While a slider is dragged, sets are this far apart, in ms; the first one goes at once. */
const SEND_EVERY_MS = 60;
/** How long a change by somebody else is marked, in ms. */
const FOREIGN_MS = 2500;

/** Edits go in, sets go out one at a time; newer edits of a field replace those that still wait. */
export class Knob {
  readonly #ports: KnobPorts;
  readonly #state: Signal<KnobState>;
  #waiting = new Map<string, Json>();
  #flying: ReadonlyMap<string, Json> | null = null;
  #isScheduled = false;
  /** Whether the last set went out a moment ago. */
  #isResting = false;

  constructor(applied: Json, ports: KnobPorts) {
    this.#state = signal(firstState(applied));
    this.#ports = ports;
  }

  get state(): ReadonlySignal<KnobState> {
    return this.#state;
  }

  /** The user wants `path` to be `value`. */
  edit(path: string, value: Json): void {
    this.#waiting.set(path, value);
    const drafts = new Map(this.#state.peek().drafts).set(path, value);
    this.#change({ drafts, refusal: null, receipt: null });
    this.#schedule();
  }

  /** The driver said what holds now, whoever asked for it. */
  changed(applied: Json): void {
    const now = this.#state.peek();
    const foreign = differences(now.applied, applied).filter((path) => !now.drafts.has(path));
    this.#change({ applied, foreign: new Set([...now.foreign, ...foreign]) });
    if (foreign.length === 0) return;
    this.#ports.later(FOREIGN_MS, () => {
      const left = new Set(this.#state.peek().foreign);
      for (const path of foreign) left.delete(path);
      this.#change({ foreign: left });
    });
  }

  /** Sends what waits after the running task, so that fields changed together go in one set. */
  #schedule(): void {
    if (this.#isScheduled || this.#isResting || this.#flying !== null || this.#waiting.size === 0) return;
    this.#isScheduled = true;
    this.#ports.later(0, () => {
      this.#isScheduled = false;
      void this.#send();
    });
  }

  #rest(): void {
    this.#isResting = true;
    this.#ports.later(SEND_EVERY_MS, () => {
      this.#isResting = false;
      this.#schedule();
    });
  }

  async #send(): Promise<void> {
    const sent = (this.#flying = this.#waiting);
    this.#waiting = new Map();
    this.#rest();
    this.#change({ isSending: true });
    const paths = [...sent.keys()];
    try {
      const { applied, channel, seq } = await this.#ports.set(Object.fromEntries(sent));
      this.#flying = null;
      this.#change({ applied, drafts: this.#draftsLeft(), receipt: { paths, channel, seq }, isSending: false });
    } catch (thrown) {
      const { code, message } = toBridgeError(thrown);
      this.#flying = null;
      this.#change({ drafts: this.#draftsLeft(), refusal: { paths, code, message }, isSending: false });
    }
    this.#schedule();
  }

  /** What the user asked for after the set that was just answered. */
  #draftsLeft(): ReadonlyMap<string, Json> {
    return new Map(this.#waiting);
  }

  #change(part: Partial<KnobState>): void {
    this.#state.value = { ...this.#state.peek(), ...part };
  }
}

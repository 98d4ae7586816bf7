// SPDX-License-Identifier: MIT
// One parameter's knobs: gathers edits, sends at most one set at a time, and shows what the driver really applied.
import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { toBridgeError, type ErrorCode } from "../../../model/errors.ts";
import type { Applied, Json } from "../../../session/messages.ts";
import { differences } from "../../../client/trace/element-path.ts";
import { History, targetOf, type Direction, type Step, type Values } from "./history.ts";
import { firstState, type KnobState } from "./knob-state.ts";

/** What a knob needs from outside. */
export interface KnobPorts {
  /** Sends fields by path; the answer is what now holds. */
  set(values: Readonly<Record<string, Json>>): Promise<Applied>;
  /** Calls `task` after `ms`. */
  later(ms: number, task: () => void): void;
  /** In ms, from whenever. */
  now(): number;
}

/** While a slider is dragged, sets are this far apart, in ms; the first one goes at once. */
const SEND_EVERY_MS = 60;
/** How long a change by somebody else is marked, in ms. */
const FOREIGN_MS = 2500;

/** A key that is held down repeats faster than steps can be gone. */
const MAX_TO_GO = 10;

/** After these nobody knows whether a step could be gone; after other refusals it never can. */
const PASSING: readonly ErrorCode[] = ["timeout", "disconnected", "closed", "busy"];

/** Edits go in, sets go out one at a time; newer edits of a field replace those that still wait. */
export class Knob {
  readonly #ports: KnobPorts;
  readonly #state: Signal<KnobState>;
  #waiting = new Map<string, Json>();
  #flying: ReadonlyMap<string, Json> | null = null;
  readonly #history = new History();
  /** The step back or forth that is being set. */
  #going: { readonly direction: Direction; readonly step: Step } | null = null;
  /** Steps that wait for an answer. */
  readonly #toGo: Direction[] = [];
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

  /** Takes the last change back, whoever made it, or does again what was taken back; once edits that wait for their answer have it. */
  go(direction: Direction): void {
    if (this.#state.peek().drafts.size > 0) {
      if (this.#toGo.length < MAX_TO_GO) this.#toGo.push(direction);
      return;
    }
    const step = this.#history.take(direction);
    if (step === undefined) return;
    this.#going = { direction, step };
    for (const [path, value] of targetOf(step, direction)) this.edit(path, value);
  }

  /** The driver said what holds now, whoever asked for it. */
  changed(applied: Json): void {
    const now = this.#state.peek();
    const foreign = this.#note(applied, false).filter((path) => !now.drafts.has(path));
    this.#change({ applied, foreign: new Set([...now.foreign, ...foreign]) });
    if (foreign.length === 0) return;
    this.#ports.later(FOREIGN_MS, () => {
      const left = new Set(this.#state.peek().foreign);
      for (const path of foreign) left.delete(path);
      this.#change({ foreign: left });
    });
  }

  /** Remembers what differs from now on; a step back or forth is no change of its own. */
  #note(applied: Json, isOwn: boolean): readonly string[] {
    const before = this.#state.peek().applied;
    const paths = differences(before, applied);
    const made = paths.filter((path) => this.#going?.step.after.has(path) !== true);
    // The event of an own set may come before its answer.
    const byUs = isOwn || made.every((path) => this.#flying?.has(path) === true);
    this.#history.note(made, before, applied, { isOwn: byUs, atMs: this.#ports.now() });
    return paths;
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
      this.#note(applied, true);
      this.#arrive((direction) => (direction === "undo" ? "redo" : "undo"));
      this.#change({ applied, drafts: this.#draftsLeft(), receipt: { paths, channel, seq }, isSending: false });
    } catch (thrown) {
      const { code, message } = toBridgeError(thrown);
      this.#flying = null;
      this.#arrive((direction) => (PASSING.includes(code) ? direction : null));
      this.#change({ drafts: this.#draftsLeft(), refusal: { paths, code, message }, isSending: false });
    }
    this.#schedule();
    if (this.#waiting.size > 0) return;
    const next = this.#toGo.shift();
    if (next !== undefined) this.go(next);
  }

  /** The step was set, or could not be: it can be gone next the way that `next` says, or never. */
  #arrive(next: (direction: Direction) => Direction | null): void {
    if (this.#going === null) return;
    const { direction, step } = this.#going;
    this.#going = null;
    const other = next(direction);
    // It is never part of what comes after it.
    if (other !== null) this.#history.add(other, { ...step, change: { ...step.change, atMs: -Infinity } });
  }

  /** What the user asked for after the set that was just answered. */
  #draftsLeft(): ReadonlyMap<string, Json> {
    return new Map(this.#waiting);
  }

  #change(part: Partial<KnobState>): void {
    const steps = { undo: this.#target("undo"), redo: this.#target("redo") };
    this.#state.value = { ...this.#state.peek(), ...steps, ...part };
  }

  #target(direction: Direction): Values | null {
    const step = this.#history.next(direction);
    return step === undefined ? null : targetOf(step, direction);
  }
}

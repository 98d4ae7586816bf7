// SPDX-License-Identifier: MIT
// The knob of one field of a parameter: shows what its driver says holds, and goes back with the reason when a set is refused.
import { computed, effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { ParameterEntry } from "../../session/messages.ts";
import { elementsOf, readPath } from "../../client/trace/element-path.ts";
import { groupedText } from "../parts/fields/number-text.ts";
import { Knobs } from "../parts/knobs/knobs.ts";
import type { KnobState } from "../parts/knobs/knob-state.ts";
import { sliderRange } from "../parts/knobs/number-input.ts";
import { Catalog } from "../parts/link/catalog.ts";
import type { Session } from "../parts/link/session.ts";
import { snapped } from "./dial.ts";
import type { KnobFace, KnobLook } from "./knob-face.ts";

/** Turns `path` of the parameter `parameter`; the first number with limits when `path` is empty. */
export class ParameterFace implements KnobFace {
  readonly name: string;
  readonly look: ReadonlySignal<KnobLook | null>;
  readonly #parameter: string;
  readonly #path: string;
  readonly #catalog = new Catalog();
  readonly #knobs: Knobs;
  readonly #missing: Signal<string> = signal("");

  constructor(session: Session, parameter: string, path: string) {
    this.#parameter = parameter;
    this.#path = path;
    this.name = path === "" ? parameter : `${parameter} ${path}`;
    this.#knobs = new Knobs(() => session.client.peek());
    effect(() => {
      const client = session.client.value;
      if (client === null) return;
      const update = (): void => {
        this.#catalog.update(client.directory);
        this.#knobs.update(client.directory.parameters);
      };
      const ends = [
        client.on("directory", update),
        client.on("parameter", (event) => {
          this.#knobs.changed(event);
        }),
        session.phase.subscribe(({ kind }) => {
          if (kind === "open") update();
        }),
      ];
      return () => {
        for (const end of ends) end();
      };
    });
    this.look = computed(() => {
      const entry = this.#catalog.parameter(parameter);
      return entry === undefined ? null : this.#lookOf(entry, session.phase.value.kind === "open");
    });
  }

  get awaited(): string {
    return this.#missing.value === "" ? `The parameter “${this.#parameter}” is not there yet.` : this.#missing.value;
  }

  turn(value: number): void {
    const entry = this.#catalog.parameter(this.#parameter);
    const element = entry === undefined ? undefined : this.#elementOf(entry);
    const range = element === undefined ? null : sliderRange(element.entry);
    if (entry === undefined || element === undefined || range === null) return;
    this.#knobs.knob(entry).edit(element.path, snapped(value, range));
  }

  #lookOf(entry: ParameterEntry, isOpen: boolean): KnobLook | null {
    const element = this.#elementOf(entry);
    const range = element === undefined ? null : sliderRange(element.entry);
    if (element === undefined || range === null) return null;
    const state = this.#knobs.knob(entry).state.value;
    const { path } = element;
    const draft = state.drafts.get(path);
    const isUp = this.#catalog.driver(entry.driver)?.state === "up";
    const gone = isUp ? null : `The driver “${entry.driver}” is down.`;
    return {
      value: Number(draft ?? readPath(state.applied, path) ?? range.min),
      range,
      unit: element.entry.unit ?? "",
      isEnabled: isOpen && isUp,
      isPending: draft !== undefined,
      problem: gone ?? refusalText(state, path),
      note: noteText(state, path),
    };
  }

  #elementOf(
    entry: ParameterEntry,
  ): { readonly path: string; readonly entry: ParameterEntry["fields"][number] } | undefined {
    const all = entry.fields.flatMap(elementsOf).filter((element) => sliderRange(element.entry) !== null);
    return this.#path === "" ? all[0] : all.find(({ path }) => path === this.#path);
  }
}

function refusalText({ refusal }: KnobState, path: string): string | null {
  return refusal?.paths.includes(path) === true ? `Refused: ${refusal.message} (${refusal.code})` : null;
}

function noteText({ receipt, foreign }: KnobState, path: string): string {
  if (foreign.has(path)) return "Changed elsewhere";
  if (receipt?.paths.includes(path) !== true) return "";
  return receipt.seq === null ? "Applied" : `Applied, from sample ${groupedText(receipt.seq)} on`;
}

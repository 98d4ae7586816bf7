// SPDX-License-Identifier: MIT
// The controls of one parameter, kept true to what its driver applied.
import { effect } from "@preact/signals";
import { elementsOf, readPath } from "../../client/trace/element-path.ts";
import type { FieldEntry } from "../../session/messages.ts";
import { defaultOf, isAtDefault } from "../parts/knobs/default-value.ts";
import type { Direction, Values } from "../parts/knobs/history.ts";
import type { Knob } from "../parts/knobs/knob.ts";
import type { KnobState } from "../parts/knobs/knob-state.ts";
import { jsonText } from "../parts/fields/value-text.ts";
import { type ControlMark, type ElementControl, elementControl } from "./control.ts";
import { button } from "./elements.ts";

/** Fills `list` with a control for each element of the fields, and `tools` with what changes several; `say` is told what came of the last set. Returns what stops it. */
export function fillKnobs(
  list: HTMLElement,
  tools: HTMLElement,
  fields: readonly FieldEntry[],
  knob: Knob,
  say: (text: string) => void,
): () => void {
  const elements = fields.flatMap((each) => elementsOf(each));
  const controls = new Map<string, ElementControl>();
  for (const { path, entry } of elements) {
    controls.set(
      path,
      elementControl(
        path,
        entry,
        (value) => {
          knob.edit(path, value);
        },
        true,
      ),
    );
  }
  const undo = stepButton("↶", knob, "undo");
  const redo = stepButton("↷", knob, "redo");
  const reset = button("Defaults", () => {
    for (const { path, entry } of elements) {
      const back = defaultOf(entry);
      if (back !== undefined && !isAtDefault(entry, shownAt(knob.state.peek(), path))) knob.edit(path, back);
    }
  });
  reset.hidden = elements.every(({ entry }) => defaultOf(entry) === undefined);
  list.replaceChildren(...[...controls.values()].map(({ row }) => row));
  tools.replaceChildren(undo, redo, reset);

  return effect(() => {
    const state = knob.state.value;
    for (const [path, control] of controls) {
      const reason = state.refusal?.paths.includes(path) === true ? state.refusal.message : "";
      control.show(shownAt(state, path), reason, markOf(state, path));
    }
    tell(undo, "take back", state.undo);
    tell(redo, "do again", state.redo);
    reset.disabled = elements.every(({ path, entry }) => isAtDefault(entry, shownAt(state, path)));
    say(sentence(state));
  });
}

function shownAt(state: KnobState, path: string): ReturnType<typeof readPath> {
  return state.drafts.get(path) ?? readPath(state.applied, path);
}

function markOf({ drafts, foreign }: KnobState, path: string): ControlMark | undefined {
  if (drafts.has(path)) return "pending";
  return foreign.has(path) ? "foreign" : undefined;
}

function stepButton(sign: string, knob: Knob, direction: Direction): HTMLButtonElement {
  const made = button(sign, () => {
    knob.go(direction);
  });
  made.classList.add("structwire-step");
  return made;
}

function tell(made: HTMLButtonElement, what: string, values: Values | null): void {
  made.disabled = values === null;
  const to = [...(values ?? [])].map(([path, value]) => `${path} ${jsonText(value)}`).join(", ");
  made.title = values === null ? `nothing to ${what}` : `${what}: ${to}`;
  made.setAttribute("aria-label", made.title);
}

function sentence({ refusal, receipt, foreign }: KnobState): string {
  if (refusal !== null) return "refused: nothing was changed";
  if (foreign.size > 0) return `changed elsewhere: ${[...foreign].join(", ")}`;
  if (receipt === null) return "";
  return receipt.seq === null ? "applied" : `applied from sample ${receipt.seq.toLocaleString("en-US")} on`;
}

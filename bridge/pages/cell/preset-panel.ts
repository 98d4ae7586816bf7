// SPDX-License-Identifier: MIT
// The presets of a parameter in the output of a cell: saved, loaded, compared with what holds now, removed.
import { effect } from "@preact/signals";
import type { PresetEntry } from "../../session/preset-messages.ts";
import { jsonText } from "../parts/fields/value-text.ts";
import type { PresetShelf, ShelfState } from "../parts/presets/shelf.ts";
import { button, element } from "./elements.ts";

/** A button that opens the panel, and the panel; `close` stops it. */
export interface PresetPanel {
  readonly toggle: HTMLElement;
  readonly panel: HTMLElement;
  close(): void;
}

/** Makes the panel, closed. */
export function presetPanel(shelf: PresetShelf): PresetPanel {
  const panel = element("div", "structwire-presets");
  panel.hidden = true;
  const list = element("div", "structwire-preset-list");
  const said = element("span", "structwire-status");
  said.setAttribute("role", "status");
  const compared = element("div", "structwire-compared");
  panel.append(list, saveForm(shelf, said), compared);

  const toggle = button("Presets", () => {
    panel.hidden = !panel.hidden;
    toggle.setAttribute("aria-expanded", String(!panel.hidden));
    if (!panel.hidden) void shelf.refresh();
  });
  toggle.setAttribute("aria-expanded", "false");

  let shown: ShelfState["presets"] = null;
  const close = effect(() => {
    const state = shelf.state.value;
    if (state.presets !== shown) list.replaceChildren(...rowsOf(state.presets ?? [], shelf));
    shown = state.presets;
    said.textContent = state.said.text;
    said.classList.toggle("structwire-warning", state.said.isBad);
    compared.replaceChildren(...comparison(state.compared));
  });
  return { toggle, panel, close };
}

function rowsOf(presets: readonly PresetEntry[], shelf: PresetShelf): HTMLElement[] {
  if (presets.length === 0) return [line("structwire-unit", "No preset yet: save what holds now under a name.")];
  return presets.map(({ preset, saved }) => {
    const row = element("div", "structwire-preset");
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", `preset ${preset}`);
    row.append(
      line("structwire-name", preset),
      line("structwire-unit", new Date(saved).toLocaleString()),
      button("Load", () => void shelf.load(preset)),
      button("Compare", () => void shelf.compare(preset)),
      removeButton(() => void shelf.remove(preset)),
    );
    return row;
  });
}

/** Asks once more: what is removed cannot be brought back. */
function removeButton(remove: () => void): HTMLElement {
  let isAsked = false;
  const ask = (asks: boolean): void => {
    isAsked = asks;
    made.textContent = asks ? "Sure?" : "Remove";
  };
  const made = button("Remove", () => {
    if (isAsked) remove();
    else ask(true);
  });
  made.addEventListener("blur", () => {
    ask(false);
  });
  return made;
}

function saveForm(shelf: PresetShelf, said: HTMLElement): HTMLElement {
  const form = element("form", "structwire-preset-form");
  const input = element("input", "structwire-text");
  input.placeholder = "name";
  input.maxLength = 64;
  input.spellcheck = false;
  input.setAttribute("aria-label", "name of a preset");
  const save = button("Save", () => undefined);
  save.type = "submit";
  input.addEventListener("input", () => {
    const isThere = shelf.state.peek().presets?.some(({ preset }) => preset === input.value) === true;
    save.textContent = isThere ? "Replace" : "Save";
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value !== "") void shelf.save(input.value);
    input.value = "";
    save.textContent = "Save";
  });
  form.append(input, save, said);
  return form;
}

function comparison(compared: ShelfState["compared"]): HTMLElement[] {
  if (compared === null) return [];
  const { preset, differences } = compared;
  if (differences.length === 0) return [line("structwire-unit", `Nothing differs from "${preset}".`)];
  const table = element("table", "");
  const head = table.createTHead().insertRow();
  for (const text of ["field", preset, "now"]) {
    const cell = element("th", "");
    cell.textContent = text;
    head.append(cell);
  }
  const body = table.createTBody();
  for (const { field, saved, other } of differences) {
    const row = body.insertRow();
    for (const text of [field, jsonText(saved), jsonText(other)]) row.insertCell().textContent = text;
  }
  return [table];
}

function line(className: string, text: string): HTMLElement {
  const made = element("span", className);
  made.textContent = text;
  return made;
}

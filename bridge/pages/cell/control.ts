// SPDX-License-Identifier: MIT
// One element of a parameter or of a service's request as a control in its row: its name, what turns it, its limits and unit, its way back to the default.
import type { FieldEntry, Json } from "../../session/messages.ts";
import { defaultOf, isAtDefault } from "../parts/knobs/default-value.ts";
import { limitsText } from "../parts/knobs/number-input.ts";
import { jsonText } from "../parts/fields/value-text.ts";
import { numberControl } from "./control-number.ts";
import { element, select, showUnlessTyping } from "./elements.ts";

/** How a value stands: asked for and not answered yet, or just changed by somebody else. */
export type ControlMark = "pending" | "foreign";

/** A control in its row. */
export interface ElementControl {
  readonly row: HTMLElement;
  /** Shows a value, how it stands, and beside it why another one was refused (empty: none was). */
  readonly show: (value: Json | undefined, reason: string, mark?: ControlMark) => void;
}

/** What turns a value. */
export interface Control {
  readonly parts: readonly HTMLElement[];
  readonly show: (value: Json | undefined) => void;
}

/** What a control tells of its reader. */
export interface ControlUser {
  /** A value is wanted. */
  readonly edit: (value: Json) => void;
  /** What was typed can be no value. */
  readonly complain: (reason: string) => void;
  /** Whether what cannot be a value gives way to what holds, as a knob must; in a form it stays, to be mended. */
  readonly snapsBack: boolean;
}

/** The control for a field; `edit` is told what the reader wants, `show` says what holds. With `snapsBack` what cannot be a value is not left standing. */
export function elementControl(
  path: string,
  entry: FieldEntry,
  edit: (value: Json) => void,
  snapsBack = false,
): ElementControl {
  const row = element("div", "structwire-knob");
  const name = element("span", "structwire-name");
  name.textContent = path;
  name.title = entry.doc ?? "";
  const limits = element("span", "structwire-unit");
  limits.textContent = limitsText(entry) || (entry.unit ?? "");
  const reason = element("span", "structwire-reason");
  reason.setAttribute("role", "alert");
  const { parts, show } = controlFor(path, entry, {
    edit,
    snapsBack,
    complain: (text) => {
      reason.textContent = text;
    },
  });
  const control = element("span", "structwire-control");
  control.append(...parts);
  const back = resetButton(path, entry, edit);
  row.append(name, control, limits, back, reason);
  return {
    row,
    show: (value, refused, mark) => {
      show(value);
      back.style.visibility = isAtDefault(entry, value) ? "hidden" : "visible";
      row.classList.toggle("structwire-refused", refused !== "");
      if (mark === undefined) delete row.dataset["mark"];
      else row.dataset["mark"] = mark;
      reason.textContent = refused;
    },
  };
}

function controlFor(path: string, entry: FieldEntry, user: ControlUser): Control {
  if (entry.type === "bool") return switchControl(path, user);
  if (entry.type === "text" || entry.type === "bytes") return textControl(path, entry, user);
  return entry.labels === undefined ? numberControl(path, entry, user) : choiceControl(path, entry.labels, user);
}

function choiceControl(path: string, labels: NonNullable<FieldEntry["labels"]>, { edit }: ControlUser): Control {
  const choices = Object.keys(labels).map((label) => ({ value: label, text: label }));
  const list = select(path, choices, "", edit);
  return {
    parts: [list],
    show: (value) => {
      const text = jsonText(value);
      // A number that has no label stands for itself.
      if ([...list.options].every((option) => option.value !== text)) list.append(new Option(text, text));
      list.value = text;
    },
  };
}

function switchControl(path: string, { edit }: ControlUser): Control {
  const made = element("button", "structwire-switch");
  made.type = "button";
  made.setAttribute("role", "switch");
  made.setAttribute("aria-label", path);
  const isOn = (): boolean => made.getAttribute("aria-checked") === "true";
  made.addEventListener("click", () => {
    edit(!isOn());
  });
  return {
    parts: [made],
    show: (value) => {
      made.setAttribute("aria-checked", String(value === true || value === 1));
    },
  };
}

function textControl(path: string, entry: FieldEntry, { edit }: ControlUser): Control {
  const input = element("input", "structwire-text");
  input.setAttribute("aria-label", path);
  input.placeholder = entry.type === "bytes" ? "base64" : "";
  input.spellcheck = false;
  let shown: Json | undefined;
  input.addEventListener("change", () => {
    input.dataset["shown"] = input.value;
    edit(input.value);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") showUnlessTyping(input, typeof shown === "string" ? shown : "", true);
  });
  return {
    parts: [input],
    show: (value) => {
      shown = value;
      showUnlessTyping(input, typeof value === "string" ? value : "");
    },
  };
}

function resetButton(path: string, entry: FieldEntry, edit: (value: Json) => void): HTMLElement {
  const made = element("button", "structwire-reset");
  made.type = "button";
  made.textContent = "↺";
  const back = defaultOf(entry);
  made.title = `back to ${jsonText(back)}`;
  made.setAttribute("aria-label", `${path} back to ${jsonText(back)}`);
  made.addEventListener("click", () => {
    if (back !== undefined) edit(back);
  });
  return made;
}

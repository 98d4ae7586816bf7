// SPDX-License-Identifier: MIT
// One element of a parameter as a control: a slider with a number, a list of labels, a check box, a text.
import type { FieldEntry, Json } from "../../session/messages.ts";
import { inputText, limitsText, readNumber, sliderRange, stepOf } from "../parts/knobs/number-input.ts";
import { element, select } from "./elements.ts";

/** A control in its row. */
export interface ElementControl {
  readonly row: HTMLElement;
  /** Shows a value, and under it why another one was refused. */
  readonly show: (value: Json | undefined, reason: string) => void;
}

interface Control {
  readonly parts: readonly HTMLElement[];
  readonly show: (value: Json | undefined) => void;
}

type Edit = (value: Json) => void;

/** The control for a field; `edit` is told what the reader wants, `show` says what holds. */
export function elementControl(path: string, entry: FieldEntry, edit: Edit): ElementControl {
  const row = element("div", "structwire-knob");
  const name = element("span", "structwire-name");
  name.textContent = path;
  if (entry.doc !== undefined) name.title = entry.doc;
  const reason = element("span", "structwire-reason");
  reason.setAttribute("role", "alert");
  const { parts, show } = controlFor(path, entry, edit, (text) => {
    reason.textContent = text;
  });
  const unit = element("span", "structwire-unit");
  unit.textContent = entry.unit ?? "";
  row.append(name, ...parts, unit, reason);
  return {
    row,
    show: (value, refused) => {
      show(value);
      reason.textContent = refused;
    },
  };
}

function controlFor(path: string, entry: FieldEntry, edit: Edit, complain: (text: string) => void): Control {
  if (entry.labels !== undefined) {
    const choices = Object.keys(entry.labels).map((label) => ({ value: label, text: label }));
    const list = select(path, choices, "", edit);
    return {
      parts: [list],
      show: (value) => {
        list.value = typeof value === "string" ? value : "";
      },
    };
  }
  if (entry.type === "bool") return checkBox(path, edit);
  if (entry.type === "text" || entry.type === "bytes") return textInput(path, edit);
  return number(path, entry, edit, complain);
}

function checkBox(path: string, edit: Edit): Control {
  const box = element("input", "structwire-check");
  box.type = "checkbox";
  box.setAttribute("aria-label", path);
  box.addEventListener("change", () => {
    edit(box.checked);
  });
  return {
    parts: [box],
    show: (value) => {
      box.checked = value === true;
    },
  };
}

function textInput(path: string, edit: Edit): Control {
  const input = element("input", "structwire-number");
  input.setAttribute("aria-label", path);
  input.addEventListener("change", () => {
    input.dataset["shown"] = input.value;
    edit(input.value);
  });
  return {
    parts: [input],
    show: (value) => {
      showUnlessTyping(input, typeof value === "string" ? value : "");
    },
  };
}

function number(path: string, entry: FieldEntry, edit: Edit, complain: (text: string) => void): Control {
  const input = element("input", "structwire-number");
  input.inputMode = "decimal";
  input.setAttribute("aria-label", path);
  input.title = limitsText(entry);
  input.addEventListener("change", () => {
    input.dataset["shown"] = input.value;
    const typed = readNumber(input.value, entry);
    if (typed.ok) edit(typed.value);
    else complain(typed.reason);
  });
  const range = sliderRange(entry);
  const showNumber = (value: Json | undefined): void => {
    showUnlessTyping(input, inputText(value, entry));
  };
  if (range === null) return { parts: [input], show: showNumber };

  const slider = element("input", "structwire-slider");
  slider.type = "range";
  slider.min = String(range.min);
  slider.max = String(range.max);
  slider.step = String(stepOf(entry));
  slider.setAttribute("aria-label", `${path}, slider`);
  slider.title = limitsText(entry);
  slider.addEventListener("input", () => {
    edit(slider.valueAsNumber);
  });
  return {
    parts: [slider, input],
    show: (value) => {
      slider.value = inputText(value, entry);
      showNumber(value);
    },
  };
}

/** A text that somebody is changing is left alone until they are done. */
function showUnlessTyping(input: HTMLInputElement, value: string): void {
  const typing = document.activeElement === input && input.dataset["shown"] !== input.value;
  if (typing) return;
  input.value = value;
  input.dataset["shown"] = value;
}

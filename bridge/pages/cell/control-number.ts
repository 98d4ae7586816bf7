// SPDX-License-Identifier: MIT
// A number as a control: typed, turned by the arrow keys, and between limits by a slider.
import type { FieldEntry, Json } from "../../session/messages.ts";
import {
  inputText,
  keySteps,
  limitsText,
  readNumber,
  sliderRange,
  stepOf,
  stepped,
} from "../parts/knobs/number-input.ts";
import type { Control, ControlUser } from "./control.ts";
import { element, isTyping, showUnlessTyping } from "./elements.ts";

/** The control for a field of numbers. */
export function numberControl(path: string, entry: FieldEntry, user: ControlUser): Control {
  const input = element("input", "structwire-number");
  input.inputMode = "decimal";
  input.autocomplete = "off";
  input.setAttribute("role", "spinbutton");
  input.setAttribute("aria-label", path);
  const hint = hintText(entry);
  input.title = hint;
  let now: Json | undefined;
  const showNumber = (isForced = false): void => {
    const text = inputText(now, entry);
    input.setAttribute("aria-valuenow", text);
    showUnlessTyping(input, text, isForced);
  };

  input.addEventListener("change", () => {
    if (input.value === inputText(now, entry)) return;
    const typed = readNumber(input.value, entry);
    if (!typed.ok && user.snapsBack) showNumber(true);
    input.dataset["shown"] = input.value;
    if (typed.ok) user.edit(typed.value);
    else user.complain(typed.reason);
  });
  input.addEventListener("keydown", (event) => {
    const steps = keySteps(event);
    if (event.key === "Escape") showNumber(true);
    if (steps === undefined) return;
    event.preventDefault();
    const typed = isTyping(input) ? readNumber(input.value, entry) : null;
    const from = Number(typed?.ok === true ? typed.value : now);
    if (!Number.isFinite(from)) return;
    input.dataset["shown"] = input.value;
    user.edit(stepped(from, steps, entry));
  });

  const range = sliderRange(entry);
  if (range === null) {
    return {
      parts: [input],
      show: (value) => {
        now = value;
        showNumber();
      },
    };
  }
  const slider = element("input", "structwire-slider");
  slider.type = "range";
  slider.min = String(range.min);
  slider.max = String(range.max);
  slider.step = String(range.step);
  slider.setAttribute("aria-label", `${path}, slider`);
  slider.title = hint;
  slider.addEventListener("input", () => {
    user.edit(slider.valueAsNumber);
  });
  return {
    parts: [slider, input],
    show: (value) => {
      now = value;
      slider.value = inputText(value, entry);
      showNumber();
    },
  };
}

/** Limits and step, for those who rest on a control. */
function hintText(entry: FieldEntry): string {
  return [limitsText(entry), `step ${String(stepOf(entry))}`].filter((text) => text !== "").join(", ");
}

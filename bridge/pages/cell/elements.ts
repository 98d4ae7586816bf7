// SPDX-License-Identifier: MIT
// Elements of an output, with classes of their own so that the notebook's styles and ours leave each other alone.

/** One choice of a list. */
export interface Choice {
  readonly value: string;
  readonly text: string;
}

export function element<K extends keyof HTMLElementTagNameMap>(tag: K, className: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}

export function button(text: string, pressed: () => void): HTMLButtonElement {
  const made = element("button", "structwire-button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", pressed);
  return made;
}

/** A list to choose from, with a name for those who do not see it. */
export function select(
  name: string,
  choices: readonly Choice[],
  chosen: string,
  changed: (value: string) => void,
): HTMLSelectElement {
  const made = element("select", "structwire-select");
  made.setAttribute("aria-label", name);
  for (const { value, text } of choices) {
    const option = element("option", "");
    option.value = value;
    option.textContent = text;
    made.append(option);
  }
  made.value = chosen;
  made.addEventListener("change", () => {
    changed(made.value);
  });
  return made;
}

/** Whether somebody is changing the text of an input that {@link showUnlessTyping} filled. */
export function isTyping(input: HTMLInputElement): boolean {
  const { shown } = input.dataset;
  return document.activeElement === input && shown !== undefined && shown !== input.value;
}

/** Shows a text in an input; one that somebody is changing is left alone until they are done, unless `isForced`. */
export function showUnlessTyping(input: HTMLInputElement, text: string, isForced = false): void {
  if (!isForced && isTyping(input)) return;
  if (input.value !== text) input.value = text;
  input.dataset["shown"] = text;
}

// SPDX-License-Identifier: MIT
// The legend of a plot: each line with its colour, its value at the cursor or now, and a button that hides it.
import { plainText } from "../../parts/fields/number-text.ts";
import { element } from "../elements.ts";
import type { CellInk } from "./ink.ts";

/** One line in the legend. */
export interface LegendEntry {
  readonly key: string;
  readonly name: string;
  readonly unit: string;
  readonly color: number;
  readonly isHidden: boolean;
  /** NaN: there is none. */
  readonly value: number;
  /** Label of the value, of an enum or a switch. */
  readonly label: string | undefined;
}

interface Chip {
  readonly button: HTMLButtonElement;
  readonly swatch: HTMLElement;
  readonly value: HTMLElement;
}

/** Shows entries; is told the new values some ten times a second. */
export class Legend {
  readonly root: HTMLElement;
  readonly #ink: CellInk;
  readonly #toggled: (key: string) => void;
  #chips: readonly Chip[] = [];
  #stamp = "";

  constructor(ink: CellInk, toggled: (key: string) => void) {
    this.#ink = ink;
    this.#toggled = toggled;
    this.root = element("div", "structwire-legend");
  }

  show(entries: readonly LegendEntry[]): void {
    const stamp = entries.map(({ key, name, unit, color }) => `${key} ${name} ${unit} ${String(color)}`).join("\n");
    if (stamp !== this.#stamp) {
      this.#stamp = stamp;
      this.#chips = entries.map((entry) => this.#chip(entry));
      this.root.replaceChildren(...this.#chips.map((chip) => chip.button));
    }
    for (const [at, entry] of entries.entries()) {
      const chip = this.#chips[at];
      if (chip === undefined) continue;
      const text = entry.isHidden ? "" : valueText(entry);
      if (chip.value.textContent !== text) chip.value.textContent = text;
      chip.button.setAttribute("aria-pressed", String(!entry.isHidden));
      chip.swatch.style.background = this.#ink.line(entry.color);
    }
  }

  #chip({ key, name, color }: LegendEntry): Chip {
    const button = element("button", "structwire-chip");
    button.type = "button";
    button.title = `Show or hide ${name}`;
    const swatch = element("span", "structwire-swatch");
    swatch.style.background = this.#ink.line(color);
    const label = element("span", "structwire-label");
    label.textContent = name;
    const value = element("span", "structwire-value");
    button.append(swatch, label, value);
    button.addEventListener("click", () => {
      this.#toggled(key);
    });
    return { button, swatch, value };
  }
}

function valueText({ value, label, unit }: LegendEntry): string {
  if (label !== undefined) return label;
  return Number.isNaN(value) ? "" : `${plainText(value)} ${unit}`.trimEnd();
}

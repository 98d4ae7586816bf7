// SPDX-License-Identifier: MIT
// The look of outputs: their own classes, the notebook's font, and colours that follow what is behind them.
import { themeOf } from "./theme.ts";

const STYLE = `
.structwire-cell { color: var(--structwire-text); font: 13px/1.4 system-ui, sans-serif; padding: 4px 0; }
.structwire-bar { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 12px; padding: 0 4px 6px; }
.structwire-title { font-weight: 600; }
.structwire-status { flex: 1; color: var(--structwire-faint); font-variant-numeric: tabular-nums; }
.structwire-status.structwire-warning, .structwire-reason { color: var(--structwire-warning); }
.structwire-button, .structwire-select, .structwire-number {
  font: inherit; color: inherit; background: transparent; border: 1px solid var(--structwire-grid); border-radius: 6px;
  padding: 2px 10px; margin: 0; height: 28px; width: auto; box-sizing: border-box;
}
.structwire-button { cursor: pointer; min-width: 64px; }
.structwire-button:hover { border-color: var(--structwire-faint); }
.structwire-select option { color: initial; }
.structwire-knobs { border: 0; margin: 0; padding: 0 4px; display: grid; gap: 6px; }
.structwire-knob { display: grid; grid-template-columns: minmax(6em, 10em) minmax(8em, 18em) 7em minmax(3em, auto) 1fr;
  align-items: center; gap: 4px 12px; }
.structwire-knob > :nth-child(2):not(.structwire-slider) { grid-column: 2; justify-self: start; }
.structwire-unit { grid-column: 4; color: var(--structwire-faint); }
.structwire-reason { grid-column: 5; }
.structwire-slider { width: 100%; margin: 0; accent-color: var(--structwire-accent); }
.structwire-check { width: 18px; height: 18px; margin: 0; accent-color: var(--structwire-accent); }
.structwire-number { width: 100%; text-align: right; font-variant-numeric: tabular-nums; }
.structwire-cell :focus-visible { outline: 2px solid var(--structwire-accent); outline-offset: 1px; }
`;

const STYLE_ID = "structwire-cell-style";

/** Puts the style into the page once, and the colours onto the place; they follow when the notebook changes its theme. */
export function applyStyle(place: HTMLElement): void {
  if (document.getElementById(STYLE_ID) === null) {
    const style = document.createElement("style");
    style.id = STYLE_ID;
    style.textContent = STYLE;
    document.head.append(style);
  }
  const paint = (): void => {
    const theme = themeOf(place);
    place.style.setProperty("--structwire-text", theme.text);
    place.style.setProperty("--structwire-faint", theme.faint);
    place.style.setProperty("--structwire-grid", theme.grid);
    place.style.setProperty("--structwire-warning", theme.warning);
    place.style.setProperty("--structwire-accent", theme.lines[0] ?? theme.text);
    place.style.colorScheme = theme.dark ? "dark" : "light";
  };
  paint();
  new MutationObserver(paint).observe(document.body, { attributes: true });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
}

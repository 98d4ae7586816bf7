// SPDX-License-Identifier: MIT
// The look of outputs: their own classes, the notebook's font, and colours that follow what is behind them.
import { LINK_ATTRIBUTE } from "./link.ts";
import { themeOf } from "./theme.ts";

// Beside a plot the notebook keeps a picture of it, for readers without scripts: one of both is shown. These are the outputs of JupyterLab and Notebook 7, and of the classic Notebook.
const OUTPUT = ":is(.jp-OutputArea-child, .output_area)";
const LIVE = `[${LINK_ATTRIBUTE}="live"] > .structwire-canvas`;
const APART = `[${LINK_ATTRIBUTE}]:not([${LINK_ATTRIBUTE}="live"]) > :is(.structwire-canvas, .structwire-legend)`;

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
.structwire-request { display: grid; gap: 6px; }
.structwire-press { justify-self: start; margin: 0 0 8px calc(10em + 12px); background: var(--structwire-accent); border-color: transparent;
  color: light-dark(#fff, #111); font-weight: 600; min-width: 96px; }
.structwire-press:disabled { opacity: 0.5; }
.structwire-table { display: grid; grid-template-columns: minmax(6em, 10em) 1fr; gap: 4px 12px; padding: 0 4px; font-variant-numeric: tabular-nums; }
.structwire-table .structwire-name { color: var(--structwire-faint); }
.structwire-json { margin: 0; padding: 0 4px; max-height: 20em; overflow: auto; }
.structwire-number { width: 100%; text-align: right; font-variant-numeric: tabular-nums; }
.structwire-tools { display: flex; flex-wrap: wrap; gap: 6px; }
.structwire-tools [hidden] { display: none; }
.structwire-legend { display: flex; flex-wrap: wrap; gap: 2px 6px; padding: 0 4px 4px; }
.structwire-chip { display: inline-flex; align-items: center; gap: 6px; font: inherit; font-variant-numeric: tabular-nums; color: inherit;
  background: transparent; border: 0; border-radius: 6px; margin: 0; padding: 1px 6px; cursor: pointer; }
.structwire-chip:hover { background: var(--structwire-grid); }
.structwire-chip[aria-pressed="false"] { opacity: 0.45; text-decoration: line-through; }
.structwire-swatch { width: 12px; height: 4px; border-radius: 2px; }
.structwire-value { display: inline-block; min-width: 4.5em; text-align: left; }
.structwire-faint { color: var(--structwire-faint); }
.structwire-canvas { position: relative; overflow: hidden; border-radius: 4px; }
.structwire-canvas .uplot, .structwire-canvas .uplot * { box-sizing: border-box; }
.structwire-canvas .uplot { width: min-content; line-height: 1.5; }
.structwire-canvas .u-wrap { position: relative; user-select: none; }
.structwire-canvas :is(.u-over, .u-under, .u-axis) { position: absolute; }
.structwire-canvas .u-under { overflow: hidden; }
.structwire-canvas .uplot canvas { display: block; position: relative; width: 100%; height: 100%; }
.structwire-canvas .u-select { position: absolute; pointer-events: none; background: color-mix(in srgb, var(--structwire-accent) 18%, transparent); }
.structwire-canvas .u-over { cursor: crosshair; }
${OUTPUT}:has(${LIVE}) + ${OUTPUT}:has(img) { display: none; }
${OUTPUT}:has(+ ${OUTPUT} img) ${APART} { display: none; }
.structwire-cell :focus-visible { outline: 2px solid var(--structwire-accent); outline-offset: 1px; }
`;

const STYLE_ID = "structwire-cell-style";

/** Puts the style into the page once, and the colours onto an element that stands in it; they follow when the notebook changes its theme, for as long as the element is there. */
export function applyStyle(element: HTMLElement): void {
  if (document.getElementById(STYLE_ID) === null) {
    const style = document.createElement("style");
    style.id = STYLE_ID;
    style.textContent = STYLE;
    document.head.append(style);
  }
  paint(element);
  // The page outlives its outputs: what waits for the next theme must not keep them.
  const painted = new WeakRef(element);
  const forget = new AbortController();
  const repaint = (): void => {
    const there = painted.deref();
    if (there === undefined) forget.abort();
    else paint(there);
  };
  const observer = new MutationObserver(repaint);
  observer.observe(document.body, { attributes: true });
  forget.signal.addEventListener("abort", () => {
    observer.disconnect();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint, { signal: forget.signal });
}

function paint(element: HTMLElement): void {
  const theme = themeOf(element);
  element.style.setProperty("--structwire-text", theme.text);
  element.style.setProperty("--structwire-faint", theme.faint);
  element.style.setProperty("--structwire-grid", theme.grid);
  element.style.setProperty("--structwire-warning", theme.warning);
  element.style.setProperty("--structwire-accent", theme.lines[0] ?? theme.text);
  element.style.colorScheme = theme.dark ? "dark" : "light";
}

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
.structwire-button, .structwire-select, .structwire-number, .structwire-text {
  font: inherit; color: inherit; background: transparent; border: 1px solid var(--structwire-grid); border-radius: 6px;
  padding: 2px 10px; margin: 0; height: 28px; width: auto; box-sizing: border-box;
}
.structwire-button { cursor: pointer; min-width: 64px; }
.structwire-button:hover { border-color: var(--structwire-faint); }
.structwire-select option { color: initial; }
.structwire-button:disabled { opacity: 0.4; cursor: default; border-color: var(--structwire-grid); }
.structwire-tools[hidden], .structwire-presets[hidden], .structwire-button[hidden] { display: none; }
.structwire-step { min-width: 32px; padding: 0; font-size: 16px; }
.structwire-knobs { border: 0; margin: 0; padding: 0 4px; min-width: 0; }
.structwire-rows { display: grid; gap: 4px 12px; align-items: center;
  grid-template-columns: minmax(5em, max-content) minmax(10em, 24em) fit-content(14em) 24px minmax(0, 1fr); }
.structwire-knobs:disabled { opacity: 0.6; }
.structwire-knob { display: contents; }
.structwire-knob > * { min-width: 0; }
.structwire-name { overflow-wrap: anywhere; }
.structwire-unit { color: var(--structwire-faint); }
.structwire-reason { overflow-wrap: anywhere; }
.structwire-control { display: flex; align-items: center; gap: 12px; min-height: 28px; }
.structwire-slider { flex: 1; min-width: 60px; height: 20px; margin: 0; accent-color: var(--structwire-accent); }
.structwire-number { flex: none; width: 7em; text-align: right; font-variant-numeric: tabular-nums; }
.structwire-control > .structwire-text { flex: 1; }
.structwire-text { min-width: 0; }
.structwire-refused .structwire-number, .structwire-refused .structwire-text, .structwire-refused .structwire-select {
  border-color: var(--structwire-warning); }
.structwire-knob[data-mark="pending"] .structwire-number { font-style: italic; color: var(--structwire-faint); }
.structwire-knob[data-mark="foreign"] .structwire-name { color: var(--structwire-accent); }
.structwire-switch { position: relative; width: 36px; height: 20px; padding: 0; margin: 0; cursor: pointer; border-radius: 10px;
  border: 1px solid var(--structwire-faint); background: transparent; }
.structwire-switch::after { content: ""; position: absolute; top: 2px; left: 2px; width: 14px; height: 14px; border-radius: 7px;
  background: var(--structwire-faint); }
.structwire-switch[aria-checked="true"] { border-color: var(--structwire-accent); background: var(--structwire-accent); }
.structwire-switch[aria-checked="true"]::after { left: 18px; background: #fff; }
.structwire-reset { width: 24px; height: 24px; padding: 0; margin: 0; border: 0; border-radius: 6px; cursor: pointer;
  font: inherit; font-size: 15px; color: var(--structwire-faint); background: transparent; }
.structwire-reset:hover { color: inherit; background: var(--structwire-grid); }
.structwire-presets { margin: 8px 4px 0; padding: 8px 12px; border: 1px solid var(--structwire-grid); border-radius: 8px;
  display: grid; gap: 8px; }
.structwire-preset-list { display: grid; gap: 4px; }
.structwire-preset, .structwire-preset-form { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; margin: 0; }
.structwire-preset > .structwire-name { min-width: 8em; font-weight: 600; }
.structwire-preset > .structwire-unit { flex: 1; font-variant-numeric: tabular-nums; }
.structwire-compared:empty { display: none; }
.structwire-compared table { border-collapse: collapse; margin: 0; font: inherit; font-variant-numeric: tabular-nums; }
.structwire-compared :is(th, td) { padding: 2px 16px 2px 0; text-align: left; border: 0; background: none; }
.structwire-compared th { color: var(--structwire-faint); font-weight: 400; }
.structwire-press { margin: 8px 0; background: var(--structwire-accent); border-color: transparent;
  color: light-dark(#fff, #111); font-weight: 600; min-width: 96px; }
.structwire-table { display: grid; grid-template-columns: minmax(6em, 10em) 1fr; gap: 4px 12px; padding: 0 4px; font-variant-numeric: tabular-nums; }
.structwire-table .structwire-name { color: var(--structwire-faint); }
.structwire-json { margin: 0; padding: 0 4px; max-height: 20em; overflow: auto; }
.structwire-tools { display: flex; flex-wrap: wrap; gap: 6px; }
.structwire-tools [hidden] { display: none; }
.structwire-legend { display: flex; flex-wrap: wrap; gap: 2px 6px; padding: 0 4px 4px; }
.structwire-chip { display: inline-flex; align-items: center; gap: 6px; font: inherit; font-variant-numeric: tabular-nums; color: inherit;
  background: transparent; border: 0; border-radius: 6px; margin: 0; padding: 1px 6px; cursor: pointer; }
.structwire-chip:hover { background: var(--structwire-grid); }
.structwire-chip[aria-pressed="false"] { opacity: 0.45; text-decoration: line-through; }
.structwire-swatch { width: 12px; height: 4px; border-radius: 2px; }
.structwire-label { color: var(--structwire-faint); }
.structwire-value:empty { display: none; }
.structwire-value { font-weight: 500; min-width: 3ch; text-align: left; }
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

/** Runs what an element left to do, once the element is gone for good. */
const GONE = new FinalizationRegistry<() => void>((finish) => {
  finish();
});

/** Puts the style into the page once, and the colours onto an element that stands in it; they follow when the notebook changes its theme, for as long as the element is there. */
export function applyStyle(element: HTMLElement): void {
  if (document.getElementById(STYLE_ID) === null) {
    const style = document.createElement("style");
    style.id = STYLE_ID;
    style.textContent = STYLE;
    document.head.append(style);
  }
  paint(element);
  // The page outlives its outputs: what waits for the next theme must not keep them, and ends with them.
  const painted = new WeakRef(element);
  const repaint = (): void => {
    const there = painted.deref();
    if (there !== undefined) paint(there);
  };
  const observer = new MutationObserver(repaint);
  observer.observe(document.body, { attributes: true });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", repaint);
  GONE.register(element, () => {
    observer.disconnect();
    dark.removeEventListener("change", repaint);
  });
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

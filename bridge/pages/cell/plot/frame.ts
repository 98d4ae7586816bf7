// SPDX-License-Identifier: MIT
// The elements around a plot: title, state, what the reader can do with it, legend; and its keys.
import type { PlotSpec } from "../../../client/notebook/output.ts";
import { button, element, select } from "../elements.ts";

const WINDOWS_MS = [1000, 2000, 5000, 10_000, 30_000, 60_000];

/** What draws a plot. */
export type EngineName = "plotly" | "uplot";

/** What the frame asks of the plot. */
export interface PlotControls {
  togglePause(): void;
  window(windowMs: number): void;
  engine(name: EngineName): void;
  save(): void;
  showAll(): void;
  /** By a part of the width; from the right edge when there is no cursor yet. */
  moveCursor(by: number): void;
  /** Makes what is shown so many times as wide, about the cursor. */
  zoom(factor: number): void;
  /** Moves what is shown by a part of its width. */
  pan(by: number): void;
}

/** Steps of the keys, as parts of the width. */
const CURSOR_STEP = 1 / 200;
const PAN_STEP = 1 / 10;

/** The frame of one plot. */
export class PlotFrame {
  readonly root: HTMLElement;
  readonly canvas: HTMLElement;
  readonly #bar: HTMLElement;
  readonly #title: HTMLElement;
  readonly #status: HTMLElement;
  readonly #pause: HTMLButtonElement;
  readonly #all: HTMLButtonElement;
  readonly #window: HTMLSelectElement;
  readonly #engine: HTMLSelectElement;
  readonly #tools: HTMLElement;

  constructor(spec: PlotSpec, legend: HTMLElement, controls: PlotControls) {
    this.root = element("div", "structwire-cell");
    this.#title = element("strong", "structwire-title");
    this.#status = element("span", "structwire-status");
    this.#status.setAttribute("role", "status");
    this.canvas = element("div", "structwire-canvas");
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "group");
    this.#all = button("Show all", () => {
      controls.showAll();
    });
    this.#pause = button("Pause", () => {
      controls.togglePause();
    });
    const save = button("Save PNG", () => {
      controls.save();
    });
    const engines = [
      { value: "uplot", text: "uPlot" },
      { value: "plotly", text: "plotly" },
    ];
    this.#engine = select("Drawn by", engines, "", (value) => {
      controls.engine(value === "plotly" ? "plotly" : "uplot");
    });
    const lengths = [...new Set([...WINDOWS_MS, spec.windowMs])].sort((a, b) => a - b);
    const choices = lengths.map((ms) => ({ value: String(ms), text: `${String(ms / 1000)} s` }));
    this.#window = select("Window", choices, String(spec.windowMs), (value) => {
      controls.window(Number(value));
    });
    this.#window.hidden = spec.view === "bars";
    this.#tools = element("span", "structwire-tools");
    this.#tools.append(this.#all, this.#engine, this.#window, save, this.#pause);
    this.#bar = element("div", "structwire-bar");
    this.#bar.append(this.#title, this.#status, this.#tools);
    this.root.append(this.#bar, legend, this.canvas);
    this.canvas.addEventListener("keydown", (event) => {
      if (press(event, controls)) event.preventDefault();
    });
    // The notebook has keys of its own, which shall not act while a plot has the focus.
    this.root.addEventListener("keydown", (event) => {
      event.stopPropagation();
    });
    this.describe(spec);
  }

  describe({ title, heightPx }: PlotSpec): void {
    this.#title.textContent = title;
    this.canvas.style.height = `${String(heightPx)}px`;
    const keys = "arrow keys move the cursor, + and − zoom, shift with arrows moves, 0 shows all, space pauses";
    this.canvas.setAttribute("aria-label", `Plot ${title}: ${keys}`);
  }

  /** Shows how the plot is; a warning stands out. */
  tell(text: string, isWarning: boolean): void {
    if (this.#status.textContent !== text) this.#status.textContent = text;
    this.#status.classList.toggle("structwire-warning", isWarning);
  }

  showPaused(isPaused: boolean): void {
    this.#pause.textContent = isPaused ? "Go on" : "Pause";
    this.#pause.setAttribute("aria-pressed", String(isPaused));
  }

  showZoomed(isZoomed: boolean): void {
    this.#all.hidden = !isZoomed;
  }

  showWindow(windowMs: number): void {
    const value = String(windowMs);
    if (![...this.#window.options].some((option) => option.value === value)) {
      this.#window.add(new Option(`${String(windowMs / 1000)} s`, value));
    }
    this.#window.value = value;
  }

  showEngine(name: EngineName): void {
    this.#engine.value = name;
  }

  /** Nothing can be done with it any more. */
  end(): void {
    this.#tools.remove();
    this.canvas.removeAttribute("tabindex");
  }
}

/** Does what a key stands for. Returns whether it stands for anything. */
function press({ key, shiftKey, ctrlKey, altKey, metaKey }: KeyboardEvent, controls: PlotControls): boolean {
  if (ctrlKey || altKey || metaKey) return false;
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const sign = key === "ArrowLeft" ? -1 : 1;
    if (shiftKey) controls.pan(sign * PAN_STEP);
    else controls.moveCursor(sign * CURSOR_STEP);
  } else if (key === "+" || key === "=") controls.zoom(0.5);
  else if (key === "-") controls.zoom(2);
  else if (key === "0" || key === "Escape") controls.showAll();
  else if (key === " ") controls.togglePause();
  else return false;
  return true;
}

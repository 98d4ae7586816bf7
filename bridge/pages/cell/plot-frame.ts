// SPDX-License-Identifier: MIT
// The elements around a plot: title, state, window length, pause.
import type { PlotSpec } from "../../client/notebook/output.ts";
import { button, element, select } from "./elements.ts";

const WINDOWS_MS = [1000, 2000, 5000, 10_000, 30_000, 60_000];

/** What the reader of a plot can do, and where things are shown. */
export interface PlotFrame {
  readonly canvas: HTMLElement;
  readonly root: HTMLElement;
  /** Shows how the plot is; a warning stands out. */
  readonly tell: (text: string, isWarning: boolean) => void;
}

/** What the frame asks of the plot. */
export interface PlotControls {
  pause(paused: boolean): void;
  window(windowMs: number): void;
}

/** Puts the frame into the place of the output. */
export function plotFrame(place: HTMLElement, spec: PlotSpec, controls: PlotControls): PlotFrame {
  const root = element("div", "structwire-cell");
  const status = element("span", "structwire-status");
  status.setAttribute("role", "status");
  const canvas = element("div", "structwire-canvas");
  canvas.style.height = `${String(spec.heightPx)}px`;

  let paused = false;
  const pause = button("Pause", () => {
    paused = !paused;
    pause.textContent = paused ? "Go on" : "Pause";
    pause.setAttribute("aria-pressed", String(paused));
    controls.pause(paused);
  });
  const lengths = [...new Set([...WINDOWS_MS, spec.windowMs])].sort((a, b) => a - b);
  const choices = lengths.map((ms) => ({ value: String(ms), text: `${String(ms / 1000)} s` }));
  const length = select("Window", choices, String(spec.windowMs), (value) => {
    controls.window(Number(value));
  });

  const title = element("strong", "structwire-title");
  title.textContent = spec.title;
  const bar = element("div", "structwire-bar");
  bar.append(title, status, length, pause);
  root.append(bar, canvas);
  place.replaceChildren(root);
  return {
    canvas,
    root,
    tell: (text, isWarning) => {
      if (status.textContent !== text) status.textContent = text;
      status.classList.toggle("structwire-warning", isWarning);
    },
  };
}

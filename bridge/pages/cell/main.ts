// SPDX-License-Identifier: MIT
// What the outputs of notebook cells import from the bridge: shows a live plot, knobs or a form in the places of an output.
import { type CellSpec, PLACE_ATTRIBUTE, type PlotSpec } from "../../client/notebook/output.ts";
import { showCall } from "./call.ts";
import { showKnobs } from "./knobs.ts";
import { Frames } from "./plot/frames.ts";
import { showPlot } from "./plot/live-plot.ts";
import { Shown } from "./shown.ts";

// The script may run before the notebook has put the output into the page.
const PLACE_WAIT_MS = 10_000;
const TAKEN_ATTRIBUTE = "data-structwire-shown";

const frames = new Frames();
const plots = new Shown<PlotSpec>((place, spec) => showPlot(place, spec, frames));
const knobs = new Shown(showKnobs);
const forms = new Shown(showCall);

/** Shows a spec in every place of that name that shows nothing yet; waits a while for the first one. */
export function show(place: string, spec: CellSpec): void {
  const selector = `[${PLACE_ATTRIBUTE}="${CSS.escape(place)}"]:not([${TAKEN_ATTRIBUTE}])`;
  if (fill(selector, spec)) return;
  const observer = new MutationObserver(() => {
    if (fill(selector, spec)) observer.disconnect();
  });
  observer.observe(document.documentElement, { childList: true, subtree: true });
  setTimeout(() => {
    observer.disconnect();
  }, PLACE_WAIT_MS);
}

function fill(selector: string, spec: CellSpec): boolean {
  const places = document.querySelectorAll<HTMLElement>(selector);
  for (const place of places) {
    place.setAttribute(TAKEN_ATTRIBUTE, "");
    showIn(place, spec);
  }
  return places.length > 0;
}

function showIn(place: HTMLElement, spec: CellSpec): void {
  if (spec.kind === "knobs") knobs.show(place, spec);
  else if (spec.kind === "call") forms.show(place, spec);
  else if (!spec.isClosed) plots.show(place, spec);
  // Its last picture stands beside it.
  else if (!plots.end(place, spec)) place.textContent = `${spec.title}: closed`;
}

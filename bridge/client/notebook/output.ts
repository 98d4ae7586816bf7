// SPDX-License-Identifier: MIT
// The HTML of a live output: a text that stands for it where no script runs, and a script that asks the bridge for the rest.
import { reachScript } from "./reach.ts";

/** What every output knows: where its bridge is, and a ticket that opens only what it shows. Never the bridge's token: outputs are saved. */
interface CellAccess {
  /** Of this plot or these knobs, whichever output shows them: a later output of the same id goes on with what is there. */
  readonly id: string;
  readonly url: string;
  readonly ticket: string;
  readonly title: string;
}

/** What a plot draws: values over time, the newest sample as bars, one field over another, or amplitudes over frequency. */
export type PlotView = "lines" | "bars" | "xy" | "spectrum";

/** What draws it in the browser; `auto` takes what the rate of the samples asks for. */
export type PlotEngine = "auto" | "plotly" | "uplot";

/** Fields of one channel. */
export interface PlotSeries {
  readonly channel: string;
  readonly fields: readonly string[];
}

/** A live plot. */
export interface PlotSpec extends CellAccess {
  readonly kind: "plot";
  /** At least one; of `xy` the first field of the first is the x axis. */
  readonly series: readonly PlotSeries[];
  readonly view: PlotView;
  readonly engine: PlotEngine;
  readonly windowMs: number;
  readonly heightPx: number;
  readonly isPaused: boolean;
  /** It ends: what is shown stays as it is. */
  readonly isClosed: boolean;
}

/** The knobs of one parameter. */
export interface KnobsSpec extends CellAccess {
  readonly kind: "knobs";
  readonly parameter: string;
  /** Those to show, of all when it is not there. */
  readonly fields?: readonly string[];
}

/** A service as a form. */
export interface CallSpec extends CellAccess {
  readonly kind: "call";
  readonly service: string;
  /** What stands on its button. */
  readonly button: string;
}

/** What an output hands to the module `cell.mjs` that the bridge serves. */
export type CellSpec = PlotSpec | KnobsSpec | CallSpec;

/** A spec without what opens the bridge. */
export type Unopened<S extends CellSpec> = Omit<S, "url" | "ticket">;

/** The attribute by which the module finds the places of an output; a notebook may show one output twice. */
export const PLACE_ATTRIBUTE = "data-structwire";

/** The whole output of a spec; `what` names it where it cannot be live. */
export function outputHtml(spec: CellSpec, what: string): string {
  const place = crypto.randomUUID();
  const places = `[${PLACE_ATTRIBUTE}="${place}"]`;
  const gone = `${what}: no bridge answers at ${spec.url}. Start it, then run this cell again, or reconnect.`;
  return (
    `<div ${PLACE_ATTRIBUTE}="${place}">${escaped(what)}: live while its bridge runs at ${escaped(spec.url)}.</div>\n` +
    `<script>\n${reachScript({ url: spec.url, places, gone, arguments: [place, spec] })}\n</script>`
  );
}

/** What stands in the place of an output that was closed. */
export function closedHtml(what: string): string {
  return `<div>${escaped(what)}: closed.</div>`;
}

/** Text as HTML. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);
}

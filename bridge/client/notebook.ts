// SPDX-License-Identifier: MIT
// Draws live plots and knobs into the output of a notebook cell.
import { BridgeError } from "../model/errors.ts";
import type { Client } from "./client.ts";

/** What a notebook kernel gives to draw with; tslab's own module is one. */
export interface Notebook {
  readonly display: { html(html: string): void };
  newDisplay?(): { html(html: string): void };
}

/** How a live plot looks. */
export interface PlotOptions {
  readonly title?: string;
  /** How much of the past is shown, in ms (default 10 000). */
  readonly windowMs?: number;
  /** Height in CSS pixels. */
  readonly heightPx?: number;
}

/** How knobs look. */
export interface KnobOptions {
  readonly title?: string;
}

/** Draws a live plot of some fields of a channel in the running cell. Rejects with `invalid_argument` without a notebook. */
export function drawPlot(
  client: Client,
  channel: string,
  fields: readonly string[],
  options: PlotOptions,
): Promise<void> {
  return notBuilt(client, [channel, fields, options]);
}

/** Draws the knobs of a parameter in the running cell. Rejects with `invalid_argument` without a notebook. */
export function drawKnobs(client: Client, parameter: string, options: KnobOptions): Promise<void> {
  return notBuilt(client, [parameter, options]);
}

function notBuilt(client: Client, wanted: readonly unknown[]): Promise<void> {
  const reason = client.notebook === undefined ? "call client.attach(…) first" : `cannot draw ${String(wanted[0])}`;
  return Promise.reject(new BridgeError("invalid_argument", reason));
}

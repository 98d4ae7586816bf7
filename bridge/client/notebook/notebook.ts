// SPDX-License-Identifier: MIT
// Draws live plots and knobs into the output of a notebook cell: the output connects to the bridge by itself, no sample passes through the kernel.
import { BridgeError } from "../../model/errors.ts";
import type { TicketGrant } from "../../session/messages.ts";
import type { Client } from "../client.ts";
import { type CellSpec, outputHtml, type PlotEngine, type PlotView } from "./output.ts";

/** What a notebook kernel gives to draw with; tslab's own module is one. */
export interface Notebook {
  readonly display: { html(html: string): void };
  newDisplay?(): { html(html: string): void };
}

/** How a live plot looks. */
export interface PlotOptions {
  readonly title?: string;
  /** How much of the past is shown, in ms (default 10 000, at most 60 000). */
  readonly windowMs?: number;
  /** Height in CSS pixels (default 300). */
  readonly heightPx?: number;
  /** Default `lines`. */
  readonly view?: PlotView;
  /** Default `auto`. */
  readonly engine?: PlotEngine;
}

/** How knobs look. */
export interface KnobOptions {
  readonly title?: string;
  /** Those to show (default all). */
  readonly fields?: readonly string[];
}

/** How a form looks. */
export interface FormOptions {
  readonly title?: string;
  /** What stands on its button (default `Call`). */
  readonly button?: string;
}

const DEFAULT_WINDOW_MS = 10_000;
const MAX_WINDOW_MS = 60_000;
const DEFAULT_HEIGHT_PX = 300;

/**
 * Draws a live plot of some fields of a channel in the running cell. Rejects with `invalid_argument` without a notebook, with `unknown_channel` or
 * `unknown_field` when the bridge has no such thing to plot.
 */
export async function drawPlot(
  client: Client,
  channel: string,
  fields: readonly string[],
  options: PlotOptions,
): Promise<void> {
  const draw = beginOutput(client, `${channel}: ${fields.join(", ")}`);
  const entry = (await client.list()).channels.find((each) => each.channel === channel);
  if (entry === undefined) throw new BridgeError("unknown_channel", `there is no channel "${channel}" to plot`);
  // What JSON holds is known from its samples only.
  const known =
    entry.kind === "json"
      ? fields
      : entry.fields.filter(({ type }) => type !== "text" && type !== "bytes").map(({ name }) => name);
  const unknown = fields.find((field) => !known.includes(field));
  if (unknown !== undefined) {
    throw new BridgeError("unknown_field", `"${channel}" has no "${unknown}" to plot; it has ${known.join(", ")}`);
  }
  await draw({ channels: [channel] }, (access) => ({
    ...access,
    kind: "plot",
    series: [{ channel, fields }],
    view: options.view ?? "lines",
    engine: options.engine ?? "auto",
    isPaused: false,
    isClosed: false,
    title: options.title ?? channel,
    windowMs: Math.min(options.windowMs ?? DEFAULT_WINDOW_MS, MAX_WINDOW_MS),
    heightPx: options.heightPx ?? DEFAULT_HEIGHT_PX,
  }));
}

/** Draws the knobs of a parameter in the running cell. Rejects with `invalid_argument` without a notebook, with `unknown_parameter` when the bridge has none such. */
export async function drawKnobs(client: Client, parameter: string, options: KnobOptions): Promise<void> {
  const draw = beginOutput(client, parameter);
  const entry = (await client.list()).parameters.find((each) => each.parameter === parameter);
  if (entry === undefined) throw new BridgeError("unknown_parameter", `there is no parameter "${parameter}"`);
  // The channel that it governs too: without it the answer to a set could not name the first sample after.
  const grant = { parameters: [parameter], channels: entry.channel === null ? [] : [entry.channel] };
  await draw(grant, (access) => ({
    ...access,
    kind: "knobs",
    parameter,
    title: options.title ?? parameter,
    ...(options.fields === undefined ? {} : { fields: options.fields }),
  }));
}

/**
 * Draws a service as a form in the running cell: a control for each field of its request, a button that calls it, and what it replied. Rejects with `invalid_argument` without a
 * notebook, with `unknown_service` when the bridge has none such.
 */
export async function drawForm(client: Client, service: string, options: FormOptions): Promise<void> {
  const draw = beginOutput(client, service);
  const isThere = (await client.list()).services.some((each) => each.service === service);
  if (!isThere) throw new BridgeError("unknown_service", `there is no service "${service}"`);
  const { title = service, button = "Call" } = options;
  await draw({ services: [service] }, (access) => ({ ...access, kind: "call", service, title, button }));
}

type Draw = (grant: TicketGrant, spec: (access: Pick<CellSpec, "id" | "url" | "ticket">) => CellSpec) => Promise<void>;

/** Takes the output's place in the cell at once, before anything is awaited: later output would go to whichever cell then runs. */
function beginOutput(client: Client, what: string): Draw {
  const { notebook } = client;
  if (notebook === undefined) {
    throw new BridgeError("invalid_argument", "nothing to draw in: call client.attach(tslab) first");
  }
  const output = notebook.newDisplay?.();
  output?.html(`<div></div>`);
  return async (grant, spec) => {
    const { ticket } = await client.ticket(grant);
    (output ?? notebook.display).html(outputHtml(spec({ id: crypto.randomUUID(), url: client.url, ticket }), what));
  };
}

// SPDX-License-Identifier: MIT
// Puts the page /plot together: finds the numbers of its channels, plots those that were asked for, and keeps the choice in the address.
import { effect, signal, untracked, type Signal } from "@preact/signals";
import type { ChannelEntry } from "../../session/messages.ts";
import { elementCount, fieldKey, fieldRef, isPlottable, type FieldRef } from "../../client/trace/field-ref.ts";
import { WINDOWS_S } from "../parts/plot/plots.ts";
import { Scope } from "../parts/scope.ts";
import type { Shell } from "../parts/shell.ts";
import { jsonFields, MAX_JSON_FIELDS, parsePayload } from "../../client/trace/json-columns.ts";
import { isWanted, queryOf, type PlotChoice } from "./plot-choice.ts";

/** What a page shows at most without being asked for more: more lines than colours say nothing. */
const FIRST_LINES = 8;

/** Everything behind the view; made once. */
export class PlotPage {
  readonly scope: Scope;
  /** The channels of this page; none: one is to be chosen. */
  readonly channels: Signal<readonly string[]>;
  /** All numbers that those channels are known to have. */
  readonly fields: Signal<readonly FieldRef[]> = signal<readonly FieldRef[]>([]);
  readonly #choice: PlotChoice;
  readonly #seen = new Map<string, unknown>();
  /** What was plotted by itself or taken off by hand is not plotted by itself again. */
  readonly #offered = new Set<string>();
  readonly #hasChosen: Signal<boolean> = signal(false);

  constructor(shell: Shell, choice: PlotChoice, fontFamily: string) {
    this.#choice = choice;
    this.scope = new Scope(shell, fontFamily);
    this.channels = signal(choice.channels);
    const [nearest] = [...WINDOWS_S].sort((a, b) => Math.abs(a - choice.windowS) - Math.abs(b - choice.windowS));
    if (nearest !== undefined) this.scope.plots.setWindow(nearest);
    this.scope.follow((channel) => this.channels.value.includes(channel));
    effect(() => {
      const channels = this.channels.value;
      const { directory } = this.scope.catalog;
      const entries = directory.value.channels.filter(({ channel }) => channels.includes(channel));
      untracked(() => {
        for (const entry of entries) if (entry.kind === "struct") this.#found(structFields(entry));
      });
    });
    shell.frames.onText(() => {
      for (const channel of this.channels.peek()) this.#look(channel);
    });
  }

  /** Shows one more channel. */
  add(channel: string): void {
    if (!this.channels.peek().includes(channel)) this.channels.value = [...this.channels.peek(), channel];
  }

  /** Plots a number, or takes it off. */
  toggle(field: FieldRef): void {
    this.#hasChosen.value = true;
    this.scope.plots.toggle(field);
  }

  /** Calls `keep` with the query of an address that shows the same, whenever it changes. */
  keepAddress(keep: (query: string) => void): void {
    effect(() => {
      const { series, windowS } = this.scope.plots;
      const fields = series.value.map(({ field }) => field.label);
      const chosen = this.#hasChosen.value ? [...new Set(fields)] : this.#choice.fields;
      keep(queryOf({ channels: this.channels.value, fields: chosen, windowS: windowS.value }));
    });
  }

  /** Samples of JSON channels may bring numbers that were not there before. */
  #look(channel: string): void {
    const { latest } = this.scope.feeds.trace(channel);
    if (latest === null || latest.carries !== "json" || this.#seen.get(channel) === latest) return;
    this.#seen.set(channel, latest);
    const newest = latest.payloads().at(-1);
    if (newest !== undefined) this.#found(jsonFields(channel, parsePayload(newest)));
  }

  #found(fields: readonly FieldRef[]): void {
    const known = this.fields.peek();
    const keys = new Set(known.map(fieldKey));
    const fresh = fields.filter((field) => !keys.has(fieldKey(field)));
    if (fresh.length === 0) return;
    this.fields.value = [...known, ...fresh].slice(0, MAX_JSON_FIELDS * Math.max(1, this.channels.peek().length));
    const { plots } = this.scope;
    for (const field of fresh) {
      if (this.#offered.has(fieldKey(field)) || !isWanted(field, this.#choice)) continue;
      if (this.#choice.fields.length === 0 && plots.series.peek().length >= FIRST_LINES) continue;
      this.#offered.add(fieldKey(field));
      plots.add(field);
    }
  }
}

function structFields({ channel, fields }: ChannelEntry): FieldRef[] {
  return fields
    .filter(isPlottable)
    .flatMap((entry) =>
      Array.from({ length: Math.min(elementCount(entry), 16) }, (_, element) => fieldRef(channel, entry, element)),
    );
}

// SPDX-License-Identifier: MIT
// What to do while nothing is plotted, with a few fields to begin with.
import type { JSX } from "preact";
import { fieldRef, isPlottable, elementCount, type FieldRef } from "../../../client/trace/field-ref.ts";
import type { ChannelEntry } from "../../../session/messages.ts";
import { Icon } from "../../parts/view/icon.tsx";
import { usePage } from "./page-context.ts";

const SUGGESTIONS = 4;

export function EmptyPlots(): JSX.Element {
  const { catalog, plots } = usePage();
  const suggested = suggestions(catalog.directory.value.channels);
  return (
    <div class="empty-plots">
      <svg viewBox="0 0 240 80" aria-hidden="true">
        <path class="empty-grid" d="M0 20h240M0 40h240M0 60h240M40 0v80M80 0v80M120 0v80M160 0v80M200 0v80" />
        <path class="empty-line" d="M0 40c15-42 25-42 40 0s25 42 40 0 25-42 40 0 25 42 40 0 25-42 40 0 25 42 40 0" />
      </svg>
      <h2>Nothing is plotted yet</h2>
      <p>Choose a field in the list of channels: every sample of it is drawn from then on.</p>
      {suggested.length > 0 && (
        <div class="suggestions">
          {suggested.map((field) => (
            <button
              key={`${field.channel} ${field.label}`}
              type="button"
              class="button"
              onClick={() => {
                plots.add(field);
              }}
            >
              <Icon name="plus" />
              <span>
                <span class="muted">{field.channel} </span>
                {field.label}
              </span>
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** Scalar numbers with a unit: of the fastest channel two, then one of each other. */
function suggestions(channels: readonly ChannelEntry[]): FieldRef[] {
  const byRate = channels.filter(({ kind }) => kind === "struct").sort((a, b) => b.rate - a.rate);
  return byRate
    .flatMap(({ channel, fields }, index) =>
      fields
        .filter((entry) => isPlottable(entry) && elementCount(entry) === 1 && entry.unit !== undefined)
        .slice(0, index === 0 ? 2 : 1)
        .map((entry) => fieldRef(channel, entry)),
    )
    .slice(0, SUGGESTIONS);
}

// SPDX-License-Identifier: MIT
// A line's legend: its colour, its name, its value now or under the cursor, and what takes it off.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { SteadyNumber } from "../../fields/number-text.ts";
import { fieldText } from "../../fields/value-text.ts";
import { slackMs } from "../../plot/figure.ts";
import type { Series } from "../../plot/panel.ts";
import type { Scope } from "../../scope.ts";
import { Icon } from "../icon.tsx";
import { LiveText } from "../live-text.tsx";
import { useScope } from "./scope-context.ts";

export function SeriesChip({ series }: { readonly series: Series }): JSX.Element {
  const scope = useScope();
  const { field, color } = series;
  const steady = useMemo(() => new SteadyNumber(), [series.key]);
  const read = (): string => {
    const recorder = scope.plots.recorder(field.channel);
    const view = scope.plots.view();
    const { timeMs } = scope.cursor;
    const at = timeMs === null ? recorder.before(view.right) : recorder.near(timeMs, slackMs(view));
    const value = at === null ? NaN : recorder.value(field.label, at);
    return Number.isNaN(value) ? "–" : fieldText(value, field, steady);
  };
  const absence = absenceOf(scope, field.channel);
  return (
    <li class="chip" data-down={absence === null ? undefined : ""}>
      <span class="swatch" data-color={color} aria-hidden="true" />
      <span class="chip-name" title={field.doc === "" ? undefined : field.doc}>
        <span class="muted">{field.channel} </span>
        {field.label}
      </span>
      {absence !== null && <span class="badge badge-bad">{absence}</span>}
      <LiveText class="value" read={read} />
      <button
        type="button"
        class="button button-small"
        aria-label={`Remove ${field.channel} ${field.label} from the plot`}
        title="Remove"
        onClick={() => {
          scope.plots.remove(series);
        }}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}

/** Why a channel brings nothing now; null when it is there. */
function absenceOf(scope: Scope, channel: string): string | null {
  const entry = scope.catalog.channel(channel);
  if (entry === undefined) return "gone";
  const state = scope.catalog.driver(entry.driver)?.state ?? "up";
  return state === "up" ? null : state;
}

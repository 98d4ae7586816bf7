// SPDX-License-Identifier: MIT
// A line's legend: its colour, its name, its value now or under the cursor, and what takes it off.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { SteadyNumber } from "../../fields/number-text.ts";
import { fieldText } from "../../fields/value-text.ts";
import { slackMs } from "../../plot/figure.ts";
import type { Series } from "../../plot/panel.ts";
import { Icon } from "../parts/icon.tsx";
import { LiveText } from "../parts/live-text.tsx";
import { usePage } from "../page-context.ts";

export function SeriesChip({ series }: { readonly series: Series }): JSX.Element {
  const page = usePage();
  const { field, color } = series;
  const steady = useMemo(() => new SteadyNumber(), [series.key]);
  const read = (): string => {
    const recorder = page.plots.recorder(field.channel);
    const view = page.plots.view();
    const { timeMs } = page.cursor;
    const at = timeMs === null ? recorder.before(view.right) : recorder.near(timeMs, slackMs(view));
    const value = at === null ? NaN : recorder.value(field.label, at);
    return Number.isNaN(value) ? "–" : fieldText(value, field, steady);
  };
  const isDown = page.catalog.driver(field.channel.split("/")[0] ?? "")?.state === "down";
  return (
    <li class="chip" data-down={isDown ? "" : undefined}>
      <span class="swatch" data-color={color} aria-hidden="true" />
      <span class="chip-name" title={field.doc === "" ? undefined : field.doc}>
        <span class="muted">{field.channel} </span>
        {field.label}
      </span>
      {isDown && <span class="badge badge-bad">down</span>}
      <LiveText class="value" read={read} />
      <button
        type="button"
        class="button button-small"
        aria-label={`Remove ${field.channel} ${field.label} from the plot`}
        title="Remove"
        onClick={() => {
          page.plots.remove(series);
        }}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}

// SPDX-License-Identifier: MIT
// One panel of lines that share an axis, with its legend.
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Figure } from "../../plot/figure.ts";
import type { Panel } from "../../plot/panel.ts";

import { SeriesChip } from "./series-chip.tsx";
import { useScope } from "./scope-context.ts";

interface PlotCardProps {
  readonly panel: Panel;
  /** Whether the times are written below: only under the last panel. */
  readonly hasTimes: boolean;
}

/** Pixels that an arrow key moves the cursor; with Shift ten times as many. */
const CURSOR_STEP_PX = 1;

export function PlotCard({ panel, hasTimes }: PlotCardProps): JSX.Element {
  const scope = useScope();
  const host = useRef<HTMLDivElement>(null);
  const figure = useRef<Figure | null>(null);
  const shown = useRef({ panel, hasTimes });
  shown.current = { panel, hasTimes };

  useEffect(() => {
    const place = host.current;
    if (place === null) return;
    const drawn = (figure.current = new Figure(place, scope.ink, scope.cursor, (view) => {
      scope.plots.zoom(view);
    }));
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    const sizes = new ResizeObserver(() => {
      drawn.resize(place.clientWidth, place.clientHeight);
    });
    sizes.observe(place);
    const end = scope.frames.onFrame(() =>
      drawn.frame({
        view: scope.plots.view(),
        panel: shown.current.panel,
        labels: shown.current.panel.labels,
        hasTimes: shown.current.hasTimes,
        recorder: (channel) => scope.plots.recorder(channel),
        turn: scope.plots.turn.peek(),
        isCalm: calm.matches,
      }),
    );
    return () => {
      end();
      scope.cursor.hide();
      sizes.disconnect();
      drawn.destroy();
    };
  }, [scope, panel.key]);

  const move = (event: KeyboardEvent): void => {
    const step = CURSOR_STEP_PX * (event.shiftKey ? 10 : 1);
    if (event.key === "ArrowLeft") figure.current?.moveCursor(-step);
    else if (event.key === "ArrowRight") figure.current?.moveCursor(step);
    else if (event.key === "Escape") scope.cursor.hide();
    else return;
    event.preventDefault();
  };
  const thinned = [...scope.feeds.thinned.value].filter(([channel]) =>
    panel.series.some(({ field }) => field.channel === channel),
  );
  const names = panel.series.map(({ field }) => `${field.channel} ${field.label}`).join(", ");
  return (
    <section class="plot" aria-label={`Plot of ${names}`}>
      <div class="plot-head">
        <h2 class="plot-unit">{panel.title}</h2>
        <ul class="chips">
          {panel.series.map((series) => (
            <SeriesChip key={series.key} series={series} />
          ))}
        </ul>
        {thinned.map(([channel, { columnMs }]) => (
          <p key={channel} class="plot-thinned">
            {channel} thinned: lowest and highest of each {columnMs} ms
          </p>
        ))}
      </div>
      <div
        class="plot-canvas"
        ref={host}
        tabIndex={0}
        role="img"
        aria-label={`${names}. Left and right arrows move the cursor; the legend tells the values.`}
        onKeyDown={move}
        onDblClick={() => {
          scope.plots.unzoom();
        }}
      />
    </section>
  );
}

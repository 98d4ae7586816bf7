// SPDX-License-Identifier: MIT
// All plots, one below the other on one time axis.
import type { ComponentChildren, JSX } from "preact";

import { PlotCard } from "./plot-card.tsx";
import { PlotToolbar } from "./plot-toolbar.tsx";
import { useScope } from "./scope-context.ts";

interface PlotPanelProps {
  /** More for the line of buttons. */
  readonly tools?: ComponentChildren;
  /** What stands there while nothing is plotted. */
  readonly children: ComponentChildren;
}

export function PlotPanel({ tools, children }: PlotPanelProps): JSX.Element {
  const { plots } = useScope();
  const panels = plots.panels.value;
  return (
    <section class="panel panel-plots" aria-label="Plots" data-paused={plots.isPaused.value ? "" : undefined}>
      {panels.length === 0 ? (
        children
      ) : (
        <>
          <PlotToolbar>{tools}</PlotToolbar>
          <div class="plots">
            {panels.map((panel, index) => (
              <PlotCard key={panel.key} panel={panel} hasTimes={index === panels.length - 1} />
            ))}
          </div>
        </>
      )}
    </section>
  );
}

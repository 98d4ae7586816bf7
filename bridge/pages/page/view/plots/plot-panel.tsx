// SPDX-License-Identifier: MIT
// All plots, one below the other on one time axis.
import type { JSX } from "preact";
import { usePage } from "../page-context.ts";
import { EmptyPlots } from "./empty-plots.tsx";
import { PlotCard } from "./plot-card.tsx";
import { PlotToolbar } from "./plot-toolbar.tsx";

export function PlotPanel(): JSX.Element {
  const { plots } = usePage();
  const panels = plots.panels.value;
  return (
    <section class="panel panel-plots" aria-label="Plots" data-paused={plots.isPaused.value ? "" : undefined}>
      {panels.length === 0 ? (
        <EmptyPlots />
      ) : (
        <>
          <PlotToolbar />
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

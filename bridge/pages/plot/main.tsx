// SPDX-License-Identifier: MIT
// The page /plot: live lines of the channels that its address names.
import { startSmallPage } from "../parts/start-small-page.tsx";
import { ScopeContext } from "../parts/view/plots/scope-context.ts";
import { choiceOf } from "./plot-choice.ts";
import { PlotPage } from "./plot-page.ts";
import { PlotView } from "./view/plot-view.tsx";

startSmallPage("structwire-plot", (shell) => {
  const choice = choiceOf(new URLSearchParams(location.search));
  const page = new PlotPage(shell, choice, getComputedStyle(document.body).fontFamily);
  page.keepAddress((query) => {
    history.replaceState(null, "", `${location.pathname}${query === "" ? "" : `?${query}`}${location.hash}`);
  });
  return {
    view: (
      <ScopeContext.Provider value={page.scope}>
        <PlotView page={page} />
      </ScopeContext.Provider>
    ),
    themed: () => {
      page.scope.ink.refresh();
    },
    pressed: ({ key }) => {
      if (key === "p" || key === " ") page.scope.plots.togglePause();
    },
  };
});

// SPDX-License-Identifier: MIT
// What acts on all plots: pause, the window, the time under the cursor, clear, remove.
import type { ComponentChildren, JSX } from "preact";
import { clockText } from "../../fields/number-text.ts";
import { Icon } from "../icon.tsx";
import { LiveText } from "../live-text.tsx";

import { WindowChoice } from "./window-choice.tsx";
import { useScope } from "./scope-context.ts";

/** `children` stand beside the length of the window. */
export function PlotToolbar({ children }: { readonly children: ComponentChildren }): JSX.Element {
  const scope = useScope();
  const { plots } = scope;
  const paused = plots.isPaused.value;
  return (
    <div class="toolbar" role="toolbar" aria-label="Plots">
      <button
        type="button"
        class="button"
        aria-pressed={paused}
        title="Pause and go on (p)"
        onClick={() => {
          plots.togglePause();
        }}
      >
        <Icon name={paused ? "play" : "pause"} />
        <span class="wide-only">{paused ? "Go on" : "Pause"}</span>
      </button>
      <WindowChoice />
      {children}
      {plots.isZoomed.value && (
        <button
          type="button"
          class="button"
          onClick={() => {
            plots.unzoom();
          }}
        >
          <Icon name="zoom" /> Whole window
        </button>
      )}
      <span class="space" />
      <LiveText
        class="cursor-time"
        read={() => (scope.cursor.timeMs === null ? "" : clockText(scope.cursor.timeMs, 3))}
      />
      <button
        type="button"
        class="button"
        title="Forget the samples drawn so far"
        onClick={() => {
          plots.clear();
        }}
      >
        <Icon name="erase" />
        <span class="wide-only">Clear</span>
      </button>
      <button
        type="button"
        class="button"
        title="Take all lines off the plots"
        onClick={() => {
          plots.removeAll();
        }}
      >
        <Icon name="close" />
        <span class="wide-only">Remove all</span>
      </button>
    </div>
  );
}

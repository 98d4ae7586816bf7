// SPDX-License-Identifier: MIT
// Shows in a notebook cell how a launched program stands and what it wrote last.
import { basename } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { asNotebook, type DenoJupyter, type Notebook, takePlace } from "../client/notebook/notebook.ts";
import { DEFAULT_PANEL_LINES, MAX_PANEL_LINES, Panel } from "../client/panel/panel.ts";
import { clockTime, type PanelLevel, type PanelView } from "../client/panel/panel-html.ts";
import { BridgeError } from "../model/errors.ts";
import type { Launched } from "./launch.ts";
import { describeEnding, type Ending } from "./life.ts";

/** What can be drawn in: a kernel's own module (`tslab`, `Deno.jupyter`), or a client that was attached to one. */
export type ShowPlace = Notebook | DenoJupyter | { readonly notebook: Notebook | undefined };

/** What is shown. */
export interface ShowOptions {
  /** Default: the name of the program's file. */
  readonly title?: string | undefined;
  /** How many of the last lines (default 12). */
  readonly lines?: number | undefined;
}

/** Draws it and keeps it fresh, over all lives of the program, until the panel is closed. Throws `invalid_argument` for a client without a notebook. */
export function showLaunched(launched: Launched, place: ShowPlace, options: ShowOptions): Panel {
  const drawn = takePlace(notebookOf(place));
  const count = Math.min(options.lines ?? DEFAULT_PANEL_LINES, MAX_PANEL_LINES);
  const title = options.title ?? basename(launched.program);
  const changed = (): void => {
    panel.changed();
  };
  const stops = [launched.onLine(changed), launched.onState(changed)];
  const panel = new Panel({
    timers: {
      now: () => performance.now(),
      after: (delayMs, action) => {
        const timer = setTimeout(action, delayMs);
        timer.unref();
        return () => {
          clearTimeout(timer);
        };
      },
    },
    draw: (html) => {
      drawn.html(html);
    },
    view: () => ({
      title,
      ...standing(launched),
      lines: launched.lines.slice(-count).map((line) => lineOf(line)),
      earlier: Math.max(0, launched.lineCount - count),
    }),
    ended: () => {
      for (const stop of stops) stop();
    },
  });
  return panel;
}

function notebookOf(place: ShowPlace): Notebook {
  if (!("notebook" in place)) return asNotebook(place);
  if (place.notebook !== undefined) return place.notebook;
  throw new BridgeError("invalid_argument", "nothing to draw in: call client.attach(tslab) first, or show(tslab)");
}

function standing({ pid, since, ending }: Launched): Pick<PanelView, "state" | "tone" | "facts"> {
  const at = since === undefined ? [] : [`since ${clockTime(since)}`];
  if (pid !== undefined) return { state: "running", tone: "good", facts: [`pid ${String(pid)}`, ...at] };
  if (ending === undefined) return { state: "not started", tone: "idle", facts: [] };
  return { state: "ended", tone: isOrderly(ending) ? "idle" : "bad", facts: [describeEnding(ending), ...at] };
}

function isOrderly({ code, signal }: Ending): boolean {
  return code === 0 || signal === "SIGTERM";
}

/** How grave a line is, as most programs write it: `warn: …`, `[error] …`, `motor: warning: …`. */
function lineOf(line: string): { text: string; level: PanelLevel | undefined } {
  const text = stripVTControlCharacters(line);
  const word = /^(?:[^\s:]+: )?\W{0,2}(debug|info|warn(?:ing)?|error|fatal)\b/i.exec(text)?.[1]?.toLowerCase();
  return { text, level: LEVELS[word ?? ""] };
}

const LEVELS: Readonly<Record<string, PanelLevel>> = {
  debug: "debug",
  info: "info",
  warn: "warn",
  warning: "warn",
  error: "error",
  fatal: "error",
};

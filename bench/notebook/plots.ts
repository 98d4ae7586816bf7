// SPDX-License-Identifier: MIT
// Live plots of a channel of 1 kHz, four fields each: the frames that are drawn, and what they take of the page's main thread, by uPlot and by plotly.
import { setTimeout } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { quantile, type Gate } from "../support/gate.ts";
import type { Run } from "../support/report.ts";
import { interleave, type Measured, ratios, values } from "../support/rounds.ts";
import { type Drawing, Tab } from "./tab.ts";

const ENGINES = ["uplot", "plotly"] as const;

/** What each engine puts around its drawing. */
const DRAWING = { uplot: ".uplot", plotly: ".main-svg" } as const;

/** So many plots in one page, and how often each of them is to be drawn in a second. */
const EXTENTS = [
  { count: 1, id: "notebook/plot", what: "a plot", frames: 50 },
  { count: 6, id: "notebook/six-plots", what: "six plots in view", frames: 20 },
] as const;

/** The rows that {@link measurePlots} reports. */
export const PLOT_ROWS: readonly string[] = EXTENTS.flatMap(({ id }) =>
  ["frames", "busy", "cpu"].map((part) => `${id}-${part}`),
);

const WINDOW_MS = 30_000;
const ROUND_MS = 3000;
/** A plot of the usual height with what is around it. */
const PLOT_PX = 400;
const BUSY: Gate = { is: "at most", bound: 0.6 };

/** Plots that a kernel drew. */
export interface Drawn {
  readonly outputs: readonly string[];
  /** Ends the kernel: without a browser it would draw by itself, and disturb what is measured next. */
  readonly stop: () => Promise<void>;
}

/** `draw` draws so many plots of a window in a kernel. */
export async function measurePlots(
  run: Run,
  browser: Browser,
  draw: (count: number, engine: string, windowMs: number) => Promise<Drawn>,
): Promise<void> {
  for (const extent of EXTENTS) {
    const windowMs = run.tiny ? 1000 : WINDOW_MS;
    const tabs: { readonly name: (typeof ENGINES)[number]; readonly tab: Tab; readonly drawn: Drawn }[] = [];
    try {
      for (const engine of ENGINES) {
        const drawn = await draw(extent.count, engine, windowMs);
        const tab = await Tab.open(browser, drawn.outputs, extent.count * PLOT_PX);
        tabs.push({ name: engine, tab, drawn });
        await tab.page
          .locator(DRAWING[engine])
          .nth(extent.count - 1)
          .waitFor();
      }
      await setTimeout(windowMs);
      const measured = await interleave(
        run,
        extent.id,
        tabs.map(({ name, tab }) => ({ name, measure: () => tab.draw(run.tiny ? 300 : ROUND_MS) })),
      );
      report(run, extent, measured);
    } finally {
      for (const { tab, drawn } of tabs) {
        await drawn.stop();
        await tab.close();
      }
    }
  }
}

function report(run: Run, { id, what, frames }: (typeof EXTENTS)[number], measured: Measured<Drawing>): void {
  const drawn = (one: Drawing): number => one.frames / one.seconds;
  const busy = (one: Drawing): number => one.busy / one.seconds;
  const cpu = (one: Drawing): number => one.cpu;
  const allCpu = (one: Drawing): number => one.allCpu;
  const of = `${what}, four fields at 1 kHz, 30 s`;
  const gate: Gate = { is: "at least", bound: frames };
  run.row({ id: `${id}-frames`, of: "frames", what: `seconds; ${of}, uPlot`, gate }, values(measured, "uplot", drawn));
  run.row(
    { id: `${id}-busy`, of: "busy time", what: `time of the main thread; ${of}, uPlot`, gate: BUSY },
    values(measured, "uplot", busy),
  );
  run.row({ id: `${id}-cpu`, of: "CPU a picture", what: `plotly; ${of}` }, ratios(measured, "uplot", "plotly", cpu));
  for (const engine of ENGINES) {
    const middle = (value: (one: Drawing) => number): number => quantile(values(measured, engine, value), 0.5);
    run.figure(`${id}/${engine}/frames`, middle(drawn), "a second");
    run.figure(`${id}/${engine}/busy`, middle(busy) * 100, "% of the main thread");
    run.figure(`${id}/${engine}/cpu`, middle(cpu) * 1000, "ms of the main thread a picture");
    run.figure(`${id}/${engine}/all-cpu`, middle(allCpu) * 1000, "ms of all threads of the tab a picture");
  }
}

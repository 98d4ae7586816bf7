// SPDX-License-Identifier: MIT
// The views by their names.
import type { PlotView } from "../../../../client/notebook/output.ts";
import type { ChartView } from "../scene.ts";
import { BarsView } from "./bars.ts";
import { LinesView } from "./lines.ts";
import { SpectrumView } from "./spectrum.ts";
import { XyView } from "./xy.ts";

/** A view of its own for each plot: it keeps what saves work from frame to frame. */
export function viewFor(name: PlotView): ChartView {
  switch (name) {
    case "lines":
      return new LinesView();
    case "bars":
      return new BarsView();
    case "xy":
      return new XyView();
    case "spectrum":
      return new SpectrumView();
  }
}

// SPDX-License-Identifier: MIT
// `npm run bench -- notebook`: live plots and knobs in the outputs of cells, in Chromium.
import { join } from "node:path";
import { bring, NEEDS } from "../scripts/tools/needs.ts";
import { ROOT } from "../scripts/tools/paths.ts";
import { startBrowser } from "../test/support/browser.ts";
import { driverPath } from "../test/support/driver-program.ts";
import { KNOB_ROWS, measureKnob } from "./notebook/knob.ts";
import { measurePlots, PLOT_ROWS } from "./notebook/plots.ts";
import { type Child, type Children, withChildren } from "./support/children.ts";
import { type Folder, withFolder } from "./support/folder.ts";
import type { Bench, Run } from "./support/report.ts";
import { startBridge } from "./support/servers.ts";

/** Needs the built bridge and the driver motor, and Chromium where it can be brought. */
export const notebook: Bench = {
  name: "notebook",
  run: async (run) => {
    const found = await bring(NEEDS.chromium);
    if ("reason" in found) for (const id of [...PLOT_ROWS, ...KNOB_ROWS]) run.missing(id, found.reason);
    else await withFolder((folder) => withChildren((children) => measure(run, children, folder)));
  },
};

async function measure(run: Run, children: Children, folder: Folder): Promise<void> {
  const bridge = await startBridge(children, folder);
  children.start(driverPath("motor"), ["--stdin-eof"], folder.env);
  const link = `http://127.0.0.1:${String(bridge.port)}/#token=${bridge.token}`;
  const browser = await startBrowser();
  try {
    await measurePlots(run, browser, async (count, engine, windowMs) => {
      const [kernel, outputs] = await startKernel(children, [link, "plots", String(count), engine, String(windowMs)]);
      return { outputs, stop: () => kernel.stop() };
    });
    const [kernel, [output = ""]] = await startKernel(children, [link, "knobs"]);
    await measureKnob(run, browser, { kernel, output, link });
  } finally {
    await browser.close();
  }
}

async function startKernel(children: Children, args: readonly string[]): Promise<[Child, readonly string[]]> {
  const script = join(ROOT, "bench", "peers", "kernel.ts");
  const kernel = children.start(process.execPath, ["--import", "tsx", script, ...args]);
  return [kernel, JSON.parse(await kernel.line()) as string[]];
}

// SPDX-License-Identifier: MIT
// Bundles what the bridge serves to browsers into dist/pages: the page at /, the client library and the notebook's cells.
import { build, type BuildOptions } from "esbuild";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** The pages with their titles: the folder of each, its name under /assets, and its address; `page` is the one at /. */
const PAGES = {
  page: "Structwire",
  plot: "Plot · Structwire",
  knob: "Knob · Structwire",
  sensor: "Sensor · Structwire",
};

/** Parts of the pages, by their name under /assets. `theme` runs before the first paint, so it is no module. */
const ASSETS = Object.fromEntries(Object.keys(PAGES).map((name) => [name, `${name}/main.tsx`]));
const STYLES = Object.fromEntries(Object.keys(PAGES).map((name) => [name, `${name}/style/index.css`]));
const EARLY = { theme: "parts/theme-first.ts" };

/** Modules that other pages import by address: name in dist/pages, without `.mjs` → entry. */
const MODULES = { browser: "../browser.ts", cell: "cell/main.ts" };

/** A module made of a script that may look for an AMD loader, which notebooks have: inside the module there is none. */
const WITHOUT_LOADER = { plotly: "cell/plotly.ts" };

/** Files that are served as they are: source → name in dist/pages. */
const FILES = { "favicon.svg": "assets/favicon.svg" };

const pages = fileURLToPath(new URL("../bridge/pages/", import.meta.url));
const out = fileURLToPath(new URL("../dist/pages/", import.meta.url));

const options: BuildOptions = {
  absWorkingDir: pages,
  bundle: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  minify: true,
  sourcemap: true,
  legalComments: "none",
  jsx: "automatic",
  jsxImportSource: "preact",
  logLevel: "warning",
};

const html = await readFile(`${pages}page.html`, "utf8");

await rm(out, { recursive: true, force: true });
await mkdir(`${out}assets`, { recursive: true });
await Promise.all([
  build({ ...options, entryPoints: ASSETS, outdir: `${out}assets` }),
  build({ ...options, entryPoints: STYLES, outdir: `${out}assets` }),
  build({ ...options, entryPoints: EARLY, outdir: `${out}assets`, format: "iife" }),
  build({ ...options, entryPoints: MODULES, outdir: out, outExtension: { ".js": ".mjs" } }),
  build({
    ...options,
    entryPoints: WITHOUT_LOADER,
    outdir: out,
    outExtension: { ".js": ".mjs" },
    define: { define: "undefined" },
    sourcemap: false,
  }),
  ...Object.entries(PAGES).map(([name, title]) =>
    writeFile(`${out}${name}.html`, html.replaceAll("NAME", name).replace("TITLE", title)),
  ),
  ...Object.entries(FILES).map(([from, to]) => cp(pages + from, out + to)),
]);

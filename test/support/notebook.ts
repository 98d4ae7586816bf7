// SPDX-License-Identifier: MIT
// Runs notebooks in a real kernel, and shows their outputs as a notebook would: in a page of a loopback server.
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { registerKernel } from "../../scripts/tools/kernel.ts";
import { ROOT } from "../../scripts/tools/paths.ts";
import { pythonProgram } from "../../scripts/tools/python.ts";
import { run } from "../../scripts/tools/run.ts";

/** One output of a cell, as the notebook format has it. */
interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly text?: string | readonly string[];
  readonly data?: Readonly<Record<string, string | readonly string[]>>;
}

/** A cell after its execution. */
export interface ExecutedCell {
  readonly id: string;
  /** What it printed. */
  readonly printed: string;
  /** What it complained about. */
  readonly complaints: string;
  /** The HTML that it showed. */
  readonly html: string;
  /** The SVG that it showed. */
  readonly svg: string;
}

// Lessons compile programs, and a machine may have other things to do; before the test's own limit, so that the cell is named.
const CELL_SECONDS = 300;

/** Executes a notebook file in its folder. Rejects with what the failing cell said. */
export async function executeNotebook(path: string, env: Readonly<Record<string, string>>): Promise<ExecutedCell[]> {
  const folder = await mkdtemp(join(tmpdir(), "structwire-notebook-"));
  try {
    const target = join(folder, "executed.ipynb");
    await runJupyter(folder, "execute_notebook.py", [path, target, String(CELL_SECONDS)], env);
    return readCells(JSON.parse(await readFile(target, "utf8")) as { cells: readonly RawCell[] });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 20 });
  }
}

/** What the kernel offers to complete each text with, at its end, after a first cell; it runs in `cwd`. */
export async function completions(cwd: string, first: string, texts: readonly string[]): Promise<string[][]> {
  const folder = await mkdtemp(join(tmpdir(), "structwire-notebook-"));
  try {
    const target = join(folder, "completed.json");
    await runJupyter(folder, "complete_cells.py", [target, cwd, String(CELL_SECONDS), first, ...texts], {});
    return JSON.parse(await readFile(target, "utf8")) as string[][];
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 20 });
  }
}

/** Runs a script beside this file with the Python that has Jupyter. The user's own settings of Jupyter stay out of it. */
async function runJupyter(
  folder: string,
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const jupyter = {
    JUPYTER_PATH: await registerKernel("notebook"),
    JUPYTER_CONFIG_DIR: join(folder, "config"),
    JUPYTER_DATA_DIR: join(folder, "data"),
    JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
    IPYTHONDIR: join(folder, "ipython"),
  };
  const outcome = await run(pythonProgram("notebook", "python"), [join(ROOT, "test", "support", script), ...args], {
    cwd: ROOT,
    env: { ...jupyter, ...env },
  });
  if (outcome.status !== 0) throw new Error(outcome.text);
}

/** Executes cells in a folder of their own in the checkout, so that they find the package. Rejects with what the failing cell said. */
export async function executeCells(
  cells: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, ExecutedCell>> {
  const folder = await mkdtemp(join(ROOT, "build", "notebook-"));
  try {
    const path = join(folder, "cells.ipynb");
    const metadata = { kernelspec: { name: "tslab", display_name: "TypeScript", language: "typescript" } };
    const all = Object.entries(cells).map(([id, source]) => ({
      ...{ cell_type: "code", id, source, metadata: {}, outputs: [], execution_count: null },
    }));
    await writeFile(path, JSON.stringify({ cells: all, metadata, nbformat: 4, nbformat_minor: 5 }));
    return new Map((await executeNotebook(path, env)).map((cell) => [cell.id, cell]));
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 20 });
  }
}

/** The text of a notebook file with these cells, for a kernel by its name. */
export function notebookOf(kernel: string, cells: readonly string[]): string {
  return JSON.stringify({
    cells: cells.map((source, index) => ({
      ...{ cell_type: "code", id: `cell-${String(index)}`, execution_count: null },
      ...{ metadata: {}, outputs: [], source },
    })),
    metadata: { kernelspec: { display_name: kernel, language: "typescript", name: kernel } },
    nbformat: 4,
    nbformat_minor: 5,
  });
}

interface RawCell {
  readonly id: string;
  readonly cell_type: string;
  readonly outputs?: readonly Output[];
}

function readCells({ cells }: { readonly cells: readonly RawCell[] }): ExecutedCell[] {
  return cells
    .filter(({ cell_type }) => cell_type === "code")
    .map(({ id, outputs = [] }) => ({
      id,
      printed: outputs.map((output) => (output.name === "stdout" ? joined(output.text) : "")).join(""),
      complaints: outputs.map((output) => (output.name === "stderr" ? joined(output.text) : "")).join(""),
      html: outputs.map((output) => joined(output.data?.["text/html"])).join("\n"),
      svg: outputs.map((output) => joined(output.data?.["image/svg+xml"])).join("\n"),
    }));
}

function joined(text: string | readonly string[] | undefined): string {
  return typeof text === "string" ? text : (text ?? []).join("");
}

/** A page that shows outputs, on an origin of its own as a notebook server has. */
export class OutputPage {
  readonly #server = createServer((_, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(this.#html);
  });
  readonly #html: string;

  private constructor(outputs: readonly string[], background: string) {
    const body = outputs.map((output) => `<section class="output">${output}</section>`).join("\n");
    this.#html = `<!doctype html><title>outputs</title><body style="background: ${background}; width: 880px; margin: 16px auto">${body}</body>`;
  }

  /** Serves outputs on a free port of 127.0.0.1. */
  static async serve(outputs: readonly string[], background = "#fff"): Promise<OutputPage> {
    const page = new OutputPage(outputs, background);
    page.#server.listen(0, "127.0.0.1");
    await once(page.#server, "listening");
    return page;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}/`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

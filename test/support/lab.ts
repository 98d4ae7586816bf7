// SPDX-License-Identifier: MIT
// A real JupyterLab and Notebook 7 with the kernel of the checkout, and a browser's page of one of them.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Browser, Page } from "playwright-core";
import { describeSettings } from "../../bridge/cli/notebook/settings.ts";
import { registerKernel } from "../../scripts/tools/kernel.ts";
import { ROOT } from "../../scripts/tools/paths.ts";
import { pythonProgram } from "../../scripts/tools/python.ts";
import { CLI } from "./bridge-program.ts";

/** A cell of a test's notebook. */
export interface LabCell {
  readonly id: string;
  /** TypeScript, or Markdown where it begins with `#`. */
  readonly source: string;
}

/** How long an element of a page is waited for: two large programs begin, and a machine may have other things to do. */
export const PATIENCE_MS = 300_000;

/** The server of the notebooks, with all its files in a folder of its own below the checkout, where notebooks find the package. */
export class LabServer {
  /** Where the notebooks are. */
  readonly folder: string;
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #url: URL;

  private constructor(folder: string, process: ChildProcess, ended: Promise<unknown>, url: URL) {
    this.folder = folder;
    this.#process = process;
    this.#ended = ended;
    this.#url = url;
  }

  /** Starts it and waits until it listens. Rejects with what it said when it ended instead. */
  static async start(env: Readonly<Record<string, string>>): Promise<LabServer> {
    const kernels = await registerKernel("lab");
    mkdirSync(join(ROOT, "build"), { recursive: true });
    const folder = mkdtempSync(join(ROOT, "build", "lab-"));
    const own = {
      JUPYTER_PATH: kernels,
      JUPYTER_CONFIG_DIR: join(folder, ".config"),
      JUPYTER_CONFIG_PATH: describeSettings(join(folder, ".config")),
      JUPYTER_DATA_DIR: join(folder, ".data"),
      JUPYTER_RUNTIME_DIR: join(folder, ".runtime"),
      JUPYTERLAB_SETTINGS_DIR: join(folder, ".settings"),
      JUPYTERLAB_WORKSPACES_DIR: join(folder, ".workspaces"),
      IPYTHONDIR: join(folder, ".ipython"),
      PYTHONPATH: join(ROOT, "notebooks", "jupyter"),
      PYTHONDONTWRITEBYTECODE: "1",
      STRUCTWIRE_COMMAND: `${process.execPath} ${CLI}`,
    };
    // As the package's entry point does where it is installed.
    const entry = `from structwire_jupyter import bridge\nc.ServerProxy.servers = {"structwire": bridge()}\n`;
    writeFileSync(join(own.JUPYTER_CONFIG_DIR, "jupyter_server_config.py"), entry);
    const args = ["-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", "--port=0", `--ServerApp.root_dir=${folder}`];
    // The tests give the commands that the menus give; and come by other names of this machine too.
    const open = ["--LabApp.expose_app_in_browser=True", "--JupyterNotebookApp.expose_app_in_browser=True"];
    const names = ["--ServerApp.allow_remote_access=True"];
    const root = process.getuid?.() === 0 ? ["--allow-root"] : [];
    const child = spawn(pythonProgram("lab", "python"), [...args, ...open, ...names, ...root], {
      cwd: folder,
      env: { ...process.env, ...own, ...env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const ended = once(child, "close");
    const said: string[] = [];
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stderr }).on("line", (line) => {
        said.push(line);
        const found = /(http:\/\/127\.0\.0\.1:\d+\/lab\?token=\S+)/.exec(line)?.[1];
        if (found !== undefined) resolve(found);
      });
      ended.then(() => {
        reject(new Error(`JupyterLab ended: ${said.join("\n")}`));
      }, reject);
    });
    return new LabServer(folder, child, ended, new URL(url));
  }

  /** The address of a path of the server, which ends where a parameter can begin, under the name by which the browser is to know it. */
  address(path: string, host = "127.0.0.1"): string {
    return `http://${host}:${this.#url.port}/${path}${this.#url.search.slice(1)}`;
  }

  get port(): string {
    return this.#url.port;
  }

  /** Writes a notebook of the checkout's kernel. */
  write(name: string, cells: readonly LabCell[]): void {
    this.writeText(name, JSON.stringify(notebookOf(cells)));
  }

  /** Writes a notebook as it is. */
  writeText(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** The text of a notebook as it was saved. */
  read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  /** Ends it with its kernels. */
  async stop(): Promise<void> {
    this.#process.kill("SIGTERM");
    await this.#ended;
    // A kernel that is ending may still write there.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

function notebookOf(cells: readonly LabCell[]): object {
  return {
    cells: cells.map(({ id, source }) =>
      source.startsWith("#")
        ? { cell_type: "markdown", id, metadata: {}, source }
        : { cell_type: "code", id, metadata: {}, source, execution_count: null, outputs: [] },
    ),
    metadata: {
      kernelspec: { display_name: "TypeScript", language: "typescript", name: "tslab" },
      language_info: { name: "typescript", file_extension: ".ts", mimetype: "text/typescript" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

/** Which of the two pages shows a notebook. */
export type Front = "lab" | "notebook";

/** How a page is opened. */
export interface LabPlace {
  /** The name of this machine by which the browser goes there. */
  readonly host?: string;
  /** Called with the page before it loads. */
  readonly opening?: (page: Page) => void;
}

// JupyterLab would open again what was open in the last page.
const PATHS = { lab: "lab/tree/NAME?reset&", notebook: "notebooks/NAME?" } as const;

/** What is used of the application that the page shows. */
interface Application {
  readonly commands: { execute(command: string): Promise<unknown> };
  readonly shell: {
    readonly currentWidget: {
      readonly sessionContext?: { readonly session?: { readonly kernel?: { readonly status: string } | null } | null };
    } | null;
  };
}

declare global {
  interface Window {
    readonly jupyterapp?: Application;
  }
}

/** A page of the browser with a notebook. */
export class LabPage {
  readonly page: Page;
  /** Exceptions of the outputs' own modules that nobody caught: the page has some of its own. */
  readonly errors: Error[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => {
      if (error.stack?.includes(".mjs") === true) this.errors.push(error);
    });
  }

  /** Opens a notebook and waits until it stands there with its kernel. */
  static async open(
    browser: Browser,
    server: LabServer,
    front: Front,
    name: string,
    { host, opening }: LabPlace = {},
  ): Promise<LabPage> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(PATIENCE_MS);
    const open = new LabPage(await context.newPage());
    // A notebook that was run scrolls by itself to where it ended, now or later; the tests look at its beginning unless they scroll away.
    await open.page.addInitScript(() => {
      setInterval(() => {
        const panel = document.querySelector(".jp-WindowedPanel-outer");
        if (panel === null) return;
        panel.scrollTop = document.documentElement.dataset["away"] === undefined ? 0 : panel.scrollHeight;
      }, 100);
    });
    opening?.(open.page);
    await open.page.goto(server.address(PATHS[front].replace("NAME", name), host));
    await open.ready();
    return open;
  }

  /** Resolves when the notebook is drawn and its kernel waits for work. */
  async ready(): Promise<void> {
    await this.page.waitForFunction(
      () => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === "idle",
    );
    await this.page.locator(".jp-Notebook .jp-Cell").first().waitFor();
    await this.page.locator(".jp-Spinner").first().waitFor({ state: "detached" });
  }

  /** Runs all cells and resolves when each has ended. */
  async runAll(): Promise<void> {
    await this.page.evaluate(() => window.jupyterapp?.commands.execute("notebook:run-all-cells").then(() => undefined));
  }

  /** Saves the notebook and resolves when that is done. */
  async save(): Promise<void> {
    await this.page.evaluate(() => window.jupyterapp?.commands.execute("docmanager:save").then(() => undefined));
  }

  /** Restarts the kernel, as the menu does, and resolves when it waits for work. */
  async restartKernel(): Promise<void> {
    const restarted = this.page.evaluate(() =>
      window.jupyterapp?.commands.execute("notebook:restart-kernel").then(() => undefined),
    );
    await this.page.locator(".jp-Dialog .jp-mod-accept").click();
    await restarted;
    await this.ready();
  }

  /** Scrolls to the end of the notebook, and resolves when the plot is not seen any more. */
  async scrollAway(): Promise<void> {
    await this.page.evaluate(() => {
      document.documentElement.dataset["away"] = "";
    });
    await this.page.waitForFunction(() => {
      const panel = document.querySelector(".jp-WindowedPanel-outer");
      const plot = document.querySelector(".structwire-status");
      if (panel === null) return false;
      return plot === null || plot.getBoundingClientRect().bottom < panel.getBoundingClientRect().top;
    });
  }

  /** Scrolls to the beginning, where the plot is, and waits until it is live. Resolves with how many samples it says it has. */
  async untilLive(): Promise<number> {
    const found = await this.page.waitForFunction(() => {
      delete document.documentElement.dataset["away"];
      const said = [...document.querySelectorAll(".structwire-status")].map((status) => status.textContent);
      return said.map((text) => /^live · ([\d,]+) samples/.exec(text)?.[1]).find((count) => count !== undefined);
    });
    return Number((await found.jsonValue())?.replaceAll(",", ""));
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}

// SPDX-License-Identifier: MIT
// A Python that has JupyterLab: the one that is named, the one on the PATH, or one of our own in the state folder.
import { execFile } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { ownStateFolder } from "../../daemon/own-folder.ts";
import { BridgeError } from "../../model/errors.ts";

const run = promisify(execFile);

/** The versions of our own. */
const PACKAGES = ["jupyterlab>=4.2,<5", "notebook>=7.2,<8"];

/** How a Python is looked for. */
export interface JupyterSearch {
  /** The one that is wanted and no other; undefined: any. */
  readonly python: string | undefined;
  /** Where our own is, or is to be: directly in the state folder. */
  readonly folder: string;
  /** Told before something is installed. */
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Resolves with the program of a Python with JupyterLab. Rejects with `notebook_failed`, which says what to install. */
export async function findJupyter(search: JupyterSearch): Promise<string> {
  const { python, folder, say, signal } = search;
  if (python !== undefined) {
    if (await hasLab(python, signal)) return python;
    throw new BridgeError("notebook_failed", `${python} has no JupyterLab; ${python} -m pip install jupyterlab`);
  }
  const own = join(folder, "bin", "python");
  for (const each of [own, "python3"]) if (await hasLab(each, signal)) return each;
  say(`no JupyterLab was found; installing one into ${folder} (about 300 MB, this once)`);
  rmSync(folder, { recursive: true, force: true });
  // The bridge, which keeps its tokens beside it, would refuse a folder as Python makes it: open to others.
  ownStateFolder(dirname(folder));
  try {
    await run("python3", ["-m", "venv", folder], { signal });
    const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
    await run(own, ["-m", "pip", "install", ...quiet, ...PACKAGES], { signal, maxBuffer: 1 << 24 });
  } catch (cause) {
    // A half of it would be taken for the whole the next time.
    rmSync(folder, { recursive: true, force: true });
    if (signal.aborted) throw new BridgeError("cancelled");
    throw new BridgeError("notebook_failed", whyNot(cause), { cause });
  }
  return own;
}

async function hasLab(python: string, signal: AbortSignal): Promise<boolean> {
  if (python.includes("/") && !existsSync(python)) return false;
  return await run(python, ["-c", "import jupyterlab"], { signal }).then(
    () => true,
    () => false,
  );
}

function whyNot(cause: unknown): string {
  const { code, stderr = "", stdout = "" } = cause as { code?: unknown; stderr?: string; stdout?: string };
  const said = `${stdout}${stderr}`.trim().split("\n").slice(-5).join("\n");
  if (code === "ENOENT" || said.includes("ensurepip")) {
    return "Python 3 with venv is needed to install JupyterLab: apt-get install python3-venv (or what your system calls it)";
  }
  return `JupyterLab could not be installed: ${said}`;
}

// SPDX-License-Identifier: MIT
// The command `notebook`: a JupyterLab with the TypeScript kernel, beside a bridge.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Command } from "commander";
import { findBridges } from "../client/place/discovery.ts";
import { BridgeError } from "../model/errors.ts";
import { stateFolder } from "../model/runtime.ts";
import { hasDesktop, openPage } from "./demo/browser.ts";
import { flagsOf, outputOf, withOutputFlags, type OutputFlags } from "./flags.ts";
import { findJupyter } from "./notebook/jupyter.ts";
import { describeKernel } from "./notebook/kernel.ts";
import { RunningProgram } from "./notebook/program.ts";
import { describeSettings } from "./notebook/settings.ts";
import type { Output } from "./output.ts";
import { packageFolder } from "./package.ts";
import { whenAskedToEnd } from "./session.ts";

interface NotebookFlags extends OutputFlags {
  readonly demo?: boolean;
  readonly python?: string;
  readonly page?: string;
  readonly port: string;
  readonly open: boolean;
}

const EXAMPLES = `
Takes the JupyterLab of your python3; where there is none, one is installed into the state folder, once. The kernel is known to this
JupyterLab alone. Uses the bridge that runs, else starts one. Notebooks import "structwire" from node_modules of their folder or above. Ctrl-C ends all.

Examples:
  $ structwire notebook
  $ structwire notebook experiments --python ~/venv/bin/python
  $ structwire notebook --demo
`;

/** Makes the command. */
export function notebookCommand(): Command {
  const command = new Command("notebook")
    .summary("open JupyterLab with the TypeScript kernel")
    .description("Opens a JupyterLab with the TypeScript kernel, beside a bridge.")
    .argument("[folder]", "where the notebooks are", ".")
    .option("--demo", "start the drivers of the demo too")
    .option("--python <program>", "the Python that has JupyterLab")
    .option("--page <notebook>", "the notebook to open first")
    .option("--port <n>", "the port of JupyterLab, 0 for any free one", "0")
    .option("--no-open", "do not open a browser");
  return withOutputFlags(command)
    .addHelpText("after", EXAMPLES)
    .action(async (folder: string) => {
      const flags = flagsOf(command, command.opts<NotebookFlags>());
      await openNotebook(resolve(folder), flags, outputOf(flags));
    });
}

async function openNotebook(folder: string, flags: NotebookFlags, output: Output): Promise<void> {
  checkImport(folder);
  const own = mkdtempSync(join(tmpdir(), "structwire-notebook-"));
  const programs: RunningProgram[] = [];
  const end = whenAskedToEnd();
  let closePage: () => void = () => undefined;
  const isAsked = new Promise<void>((done) => {
    end.asked.addEventListener("abort", () => {
      done();
    });
  });
  try {
    const say = (text: string): void => {
      output.note(text);
    };
    const venv = join(stateFolder(process.env, homedir()), "jupyter");
    const python = await findJupyter({ python: flags.python, folder: venv, say, signal: end.asked });
    const bridge = await bridgeFor(flags, programs, isAsked, say);
    const lab = new RunningProgram({
      name: "JupyterLab",
      command: python,
      args: labArguments(folder, flags.port),
      env: { ...jupyterPaths(own), ...bridge },
      address: /(http:\/\/127\.0\.0\.1:\d+\/lab\?\S+)/,
    });
    programs.push(lab);
    const address = await Promise.race([lab.address, isAsked]);
    if (address === undefined) return;
    const page = flags.page === undefined ? "" : `/tree/${encodeURIComponent(flags.page)}`;
    const link = address.replace("/lab?", `/lab${page}?`);
    await output.line(`ready ${link}`);
    output.note("open that link; Ctrl-C ends JupyterLab");
    if (flags.open && hasDesktop(process.env, process.platform)) closePage = openPage(link, own);
    const ended = await Promise.race([isAsked, ...programs.map((program) => program.ended)]);
    if (ended !== undefined) throw new BridgeError("notebook_failed", ended);
  } catch (error) {
    // Whatever broke because it was to end is no failure.
    if (!end.asked.aborted) throw error;
  } finally {
    closePage();
    // Kernels first: they say goodbye to the bridge.
    for (const program of programs.reverse()) await program.stop();
    rmSync(own, { recursive: true, force: true });
    end.release();
  }
}

/** What the kernels need to know to find the bridge: nothing when one runs already and no other is wanted. */
async function bridgeFor(
  flags: NotebookFlags,
  programs: RunningProgram[],
  isAsked: Promise<void>,
  say: (text: string) => void,
): Promise<Record<string, string>> {
  if (flags.demo !== true && (process.env["STRUCTWIRE_URL"] ?? "") !== "") return {};
  if (flags.demo !== true && (await findBridges(process.env)).length > 0) return {};
  const what = flags.demo === true ? ["demo", "--no-open"] : ["serve", "--log-level", "error"];
  const bridge = new RunningProgram({
    name: "the bridge",
    command: process.execPath,
    args: [join(packageFolder(), "dist", "bridge", "cli", "main.js"), ...what, "--port", "0"],
    env: {},
    address: /^ready (\S+)/,
    tell: {
      lines: /built the drivers|building the drivers/,
      say: (line) => {
        // It puts its own name before its notes, as this command does.
        say(line.replace(/^structwire: /, ""));
      },
    },
  });
  programs.push(bridge);
  const link = await Promise.race([bridge.address, isAsked]);
  return link === undefined ? {} : { STRUCTWIRE_URL: link };
}

function labArguments(folder: string, port: string): string[] {
  const root = process.getuid?.() === 0 ? ["--allow-root"] : [];
  const place = ["--ip=127.0.0.1", `--port=${port}`, `--ServerApp.root_dir=${folder}`];
  return ["-m", "jupyterlab", "--no-browser", ...place, ...root];
}

/** Where Jupyter looks: in ours before the user's. */
function jupyterPaths(own: string): Record<string, string> {
  const ours = { JUPYTER_PATH: describeKernel(own), JUPYTER_CONFIG_PATH: describeSettings(own) };
  return Object.fromEntries(
    Object.entries(ours).map(([name, path]) => {
      const given = process.env[name];
      return [name, given === undefined || given === "" ? path : `${path}:${given}`];
    }),
  );
}

/** A kernel there could not import the client: better said now than in the first cell. */
function checkImport(folder: string): void {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, "node_modules", "structwire"))) return;
    if (at === dirname(at)) break;
  }
  const advice = "npm install structwire there, or in a folder above";
  throw new BridgeError("notebook_failed", `notebooks in ${folder} cannot import "structwire": ${advice}`);
}

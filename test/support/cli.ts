// SPDX-License-Identifier: MIT
// Runs the command line as a process of its own, from the sources or as built.
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ROOT } from "../../scripts/tools/paths.ts";

/** How to start the command line: `source` needs no build, `built` is what users run. */
export type CliForm = "source" | "built";

const FORMS: Readonly<Record<CliForm, readonly string[]>> = {
  source: ["--import", "tsx", join(ROOT, "bridge/cli/main.ts")],
  built: [join(ROOT, "dist/bridge/cli/main.js")],
};

/** How a run ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run that goes on. */
export class CliRun {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
  #stdout = "";
  #stderr = "";
  readonly #lines: string[] = [];
  #look: (() => void)[] = [];
  #isOver = false;

  constructor(form: CliForm, args: readonly string[], env: NodeJS.ProcessEnv) {
    this.child = spawn(process.execPath, [...FORMS[form], ...args], { env: { ...process.env, ...env }, cwd: ROOT });
    this.child.stdout.setEncoding("utf8").on("data", (text: string) => (this.#stdout += text));
    this.child.stderr.setEncoding("utf8").on("data", (text: string) => (this.#stderr += text));
    this.child.stdin.on("error", () => undefined); // it may end without having read all: how it ended says why
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      this.#lines.push(line);
      this.#changed();
    });
    this.ended = new Promise((resolve) => {
      this.child.on("close", (code, signal) => {
        this.#isOver = true;
        this.#changed();
        resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
    this.child.stderr.on("data", () => {
      this.#changed();
    });
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** The first line of standard output, of those from number `from` on, that `wanted` takes, as soon as there is one; fails when the run ends without. */
  line(wanted: (line: string) => boolean, from: number = 0): Promise<string> {
    let at = from;
    const find = (): string | undefined => {
      for (; at < this.#lines.length; at++) {
        const line = this.#lines[at];
        if (line !== undefined && wanted(line)) return line;
      }
      return undefined;
    };
    return this.#until(find, "a line");
  }

  /** Resolves once standard error holds what `pattern` finds. */
  note(pattern: RegExp): Promise<string> {
    return this.#until(() => pattern.exec(this.#stderr)?.[0], String(pattern));
  }

  /** Asks it to end and waits. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<Ended> {
    this.child.kill(signal);
    return this.ended;
  }

  #until<T>(find: () => T | undefined, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find();
        if (found !== undefined) resolve(found);
        else if (this.#isOver) reject(new Error(`ended without ${what}:\n${this.#stdout}\n${this.#stderr}`));
        else this.#look.push(look);
      };
      look();
    });
  }

  #changed(): void {
    for (const look of this.#look.splice(0)) look();
  }
}

/** Runs the command line to its end. */
export function runCli(form: CliForm, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new CliRun(form, args, env).ended;
}

/** Resolves once the bridge has a service, which is what a driver declares last: then all that it declares is there. */
export async function untilListed(service: string, env: NodeJS.ProcessEnv): Promise<void> {
  for (;;) {
    const { code, stdout, stderr } = await runCli("built", ["ls", "--json"], env);
    if (code !== 0) throw new Error(stderr);
    if (jsonObjects(stdout).some((entry) => entry["service"] === service)) return;
  }
}

/** The JSON lines of a text. */
export function jsonObjects(text: string): Record<string, unknown>[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

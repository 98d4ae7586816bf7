// SPDX-License-Identifier: MIT
// Runs programs for the scripts: with their output shown, kept, or both, and with a limit on their time.
import { spawn } from "node:child_process";
import { constants } from "node:os";

/** How a program is run. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** `show`: its output is ours; `keep`: it is returned only; `both`. Default `keep`. */
  readonly output?: "show" | "keep" | "both";
  /** After so long it is killed with its children, and the status is 124. Default: 30 minutes. */
  readonly timeoutMs?: number;
}

/** What became of a program. */
export interface Outcome {
  readonly status: number;
  /** Standard output and error as they came; empty with `show`. */
  readonly text: string;
  readonly seconds: number;
}

/** Runs a program to its end. Never rejects: a program that cannot be started has status 127. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const started = performance.now();
  const output = options.output ?? "keep";
  return new Promise((resolve) => {
    // Its own process group, so that a limit on time reaches what it started too.
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: output === "show" ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let text = "";
    let late = false;
    const stop = (signal: NodeJS.Signals): void => {
      if (child.pid !== undefined) killGroup(child.pid, signal);
    };
    const timer = setTimeout(
      () => {
        late = true;
        stop("SIGKILL");
      },
      options.timeoutMs ?? 30 * 60_000,
    );
    const forward = (signal: NodeJS.Signals): void => {
      stop(signal);
    };
    process.on("SIGINT", forward).on("SIGTERM", forward);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        if (output === "both") process.stdout.write(chunk);
      });
    }
    const finish = (status: number): void => {
      clearTimeout(timer);
      process.off("SIGINT", forward).off("SIGTERM", forward);
      resolve({ status, text, seconds: (performance.now() - started) / 1000 });
    };
    child.once("error", (error) => {
      text += `${error.message}\n`;
      finish(127);
    });
    child.once("close", (code, signal) => {
      if (late) text += `stopped after ${String(Math.round((performance.now() - started) / 1000))} s\n`;
      finish(late ? 124 : (code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    });
  });
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended by itself in the meantime.
  }
}

/** Runs a program and throws an error with all its output unless it succeeds. */
export async function mustRun(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const outcome = await run(command, args, options);
  if (outcome.status !== 0) {
    throw new Error(`${command} ${args.join(" ")}\nended with status ${String(outcome.status)}\n${outcome.text}`);
  }
  return outcome;
}

// SPDX-License-Identifier: MIT
// A program that runs until it is stopped and says once where it can be reached.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { BridgeError } from "../../model/errors.ts";

/** Lines that are kept to tell why a program ended. */
const TAIL_LINES = 20;

// Longer than Jupyter gives its kernels.
const STOP_MS = 10_000;

/** What is started. */
export interface ProgramStart {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Besides this process's own. */
  readonly env: Readonly<Record<string, string>>;
  /** Its first group is the address. */
  readonly address: RegExp;
  /** Told each line that matches. */
  readonly tell?: { readonly lines: RegExp; say(line: string): void };
}

/** A program that runs. */
export class RunningProgram {
  /** What it said about where it is. Rejects with `notebook_failed` and its last lines when it ended before that. */
  readonly address: Promise<string>;
  /** Resolves with how it ended, in words. */
  readonly ended: Promise<string>;
  readonly #process: ChildProcess;

  /** Starts it, in a group of its own: Ctrl-C is for us alone, who end it in good order. */
  constructor({ name, command, args, env, address, tell }: ProgramStart) {
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.#process = child;
    const tail: string[] = [];
    const closed = once(child, "close").then(
      () => `ended with ${String(child.exitCode ?? child.signalCode)}`,
      (error: unknown) => `could not be started: ${String(error)}`,
    );
    this.ended = closed.then((ending) => `${name} ${ending}`);
    this.address = new Promise((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on("line", (line) => {
          tail.push(line);
          if (tail.length > TAIL_LINES) tail.shift();
          const found = address.exec(line)?.[1];
          if (found !== undefined) resolve(found);
          if (tell?.lines.test(line) === true) tell.say(line);
        });
      }
      void this.ended.then((ending) => {
        reject(new BridgeError("notebook_failed", [...tail, ending].join("\n")));
      });
    });
    this.address.catch(() => undefined);
  }

  /** Asks it to end, and makes it end after 10 s. */
  async stop(): Promise<void> {
    this.#process.kill("SIGTERM");
    const kill = setTimeout(() => {
      this.#process.kill("SIGKILL");
    }, STOP_MS);
    await this.ended;
    clearTimeout(kill);
  }
}

// SPDX-License-Identifier: MIT
// Several programs that run together: each says its lines under its name, and when one fails all end.
import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { styleText } from "node:util";

/** How a program is started. */
export interface Part {
  readonly label: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Takes its lines of standard output instead of showing them. */
  readonly onLine?: (line: string) => void;
}

const COLORS = ["cyan", "yellow", "magenta", "green", "blue", "red"] as const;
const LABEL_WIDTH = 11;
/** What does not end by itself within this is killed. */
const GRACE_MS = 5000;

/** Programs with one environment. None outlives `stop()`. */
export class Troupe {
  readonly #options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv };
  readonly #children = new Map<ChildProcess, Promise<void>>();
  readonly #over: Promise<void>;
  #tellOver: () => void = () => undefined;
  #stopped: Promise<void> | undefined;
  /** How many ended otherwise than they should. */
  failed = 0;

  constructor(options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }) {
    this.#options = options;
    this.#over = new Promise((resolve) => (this.#tellOver = resolve));
  }

  /** Resolves when one of them has ended by itself, or `stop()` was called. */
  get over(): Promise<void> {
    return this.#over;
  }

  start({ label, command, args, onLine }: Part): void {
    // A group of its own: Ctrl-C in the terminal reaches only this process, which ends the others.
    const child = spawn(command, args, { ...this.#options, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const color = COLORS[this.#children.size % COLORS.length] ?? "cyan";
    const padded = label.padEnd(LABEL_WIDTH);
    const shown = process.stdout.isTTY ? styleText(color, padded) : padded;
    const show = (line: string): void => {
      console.log(`${shown} ${line}`);
    };
    createInterface({ input: child.stdout }).on("line", onLine ?? show);
    createInterface({ input: child.stderr }).on("line", (line) => {
      console.error(`${shown} ${line}`);
    });
    const ended = new Promise<void>((resolve) => {
      child.once("error", (error) => {
        console.error(`${shown} ${error.message}`);
        resolve();
      });
      child.once("close", (code, signal) => {
        if (this.#stopped === undefined || code !== 0) {
          this.failed += 1;
          console.error(`${shown} ended with ${String(code ?? signal)}`);
        }
        this.#tellOver();
        resolve();
      });
    });
    this.#children.set(child, ended);
  }

  /** Asks all to end, the youngest first, and resolves when they have. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    this.#tellOver();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    for (const [child, ended] of [...this.#children].reverse()) {
      const timer = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
      child.kill("SIGTERM");
      await ended;
      clearTimeout(timer);
    }
  }
}

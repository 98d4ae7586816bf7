// SPDX-License-Identifier: MIT
// Programs that a benchmark starts: each is spoken to by lines, and none outlives the benchmark.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/** Nothing that is asked of a program takes so long: one that is silent for longer hangs. */
const SILENCE_MS = 120_000;

/** A program that runs. */
export class Child {
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #name: string;
  readonly #ended: Promise<unknown>;
  readonly #came: string[] = [];
  readonly #said: string[] = [];
  #waiting: (() => void) | undefined;
  #over = false;

  constructor(command: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    this.#name = [command, ...args].join(" ");
    this.#process = spawn(command, args, { env: { ...process.env, ...env }, stdio: "pipe" });
    createInterface({ input: this.#process.stdout }).on("line", (line) => {
      this.#came.push(line);
      this.#waiting?.();
    });
    createInterface({ input: this.#process.stderr }).on("line", (line) => {
      // What goes wrong is said last.
      this.#said.push(line);
      if (this.#said.length > 20) this.#said.shift();
    });
    this.#process.stdin.on("error", () => undefined); // it ended: reading says so
    this.#process.on("error", (error) => this.#said.push(error.message));
    this.#ended = once(this.#process, "close").finally(() => {
      this.#over = true;
      this.#waiting?.();
    });
    this.#ended.catch(() => undefined);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Whether it has ended. */
  get over(): boolean {
    return this.#over;
  }

  /** The next line of its standard output. Rejects with what it complained about when it ended instead. */
  async line(): Promise<string> {
    while (this.#came.length === 0) {
      if (this.#over) throw new Error(`${this.#name} ended: ${this.#said.join("\n")}`);
      await this.#change();
    }
    return this.#came.shift() ?? "";
  }

  /** Resolves when something was said, or it ended. */
  async #change(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve, reject) => {
      this.#waiting = resolve;
      timer = setTimeout(() => {
        reject(new Error(`${this.#name} said nothing for ${String(SILENCE_MS / 1000)} s`));
      }, SILENCE_MS);
    }).finally(() => {
      clearTimeout(timer);
    });
  }

  /** Says a line and returns what is answered, one JSON object. */
  async ask(command: string): Promise<Readonly<Record<string, number>>> {
    this.#process.stdin.write(`${command}\n`);
    return JSON.parse(await this.line()) as Record<string, number>;
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Ends it, however it is, and resolves when it has ended. */
  async stop(): Promise<void> {
    this.#process.stdin.end();
    this.#process.kill("SIGCONT");
    this.#process.kill("SIGTERM");
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), 3000);
    await this.#ended.catch(() => undefined);
    clearTimeout(timer);
  }
}

/** All programs of one benchmark. */
export class Children {
  readonly #running: Child[] = [];

  start(command: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Child {
    const child = new Child(command, args, env);
    this.#running.push(child);
    return child;
  }

  /** Ends all; those that were started last go first. */
  async stop(): Promise<void> {
    for (const child of this.#running.splice(0).reverse()) await child.stop();
  }

  /** Asks all to end, without waiting: for the end of this process. */
  abandon(): void {
    for (const child of this.#running) {
      child.signal("SIGCONT");
      child.signal("SIGKILL");
    }
  }
}

/** Runs `work` with children that have ended when it settles, and also when this process is told to end. */
export async function withChildren<T>(work: (children: Children) => Promise<T>): Promise<T> {
  const children = new Children();
  const abandon = (): void => {
    children.abandon();
    process.exit(130);
  };
  process.on("SIGINT", abandon).on("SIGTERM", abandon);
  try {
    return await work(children);
  } finally {
    await children.stop();
    process.off("SIGINT", abandon).off("SIGTERM", abandon);
  }
}

// SPDX-License-Identifier: MIT
// A Python program of a test that prints JSON values, a line each, and is told lines.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ROOT } from "../../scripts/tools/paths.ts";
import { pythonProgram, type PythonTools } from "../../scripts/tools/python.ts";

/** A program of test/support/python that runs. */
export class PythonLines {
  readonly #child: ChildProcess;
  readonly #lines: unknown[] = [];
  readonly #over: Promise<unknown>;
  #ended = false;
  #errors = "";
  #wake: () => void = () => undefined;

  constructor(tools: PythonTools, program: string, ...args: string[]) {
    const path = join(ROOT, "test", "support", "python", program);
    this.#child = spawn(pythonProgram(tools, "python"), [path, ...args], { stdio: ["pipe", "pipe", "pipe"] });
    this.#over = once(this.#child, "close").then(() => {
      this.#ended = true;
      this.#wake();
    });
    this.#child.stderr?.on("data", (chunk: Buffer) => (this.#errors += chunk.toString()));
    createInterface({ input: this.#child.stdout! }).on("line", (line) => {
      this.#lines.push(JSON.parse(line));
      this.#wake();
    });
  }

  say(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** The next `count` values. Rejects when it ends first, with what it complained about. */
  async next(count = 1): Promise<unknown[]> {
    while (this.#lines.length < count) {
      if (this.#ended) throw new Error(`it ended after ${JSON.stringify(this.#lines)}: ${this.#errors}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return this.#lines.splice(0, count);
  }

  /** Ends its standard input; resolves with what it still printed when it is gone. */
  async end(): Promise<unknown[]> {
    this.#child.stdin?.end();
    await this.#over;
    return this.#lines.splice(0);
  }
}

// SPDX-License-Identifier: MIT
// A Python program of a test that is told lines and prints lines.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ROOT } from "../../scripts/tools/paths.ts";
import { pythonProgram, type PythonTools } from "../../scripts/tools/python.ts";

/** A program of test/support/python that runs. */
export class PythonLines {
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #over: Promise<unknown>;
  #ended = false;
  #errors = "";
  /** Who waits for lines, in the order in which they are to get them. */
  readonly #waiting: (() => void)[] = [];

  constructor(tools: PythonTools, program: string, ...args: string[]) {
    const path = join(ROOT, "test", "support", "python", program);
    this.#child = spawn(pythonProgram(tools, "python"), [path, ...args], { stdio: ["pipe", "pipe", "pipe"] });
    this.#over = once(this.#child, "close").then(() => {
      this.#ended = true;
      this.#wake();
    });
    this.#child.stdin?.on("error", () => undefined); // it has ended, which #take says
    this.#child.stderr?.on("data", (chunk: Buffer) => (this.#errors += chunk.toString()));
    createInterface({ input: this.#child.stdout! }).on("line", (line) => {
      this.#lines.push(line);
      this.#wake();
    });
  }

  say(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** The next line that it prints after it is told one. */
  async ask(line: string): Promise<string> {
    this.say(line);
    const [answer = ""] = await this.#take(1);
    return answer;
  }

  /** The next `count` lines as JSON values. */
  async next(count = 1): Promise<unknown[]> {
    return (await this.#take(count)).map((line) => JSON.parse(line) as unknown);
  }

  /** Ends its standard input; resolves when it is gone. */
  async end(): Promise<void> {
    this.#child.stdin?.end();
    await this.#over;
  }

  /** Ends it, whatever it does; resolves when it is gone. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#over;
  }

  /** Rejects when it ends first, with what it complained about. */
  async #take(count: number): Promise<string[]> {
    while (this.#lines.length < count) {
      if (this.#ended) throw new Error(`it ended after ${JSON.stringify(this.#lines)}: ${this.#errors}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return this.#lines.splice(0, count);
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

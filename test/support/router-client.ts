// SPDX-License-Identifier: MIT
// A Python program with pyzmq and CPython's pickle, as a client of the gateway `zmq`.
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { ROOT } from "../../scripts/tools/paths.ts";
import { pythonProgram } from "../../scripts/tools/python.ts";

/** What the program answered: a value, or the text of what it raised. */
export type RouterAnswer =
  { readonly ok: unknown; readonly repr: string } | { readonly error: string; readonly text: string };

/** One program in `test/support/python` that answers a line with a line. */
export class PythonLines {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor(script: string, ...args: string[]) {
    const file = join(ROOT, "test", "support", "python", script);
    this.#child = spawn(pythonProgram("zmq", "python"), [file, ...args], { stdio: "pipe" });
    this.#child.stderr.pipe(process.stderr);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** The answer to one line. */
  async ask(line: string): Promise<string> {
    this.#child.stdin.write(`${line}\n`);
    const answer = await this.#lines.next();
    if (answer.done === true) throw new Error("the Python program ended");
    return answer.value;
  }

  /** Resolves when the program has ended. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = once(this.#child, "close");
    this.#child.kill("SIGKILL");
    await closed;
  }
}

/** The program `router_client.py`; its commands stand there. */
export class RouterClient {
  readonly #python: PythonLines;

  /** `url` as the gateway gives it. */
  constructor(url: string) {
    const [, calls = "", streams = ""] = /:(\d+)\?streams=(\d+)$/.exec(url) ?? [];
    this.#python = new PythonLines("router_client.py", calls, streams);
  }

  /** Rejects with what the program raised. */
  async ask(command: string, ...args: unknown[]): Promise<unknown> {
    const answer = await this.try(command, ...args);
    if ("ok" in answer) return answer.ok;
    throw new Error(answer.text);
  }

  async try(command: string, ...args: unknown[]): Promise<RouterAnswer> {
    return JSON.parse(await this.#python.ask(JSON.stringify([command, ...args]))) as RouterAnswer;
  }

  /** The text of what the program raised; rejects when it did not. */
  async raised(command: string, ...args: unknown[]): Promise<string> {
    const answer = await this.try(command, ...args);
    if ("error" in answer) return answer.text;
    throw new Error(`it raised nothing and gave ${answer.repr}`);
  }

  end(): Promise<void> {
    return this.#python.end();
  }
}

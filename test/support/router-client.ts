// SPDX-License-Identifier: MIT
// A Python program with pyzmq and CPython's pickle, as a client of the gateway `zmq`.
import { PythonLines } from "./python-lines.ts";

/** What the program answered: a value, or the text of what it raised. */
export type RouterAnswer =
  { readonly ok: unknown; readonly repr: string } | { readonly error: string; readonly text: string };

/** The program `router_client.py`; its commands stand there. */
export class RouterClient {
  readonly #python: PythonLines;

  /** `url` as the gateway gives it. */
  constructor(url: string) {
    const [, calls = "", streams = ""] = /:(\d+)\?streams=(\d+)$/.exec(url) ?? [];
    this.#python = new PythonLines("zmq", "router_client.py", calls, streams);
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
    return this.#python.kill();
  }
}

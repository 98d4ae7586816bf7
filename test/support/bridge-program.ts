// SPDX-License-Identifier: MIT
// The built command line run as a bridge, in folders of a test's own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ROOT } from "../../scripts/tools/paths.ts";
import type { RuntimeFolder } from "./driver-program.ts";

/** The built command line. */
export const CLI: string = join(ROOT, "dist", "bridge", "cli", "main.js");

/** A bridge that runs. */
export class BridgeProgram {
  /** The link that it printed, with the token in its fragment. */
  readonly link: string;
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor(process: ChildProcess, link: string, ended: Promise<unknown>) {
    this.#process = process;
    this.link = link;
    this.#ended = ended;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Its address without the token. */
  get url(): string {
    return new URL(this.link).origin;
  }

  get port(): number {
    return Number(new URL(this.link).port);
  }

  get token(): string {
    return new URLSearchParams(new URL(this.link).hash.slice(1)).get("token") ?? "";
  }

  /** Ends it as a user would and waits for it. */
  async stop(): Promise<void> {
    this.#process.kill("SIGTERM");
    await this.#ended;
  }
}

/** The folders of a test for everything that a bridge reads and writes. */
export function bridgeEnv(runtime: RuntimeFolder): Record<string, string> {
  return {
    STRUCTWIRE_RUNTIME_DIR: runtime.path,
    XDG_CONFIG_HOME: join(runtime.path, "config"),
    XDG_STATE_HOME: join(runtime.path, "state"),
  };
}

/** Starts a bridge and waits until it is ready. Rejects with what it said when it ended instead. */
export async function startBridgeProgram(
  runtime: RuntimeFolder,
  args: readonly string[] = ["--port", "0"],
  node: string = process.execPath,
): Promise<BridgeProgram> {
  const env = { ...process.env, ...bridgeEnv(runtime) };
  const child = spawn(node, [CLI, "serve", ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "close");
  const said: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => said.push(line));
  const link = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const found = /^ready (\S+)/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
    ended.then(() => {
      reject(new Error(`the bridge ended: ${said.join("\n")}`));
    }, reject);
  });
  return new BridgeProgram(child, link, ended);
}

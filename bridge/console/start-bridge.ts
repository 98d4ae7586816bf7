// SPDX-License-Identifier: MIT
// A bridge inside this program, for notebooks and tests: in a thread of its own, and what it is made of is loaded only there.
import { Worker } from "node:worker_threads";
import { BridgeError, type ErrorCode } from "../model/errors.ts";
import { isJupyterKernel } from "../model/runtime.ts";

/** How a bridge is started; docs/configuration.md explains each. */
export interface BridgeOptions {
  readonly name?: string | undefined;
  readonly host?: string | undefined;
  /** 0: any free one. */
  readonly port?: number | undefined;
  /** Addresses of drivers, besides those in the runtime folder. */
  readonly drivers?: readonly string[] | undefined;
  /** Whether drivers in the runtime folder are found by themselves. */
  readonly watch?: boolean | undefined;
  /** Default `warn`. */
  readonly logLevel?: "silent" | "error" | "warn" | "info" | "debug" | "trace" | undefined;
  /** Whether this process may end although the bridge runs, which then ends with it (default: in a notebook's kernel). */
  readonly unref?: boolean | undefined;
}

/** A bridge that runs in this process. */
export interface LocalBridge {
  readonly name: string;
  /** `http://HOST:PORT` */
  readonly url: string;
  /** With the token in its fragment: for `connect()`, and for a browser. */
  readonly link: string;
  /** Ends it in good order. */
  stop(): Promise<void>;
  /** Resolves when it has stopped. */
  readonly closed: Promise<void>;
}

/** What the thread of a bridge tells. */
export type ThreadNews =
  | { readonly kind: "started"; readonly name: string; readonly url: string; readonly link: string }
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly message: string };

/**
 * Starts a bridge in a thread of this process and resolves when it listens. What is not given comes from the environment and the configuration file, as for `structwire serve`. It serves also while
 * this program computes, keeps it alive until it is stopped (not a notebook's kernel), and ends with it. Rejects with `name_in_use`, `port_in_use`, `folder_unsafe`, `config_invalid` or
 * `addon_missing`.
 *
 * @example
 * const bridge = await startBridge({ port: 0 });
 * const client = await connect(bridge.link);
 */
export async function startBridge(options: BridgeOptions = {}): Promise<LocalBridge> {
  const { unref = isJupyterKernel(process.env, process.argv), ...flags } = options;
  const thread = new Worker(new URL("./bridge-thread.js", import.meta.url), {
    workerData: { logLevel: "warn", ...flags },
  });
  const closed = new Promise<void>((resolve) => {
    thread.once("exit", () => {
      resolve();
    });
  });
  const { name, url, link } = await started(thread, closed);
  // What it throws later is a fault of ours: it must not end the program, nor go unseen.
  thread.on("error", (error) => {
    process.emitWarning(error);
  });
  if (unref) thread.unref();
  const stop = (): Promise<void> => {
    thread.ref();
    thread.postMessage("stop");
    return closed;
  };
  return { name, url, link, stop, closed };
}

async function started(thread: Worker, closed: Promise<void>): Promise<Extract<ThreadNews, { kind: "started" }>> {
  const news = await new Promise<ThreadNews>((resolve, reject) => {
    thread.once("message", resolve);
    thread.once("error", reject);
    void closed.then(() => {
      reject(new BridgeError("internal", "the bridge ended as it began"));
    });
  });
  if (news.kind === "failed") throw new BridgeError(news.code, news.message);
  return news;
}

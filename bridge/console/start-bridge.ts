// SPDX-License-Identifier: MIT
// A bridge inside this program, for notebooks and tests: what it is made of is loaded only when one is started.

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

/**
 * Starts a bridge in this process and resolves when it listens. What is not given comes from the environment and the configuration file, as for `structwire serve`; it keeps the
 * event loop alive until it is stopped. Rejects with `name_in_use`, `port_in_use`, `folder_unsafe`, `config_invalid` or `addon_missing`.
 *
 * @example
 * const bridge = await startBridge({ port: 0 });
 * const client = await connect(bridge.link);
 */
export async function startBridge(options: BridgeOptions = {}): Promise<LocalBridge> {
  const [{ loadConfig }, daemon] = await Promise.all([import("../daemon/config.ts"), import("../daemon/bridge.ts")]);
  const bridge = await daemon.startBridge(loadConfig({ logLevel: "warn", ...options }));
  const { name, url, pageUrl, closed } = bridge;
  return { name, url, link: pageUrl, stop: () => bridge.stop(), closed };
}

// SPDX-License-Identifier: MIT
// Runs a command with a connection to a bridge, and ends it on Ctrl-C.
import type { Client } from "../client/client.ts";
import { openClient } from "../client/open.ts";
import type { ConnectOptions } from "../client/options.ts";
import { nodePlatform } from "../client/place/node-platform.ts";
import { addonCodec } from "../layout/addon.ts";
import type { BridgeFlags } from "./flags.ts";

/** Connects to the bridge that the flags mean, and closes the connection after `run`, however it ended. */
export async function withBridge(flags: BridgeFlags, run: (client: Client) => Promise<void>): Promise<void> {
  const options: ConnectOptions = {
    ...targetOf(flags.bridge),
    compress: flags.compress,
    client: "structwire-cli",
    unref: false,
  };
  const client = await openClient(nodePlatform(options, addonCodec), options);
  try {
    await run(client);
  } finally {
    await client.close();
  }
}

function targetOf(bridge: string | undefined): ConnectOptions {
  if (bridge === undefined) return {};
  return bridge.includes("://") ? { url: bridge } : { bridge };
}

const ENDING: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * A signal that aborts when the process is asked to end. `again` is called for every further request. Until `release` the process does not end by
 * itself when asked to.
 */
export function whenAskedToEnd(again: () => void = () => undefined): {
  readonly asked: AbortSignal;
  release(): void;
} {
  const controller = new AbortController();
  const listener = (): void => {
    if (controller.signal.aborted) again();
    controller.abort();
  };
  for (const name of ENDING) process.on(name, listener);
  return {
    asked: controller.signal,
    release: () => {
      for (const name of ENDING) process.off(name, listener);
    },
  };
}

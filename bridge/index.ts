// SPDX-License-Identifier: MIT
// What `import … from "structwire"` gives in Node.
import type { Client } from "./client/client.ts";
import { openClient } from "./client/open.ts";
import type { ConnectOptions, TargetOptions } from "./client/options.ts";
import { printErrorsShort } from "./client/notebook/printed.ts";
import { nodePlatform } from "./client/place/node-platform.ts";
import { optionsOf } from "./client/target-options.ts";
import { addonCodec } from "./layout/addon.ts";
import { isJupyterKernel } from "./model/runtime.ts";

export * from "./client/exports.ts";
export { launch } from "./console/launch.ts";
export type { Launched, LaunchedState, LaunchOptions } from "./console/launch.ts";
export type { Ending } from "./console/life.ts";
export type { ShowOptions, ShowPlace } from "./console/show.ts";
export { startBridge } from "./console/start-bridge.ts";
export type { BridgeOptions, LocalBridge } from "./console/start-bridge.ts";

if (isJupyterKernel(process.env, process.argv)) printErrorsShort();

/**
 * Connects to a bridge: by its name, by its URL (`http://127.0.0.1:8720/#token=…`), by `$STRUCTWIRE_URL`, or to the only one
 * that runs. Rejects with `no_bridge`, `several_bridges`, `unauthorized`, `version_mismatch`, `timeout`, or `invalid_argument`. The native decoder is loaded when something is
 * first decoded, not here.
 *
 * @example
 * const bridge = await connect();
 * const { columns } = await bridge.channel("motor/state").take(1000);
 * const other = await connect("http://127.0.0.1:8720", { token });
 */
export async function connect(target?: string | ConnectOptions, options?: TargetOptions): Promise<Client> {
  const all = optionsOf(target, options);
  return await openClient(nodePlatform(all, addonCodec), all);
}

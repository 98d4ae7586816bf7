// SPDX-License-Identifier: MIT
// What `import … from "structwire"` gives in a browser: the same client over the browser's own WebSocket and the JavaScript decoder.
import { browserPlatform } from "./client/place/browser-platform.ts";
import type { Client } from "./client/client.ts";
import { openClient } from "./client/open.ts";
import type { ConnectOptions, TargetOptions } from "./client/options.ts";
import { optionsOf } from "./client/target-options.ts";
import { javascriptCodec } from "./layout/javascript.ts";

export * from "./client/exports.ts";

/** Connects to the bridge at a URL with `options.token` or the token in its fragment. Rejects with `invalid_argument`, `no_bridge`, `unauthorized`, `version_mismatch` or `timeout`. */
export async function connect(target: string | ConnectOptions, options?: TargetOptions): Promise<Client> {
  const all = optionsOf(target, options);
  return await openClient(browserPlatform(all, javascriptCodec), all);
}

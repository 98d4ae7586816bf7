// SPDX-License-Identifier: MIT
// What `import … from "structwire"` gives in a browser: the same client over the browser's own WebSocket and the JavaScript decoder.
import { browserPlatform } from "./client/place/browser-platform.ts";
import type { Client } from "./client/client.ts";
import { openClient } from "./client/open.ts";
import type { ConnectOptions } from "./client/options.ts";
import { javascriptCodec } from "./layout/javascript.ts";

export * from "./client/exports.ts";

/** Connects to the bridge at `options.url` with `options.token` or the token in the URL's fragment. Rejects with `no_bridge`, `unauthorized`, `version_mismatch` or `timeout`. */
export async function connect(target: string | ConnectOptions): Promise<Client> {
  const options = typeof target === "string" ? { url: target } : target;
  return await openClient(browserPlatform(options, javascriptCodec), options);
}

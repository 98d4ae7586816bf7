// SPDX-License-Identifier: MIT
// Turns the URL that a person has into the URL of the WebSocket and the token.
import { BridgeError } from "../../model/errors.ts";
import type { Endpoint } from "./transport.ts";

/**
 * Reads `http(s):` or `ws(s):` URLs as `serve` prints them, token in the fragment (`#token=…`); `token` goes before that. A path is kept as
 * the folder in which `ws` lies, so that a bridge behind a proxy works. Throws `invalid_argument`.
 */
export function parseEndpoint(text: string, token?: string): Endpoint {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new BridgeError("invalid_argument", `"${text}" is not a URL; a bridge's looks like http://127.0.0.1:8720`, {
      cause,
    });
  }
  const protocol = SOCKET_PROTOCOLS.get(url.protocol);
  if (protocol === undefined) {
    throw new BridgeError("invalid_argument", `"${text}" is not the URL of a bridge: use http:, https:, ws: or wss:`);
  }
  const folder = url.pathname.slice(0, url.pathname.lastIndexOf("/") + 1);
  const given = token ?? new URLSearchParams(url.hash.slice(1)).get("token") ?? "";
  return { url: `${protocol}//${url.host}${folder}ws`, token: given };
}

/** The endpoint at which the bridge compresses what it sends. */
export function compressed(endpoint: Endpoint): Endpoint {
  return { ...endpoint, url: `${endpoint.url}?compress=1` };
}

/** The URL of the bridge's page, without a token: where `cell.mjs` and the rest are. Ends without a slash. */
export function pageUrl(endpoint: Endpoint): string {
  return endpoint.url.replace(/^ws/, "http").replace(/\/ws(?:\?.*)?$/, "");
}

const SOCKET_PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ["http:", "ws:"],
  ["https:", "wss:"],
  ["ws:", "ws:"],
  ["wss:", "wss:"],
]);

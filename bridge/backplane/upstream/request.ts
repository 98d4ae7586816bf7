// SPDX-License-Identifier: MIT
// Reads what a user asks of another bridge: URL[,prefix=P][,share=PATTERN…][,token-file=PATH].
import { BridgeError } from "../../model/errors.ts";
import { isName, isPattern } from "../../model/names.ts";

/** The longest request, and how many patterns it may name. */
export const MAX_REQUEST_CHARACTERS = 8192;
export const MAX_SHARED_PATTERNS = 256;

/** Another bridge, and what of it is wanted here. */
export interface UpstreamRequest {
  /** With the token in its fragment, if it has one: for dialling alone. */
  readonly url: string;
  /** The URL without a token: for people. */
  readonly address: string;
  /** A file that holds the token, read at every dial; null: the token is in the URL, or known. */
  readonly tokenFile: string | null;
  /** One level, below which its things stand here; null: its own name. */
  readonly prefix: string | null;
  /** Names and patterns of what is offered here, as they are there; null: everything. */
  readonly share: readonly string[] | null;
}

/** Reads a request. Throws `config_invalid`, which says what is wrong and shows no token. */
export function parseUpstream(text: string): UpstreamRequest {
  if (text.length > MAX_REQUEST_CHARACTERS) refuse(`it has more than ${String(MAX_REQUEST_CHARACTERS)} characters`);
  const [head = "", ...pairs] = text.split(",");
  const url = head.trim();
  const address = addressOf(url);
  const share: string[] = [];
  const settings = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    const [key, value] = [pair.slice(0, Math.max(0, at)).trim(), pair.slice(at + 1).trim()];
    if (key === "share") {
      if (!isPattern(value)) refuse(`share=${value.slice(0, 80)} is no name or pattern`);
      share.push(value);
    } else if (key === "prefix" || key === "token-file") {
      if (value === "") refuse(`${key} is empty`);
      if (settings.has(key)) refuse(`${key} is given twice`);
      settings.set(key, value);
    } else {
      refuse("behind the URL may stand prefix=P, share=PATTERN and token-file=PATH, separated by commas");
    }
  }
  if (share.length > MAX_SHARED_PATTERNS) refuse(`it shares more than ${String(MAX_SHARED_PATTERNS)} patterns`);
  const prefix = settings.get("prefix") ?? null;
  if (prefix !== null && (!isName(prefix) || prefix.includes("/"))) {
    refuse(`the prefix "${prefix.slice(0, 80)}" must be one level of A-Z a-z 0-9 _ . -`);
  }
  return {
    url,
    address,
    tokenFile: settings.get("token-file") ?? null,
    prefix,
    share: share.length > 0 ? share : null,
  };
}

function addressOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:", "ws:", "wss:"].includes(url.protocol)) {
    return refuse("an upstream begins with the URL of a bridge, e.g. http://127.0.0.1:8720");
  }
  if (url.username !== "" || url.password !== "") return refuse("a token belongs into the fragment: #token=…");
  url.hash = "";
  return url.href.replace(/\/$/, "");
}

function refuse(reason: string): never {
  throw new BridgeError("config_invalid", reason);
}

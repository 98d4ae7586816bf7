// SPDX-License-Identifier: MIT
// Reads what a user asks a gateway of a foreign protocol to be: NAME[:PORT][,key=value…].
import { BridgeError } from "../model/errors.ts";
import { isPattern } from "../model/names.ts";

/** The longest request, and how many patterns it may open. */
export const MAX_REQUEST_CHARACTERS = 8192;
export const MAX_OPEN_PATTERNS = 256;

/** A gateway as it was asked for; what only its protocol knows stands in `settings`. */
export interface GatewayRequest {
  readonly gateway: string;
  /** Address to listen on. */
  readonly host: string;
  /** 0: any free one; undefined: the one that its protocol usually has. */
  readonly port: number | undefined;
  /** Names and patterns of the channels, streams and services that may be read, published and called through it. */
  readonly open: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
}

/** Reads a request. A comma inside a value is written `\,`. Throws `config_invalid`, which says what is wrong with it. */
export function parseGatewayRequest(text: string): GatewayRequest {
  if (text.length > MAX_REQUEST_CHARACTERS) refuse(`it has more than ${String(MAX_REQUEST_CHARACTERS)} characters`);
  const [head = "", ...pairs] = text.split(/(?<!\\),/).map((part) => part.replaceAll("\\,", ","));
  const [, gateway, portText] = /^([a-z][a-z0-9-]*)(?::(\d{1,5}))?$/.exec(head.trim()) ?? [];
  if (gateway === undefined) refuse(`"${head.slice(0, 80)}" is no NAME[:PORT]; a gateway is NAME[:PORT][,key=value…]`);
  const port = portText === undefined ? undefined : Number(portText);
  if (port !== undefined && port > 65_535) refuse(`the port ${String(port)} must be at most 65535`);
  const open: string[] = [];
  const settings = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    const key = pair.slice(0, at).trim();
    const value = pair.slice(at + 1);
    if (at < 1) refuse(`"${pair.slice(0, 80)}" is no key=value; a comma inside a value is written "\\,"`);
    if (key === "open") open.push(checkedPattern(value.trim()));
    else if (settings.has(key)) refuse(`"${key}" is given twice`);
    else settings.set(key, value);
  }
  if (open.length > MAX_OPEN_PATTERNS) refuse(`it opens more than ${String(MAX_OPEN_PATTERNS)} patterns`);
  const { host = "127.0.0.1", ...own } = Object.fromEntries(settings);
  if (host === "" || host.length > 255) refuse("the host is empty or too long");
  return { gateway, host, port, open, settings: own };
}

function checkedPattern(pattern: string): string {
  if (isPattern(pattern)) return pattern;
  return refuse(`open=${pattern.slice(0, 80)} is no name or pattern of channels and services`);
}

function refuse(reason: string): never {
  throw new BridgeError("config_invalid", reason);
}

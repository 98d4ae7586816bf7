// SPDX-License-Identifier: MIT
// What a session may see and reach: everything with the bridge's token, the named things with a ticket.
import { BridgeError } from "../model/errors.ts";
import { compilePattern } from "../model/names.ts";
import type { TicketGrant } from "./messages.ts";

/** The rights of one session. What it may not see does not exist for it. */
export interface Access {
  /** Opened with the bridge's token: may also make tickets, read logs and the bridge's state. */
  readonly full: boolean;
  /** ms since 1970 when it ends; null: never. */
  readonly expires: number | null;
  driver(name: string): boolean;
  channel(name: string): boolean;
  parameter(name: string): boolean;
  service(name: string): boolean;
  /** Which channels it may open and publish in. */
  publish(name: string): boolean;
  stream(name: string): boolean;
}

const always = (): boolean => true;

/** The rights of the bridge's own token. */
export const FULL_ACCESS: Access = {
  full: true,
  expires: null,
  driver: always,
  channel: always,
  parameter: always,
  service: always,
  stream: always,
  publish: always,
};

/** The rights that a ticket gives. A driver is visible when something of it could be. Throws `name_invalid` for a wrong pattern. */
export function accessOf(grant: TicketGrant, expires: number | null): Access {
  const lists = [grant.channels ?? [], grant.parameters ?? [], grant.services ?? []];
  const [channel, parameter, service] = lists.map(anyOf);
  const stream = anyOf(grant.streams ?? []);
  const publish = anyOf(grant.publish ?? []);
  const drivers = lists.flat().map((pattern) => pattern.split("/", 1)[0] ?? "");
  return {
    full: false,
    expires,
    driver: (name) => drivers.some((first) => first === name.split("/", 1)[0] || first === "*" || first === "**"),
    channel: channel ?? never,
    parameter: parameter ?? never,
    service: service ?? never,
    stream,
    publish,
  };
}

/** Throws `forbidden` to a session with a ticket. */
export function requireFull({ full }: Access, what: string): void {
  if (!full) throw new BridgeError("forbidden", `a ticket does not allow to ${what}`);
}

/** What clients without a token may reach: the channels, services and streams that were opened to them. Throws `name_invalid` for a wrong pattern. */
export function openedTo(patterns: readonly string[]): Access {
  return accessOf({ channels: patterns, services: patterns, streams: patterns, publish: patterns }, null);
}

function never(): boolean {
  return false;
}

function anyOf(patterns: readonly string[]): (name: string) => boolean {
  const tests = patterns.map(compilePattern);
  return (name) => tests.some((test) => test(name));
}

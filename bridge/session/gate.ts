// SPDX-License-Identifier: MIT
// Tokens and tickets: a ticket is its own grant and end, signed with a key that lives as long as the bridge, so nothing is kept for it.
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { z } from "zod";
import { BridgeError } from "../model/errors.ts";
import { accessOf, FULL_ACCESS, type Access } from "./access.ts";
import type { TicketGrant } from "./messages.ts";

/** The longest text of a ticket; a hello must have room for it. */
export const MAX_TICKET_BYTES = 8192;

const PREFIX = "t1.";

const PAYLOAD = z.object({
  e: z.number(),
  c: z.array(z.string()),
  p: z.array(z.string()),
  s: z.array(z.string()),
  st: z.array(z.string()),
  w: z.array(z.string()),
});

/** Knows the bridge's token and makes and reads its tickets. */
export class Gate {
  readonly #token: string;
  readonly #key: Uint8Array;

  /** `key` is random, of at least 32 bytes, and made anew by every bridge. */
  constructor(token: string, key: Uint8Array) {
    this.#token = token;
    this.#key = key;
  }

  /** What a token or ticket gives at the time `now`; undefined: nothing. Takes the same time whichever byte is wrong. */
  admit(text: string, now: number): Access | undefined {
    if (this.#equal(text, this.#token)) return FULL_ACCESS;
    if (!text.startsWith(PREFIX) || text.length > MAX_TICKET_BYTES) return undefined;
    const dot = text.lastIndexOf(".");
    const payload = text.slice(PREFIX.length, dot);
    if (!this.#equal(text.slice(dot + 1), this.#sign(payload))) return undefined;
    const { e, c, p, s, st, w } = PAYLOAD.parse(JSON.parse(Buffer.from(payload, "base64url").toString()));
    return e <= now ? undefined : accessOf({ channels: c, parameters: p, services: s, streams: st, publish: w }, e);
  }

  /** A ticket for what `grant` names until `expires` (ms since 1970). Throws `name_invalid` for a wrong pattern, `message_too_large` when it would not fit. */
  issue(grant: TicketGrant, expires: number): string {
    accessOf(grant, expires);
    const { channels = [], parameters = [], services = [], streams = [], publish = [] } = grant;
    const lists = { c: channels, p: parameters, s: services, st: streams, w: publish };
    const json = JSON.stringify({ e: expires, ...lists });
    const payload = Buffer.from(json).toString("base64url");
    const ticket = `${PREFIX}${payload}.${this.#sign(payload)}`;
    if (ticket.length <= MAX_TICKET_BYTES) return ticket;
    throw new BridgeError("message_too_large", "a ticket cannot name so much; use patterns");
  }

  #sign(payload: string): string {
    return Buffer.from(this.#digest(payload)).toString("base64url");
  }

  /** Compares digests under a secret key, so that neither content nor length shows in the time. */
  #equal(given: string, wanted: string): boolean {
    const a = this.#digest(given);
    const b = this.#digest(wanted);
    return a.reduce((different, byte, i) => different | (byte ^ (b[i] ?? 0)), 0) === 0;
  }

  #digest(text: string): Uint8Array {
    return hmac(sha256, this.#key, Buffer.from(text));
  }
}

// SPDX-License-Identifier: MIT
// Tokens and tickets: a ticket is its own grant and end, signed with a key that lives as long as the bridge, so nothing is kept for it.
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { z } from "zod";
import { BridgeError } from "../model/errors.ts";
import { TicketSessions } from "./ticket-sessions.ts";
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
  o: z.number().optional(),
});

/** How long a session that was opened with a one-time ticket may last, and what it got in the ticket's place opens it again. */
export const ENTERED_MS: number = 12 * 3_600_000;

/** What opens a session. */
export interface Entry {
  readonly access: Access;
  /** In place of a one-time ticket: opens the same again. */
  readonly ticket?: string;
}

/** What a ticket of ours says. */
interface TicketContent {
  readonly grant: TicketGrant;
  readonly expires: number;
  /** The number of a one-time ticket. */
  readonly once: number | undefined;
}

/** Knows the bridge's token and makes and reads its tickets. */
export class Gate {
  /** Of the sessions that are open with tickets. */
  readonly sessions: TicketSessions = new TicketSessions();
  readonly #token: string;
  readonly #key: Uint8Array;
  /** One-time tickets that were used, with the time from which they would open nothing anyway. */
  readonly #used = new Map<number, number>();
  #lastOnce = 0;

  /** `key` is random, of at least 32 bytes, and made anew by every bridge. */
  constructor(token: string, key: Uint8Array) {
    this.#token = token;
    this.#key = key;
  }

  /** What a token or ticket gives for one question at the time `now`; undefined: nothing, as a one-time ticket, which opens a session only. Takes the same time whichever byte is wrong. */
  admit(text: string, now: number): Access | undefined {
    if (this.#equal(text, this.#token)) return FULL_ACCESS;
    const ticket = this.#read(text, now);
    return ticket === undefined || ticket.once !== undefined ? undefined : accessOf(ticket.grant, ticket.expires);
  }

  /** What a token or ticket opens a session with at the time `now`; undefined: it opens none. A one-time ticket is used up. */
  enter(text: string, now: number): Entry | undefined {
    const ticket = this.#equal(text, this.#token) ? undefined : this.#read(text, now);
    if (ticket?.once === undefined) {
      const access = this.admit(text, now);
      return access === undefined ? undefined : { access };
    }
    for (const [once, expires] of this.#used) if (expires <= now) this.#used.delete(once);
    if (this.#used.has(ticket.once)) return undefined;
    this.#used.set(ticket.once, ticket.expires);
    const until = Math.floor(now + ENTERED_MS);
    return { access: accessOf(ticket.grant, until), ticket: this.issue(ticket.grant, until) };
  }

  #read(text: string, now: number): TicketContent | undefined {
    if (!text.startsWith(PREFIX) || text.length > MAX_TICKET_BYTES) return undefined;
    const dot = text.lastIndexOf(".");
    const payload = text.slice(PREFIX.length, dot);
    if (!this.#equal(text.slice(dot + 1), this.#sign(payload))) return undefined;
    const { e, c, p, s, st, w, o } = PAYLOAD.parse(JSON.parse(Buffer.from(payload, "base64url").toString()));
    return e <= now
      ? undefined
      : { grant: { channels: c, parameters: p, services: s, streams: st, publish: w }, expires: e, once: o };
  }

  /** A ticket for what `grant` names until `expires` (ms since 1970); with `once` it opens one session until then. Throws `name_invalid` for a wrong pattern, `message_too_large` when it would not fit. */
  issue(grant: TicketGrant, expires: number, once = false): string {
    accessOf(grant, expires);
    const { channels = [], parameters = [], services = [], streams = [], publish = [] } = grant;
    const lists = { c: channels, p: parameters, s: services, st: streams, w: publish };
    const json = JSON.stringify({ e: expires, ...lists, ...(once ? { o: ++this.#lastOnce } : {}) });
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

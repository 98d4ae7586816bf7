// SPDX-License-Identifier: MIT
// The sessions that a bridge has at the moment.
import type { Logger } from "pino";
import type { SessionEnd } from "../gateways/websocket.ts";
import type { LossReason } from "../model/values.ts";
import type { BridgeError } from "../model/errors.ts";
import type { Connection } from "../session/connection.ts";
import type { Welcome } from "../session/messages.ts";
import type { BridgeParts } from "../session/operations.ts";
import { Session, type SessionState } from "../session/session.ts";

/** What sessions are made with. */
export interface SessionsOptions {
  readonly bridge: BridgeParts;
  readonly identity: Welcome["bridge"];
  readonly queueBytes: number;
  readonly log: Logger;
}

/** Makes, counts and ends sessions. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #open = new Set<Session>();
  #lastId = 0;
  /** Of the sessions that are over. */
  readonly #past: { delivered: number; lost: { [Reason in LossReason]?: number } } = { delivered: 0, lost: {} };

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  get states(): SessionState[] {
    return [...this.#open].map(({ state }) => state);
  }

  /** How many there were since the start. */
  get total(): number {
    return this.#lastId;
  }

  /** What became of the samples of all sessions since the start. */
  get samples(): { readonly delivered: number; readonly lost: { readonly [Reason in LossReason]?: number } } {
    const sum = { delivered: this.#past.delivered, lost: { ...this.#past.lost } };
    for (const { state } of this.#open) addSamples(sum, state);
    return sum;
  }

  /** A session on this connection. */
  accept(connection: Connection): SessionEnd {
    const { bridge, identity, queueBytes, log } = this.#options;
    this.#lastId += 1;
    const session = new Session({
      id: `s${String(this.#lastId)}`,
      connection,
      bridge,
      identity,
      queueBytes,
      log: (level, text, error) => {
        log[level]({ code: error?.code, error }, text);
      },
    });
    this.#open.add(session);
    return {
      get admitted() {
        return session.admitted;
      },
      text: (message) => {
        session.text(message);
      },
      binary: (message) => {
        session.binary(message);
      },
      refuse: (error) => {
        session.refuse(error);
      },
      ended: () => {
        if (this.#open.has(session)) addSamples(this.#past, session.state);
        session.ended();
        this.#open.delete(session);
      },
    };
  }

  /** Ends all of them. */
  close(error: BridgeError): void {
    for (const session of this.#open) session.close(error);
  }
}

function addSamples(
  sum: { delivered: number; lost: { [Reason in LossReason]?: number } },
  { sent, lost }: SessionState,
): void {
  sum.delivered += sent.samples;
  for (const [reason, count] of Object.entries(lost) as [LossReason, number][]) {
    sum.lost[reason] = (sum.lost[reason] ?? 0) + count;
  }
}

// SPDX-License-Identifier: MIT
// Carries out the requests about services and streams of programs.
import { mapAnswer, type Waiting } from "../hub/deadline.ts";
import { BridgeError } from "../model/errors.ts";
import { requireFull } from "./access.ts";
import { valueText } from "./calls.ts";
import type { BridgeParts, Outcome, SessionParts } from "./operations.ts";
import type { CheckedProgramRequest } from "./program-requests.ts";
import { adjustStream, checkHz } from "./streams.ts";

/** The defaults of one alias, as JSON. */
export const MAX_DEFAULTS_BYTES = 16_384;

/** These requests of one session. */
export class ProgramOperations {
  readonly #bridge: BridgeParts;
  readonly #session: SessionParts;

  constructor(bridge: BridgeParts, session: SessionParts) {
    this.#bridge = bridge;
    this.#session = session;
  }

  run(request: CheckedProgramRequest): Outcome | Waiting<Outcome> {
    if (request.op === "adjust") return this.#adjust(request);
    requireFull(this.#session.access, "offer services or streams");
    this.#change(request);
    return { json: "{}", overtakes: true };
  }

  #change(request: Exclude<CheckedProgramRequest, { op: "adjust" }>): void {
    const { provider } = this.#session.seat;
    switch (request.op) {
      case "expose":
        provider.expose(request.services.map(({ service: name, doc, params }) => ({ name, doc, params })));
        return;
      case "alias": {
        const { service, target, args, named } = request;
        if (valueText({ args, named }, "the defaults of the alias").length > MAX_DEFAULTS_BYTES) {
          const text = `the defaults of an alias take at most ${String(MAX_DEFAULTS_BYTES)} characters of JSON`;
          throw new BridgeError("message_too_large", text);
        }
        provider.alias(service, target, { args, named });
        return;
      }
      case "withdraw":
        provider.withdraw(request.services);
        return;
      case "offer": {
        const { op: _op, id: _id, stream, ...state } = request;
        if (state.hz !== null) checkHz(state.hz);
        provider.offer(stream, state);
        return;
      }
      case "retract":
        provider.retract(request.stream);
    }
  }

  #adjust({ stream, enabled, hz, timeoutMs }: Extract<CheckedProgramRequest, { op: "adjust" }>): Waiting<Outcome> {
    const change = { ...(enabled === undefined ? {} : { enabled }), ...(hz === undefined ? {} : { hz }) };
    return mapAnswer(adjustStream(this.#bridge.hub, this.#session.access, stream, change, timeoutMs), (entry) => ({
      json: JSON.stringify(entry),
      overtakes: true,
    }));
  }
}

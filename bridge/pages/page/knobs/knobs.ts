// SPDX-License-Identifier: MIT
// The knobs of all parameters, kept up to date by the directory and by parameter events.
import type { ParameterEntry, ParameterValue } from "../../../session/messages.ts";
import { BridgeError } from "../../../model/errors.ts";
import type { PageClient } from "../link/client-port.ts";
import { Knob } from "./knob.ts";

/** One knob per parameter, made when the parameter is first seen; it outlives its driver's restart. */
export class Knobs {
  readonly #client: () => PageClient | null;
  readonly #knobs = new Map<string, Knob>();

  /** `client` gives the connection to send sets through. */
  constructor(client: () => PageClient | null) {
    this.#client = client;
  }

  /** Takes the values of a fresh directory. */
  update(parameters: readonly ParameterEntry[]): void {
    for (const entry of parameters) this.knob(entry).changed(entry.value);
  }

  changed(event: ParameterValue): void {
    this.#knobs.get(event.parameter)?.changed(event.value);
  }

  knob(entry: ParameterEntry): Knob {
    let knob = this.#knobs.get(entry.parameter);
    if (knob === undefined) {
      knob = new Knob(entry.value, {
        set: async (values) => {
          const client = this.#client();
          if (client === null) throw new BridgeError("disconnected");
          return client.set(entry.parameter, values);
        },
        later: (ms, task) => void setTimeout(task, ms),
      });
      this.#knobs.set(entry.parameter, knob);
    }
    return knob;
  }
}

// SPDX-License-Identifier: MIT
// The knobs of all parameters, kept up to date by the directory and by parameter events.
import type { ParameterEvent } from "../../../client/events.ts";
import { differences } from "../../../client/trace/element-path.ts";
import { BridgeError } from "../../../model/errors.ts";
import type { Applied, Json, ParameterEntry } from "../../../session/messages.ts";
import type { PageClient } from "../link/client-port.ts";
import { Knob } from "./knob.ts";
import { setText, type SetNote } from "./set-note.ts";

/** One knob per parameter, made when the parameter is first seen; it outlives its driver's restart. */
export class Knobs {
  readonly #client: () => PageClient | null;
  readonly #knobs = new Map<string, Knob>();

  readonly #noted: (note: SetNote) => void;

  /** `client` gives the connection to send sets through; `noted` hears of every set that took effect, whoever made it, perhaps twice. */
  constructor(client: () => PageClient | null, noted: (note: SetNote) => void = () => undefined) {
    this.#client = client;
    this.#noted = noted;
  }

  /** Takes the values of a fresh directory. */
  update(parameters: readonly ParameterEntry[]): void {
    for (const entry of parameters) this.knob(entry).changed(entry.value);
  }

  changed({ parameter, value, set }: Pick<ParameterEvent, "parameter" | "value" | "set">): void {
    const knob = this.#knobs.get(parameter);
    if (knob === undefined) return;
    if (set !== null) this.#note(set, value, differences(knob.state.peek().applied, value));
    knob.changed(value);
  }

  knob(entry: ParameterEntry): Knob {
    let knob = this.#knobs.get(entry.parameter);
    if (knob === undefined) {
      knob = new Knob(entry.value, {
        set: async (values) => {
          const client = this.#client();
          if (client === null) throw new BridgeError("disconnected");
          const answer = await client.set(entry.parameter, values);
          this.#note(answer, answer.applied, Object.keys(values));
          return answer;
        },
        later: (ms, task) => void setTimeout(task, ms),
        now: () => performance.now(),
      });
      this.#knobs.set(entry.parameter, knob);
    }
    return knob;
  }

  #note({ channel, time }: Pick<Applied, "channel" | "time">, value: Json, paths: readonly string[]): void {
    if (channel !== null && paths.length > 0) this.#noted({ channel, atMs: time, text: setText(value, paths) });
  }
}

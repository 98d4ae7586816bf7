// SPDX-License-Identifier: MIT
// Runs what others call: any number at a time, each answered once with its result or with what it threw.
import { BridgeError } from "../../model/errors.ts";
import {
  MAX_CALL_BYTES,
  type ProgramEvent,
  type ProgramNote,
  type ServiceFailure,
} from "../../session/program-messages.ts";
import type { Json } from "../../session/messages.ts";
import type { Hearing } from "../hearing.ts";
import { jsonText } from "../publish/json-text.ts";
import type { Provided } from "./methods.ts";
import { placed } from "./parameters.ts";

/** A service with whom its failures are told. */
export interface Serving {
  readonly provided: Provided;
  failed(error: unknown): void;
}

type Invoke = Extract<ProgramEvent, { readonly op: "invoke" }>;

/** The calls that a client's services are carrying out, on one connection after another. */
export class Invocations {
  readonly #send: (note: ProgramNote) => void;
  readonly #serving = new Map<string, Serving>();
  /** Those that wait for their answer on the connection that holds. */
  readonly #running = new Map<number, AbortController>();

  /** `send` answers on the connection that holds. */
  constructor(send: (note: ProgramNote) => void) {
    this.#send = send;
  }

  readonly hears: Hearing = {
    invoke: (event) => {
      void this.#invoke(event);
    },
    abandon: ({ call }) => {
      this.#running.get(call)?.abort();
      this.#running.delete(call);
    },
  };

  /** Whether something is served under the name. */
  has(service: string): boolean {
    return this.#serving.has(service);
  }

  serve(serving: Serving): void {
    this.#serving.set(serving.provided.service, serving);
  }

  /** Nothing more is served under the name; calls that run go on. */
  forget(service: string): void {
    this.#serving.delete(service);
  }

  /** The connection is gone: nobody waits for an answer any more. */
  abandonAll(): void {
    for (const running of this.#running.values()) running.abort();
    this.#running.clear();
  }

  async #invoke({ call, service, args, named }: Invoke): Promise<void> {
    const serving = this.#serving.get(service);
    const running = new AbortController();
    this.#running.set(call, running);
    const isAwaited = (): boolean => this.#running.get(call) === running;
    try {
      if (serving === undefined) throw new BridgeError("unknown_service", `${service} is not exposed any more`);
      const { provided } = serving;
      const result = await provided.run(running.signal, placed(service, provided.params, args, named));
      const answer: ProgramNote = { op: "return", call, result: sendable(service, result) };
      if (isAwaited()) this.#send(answer);
    } catch (thrown) {
      if (isAwaited()) this.#send({ op: "return", call, error: failureOf(thrown) });
      serving?.failed(thrown);
    } finally {
      if (isAwaited()) this.#running.delete(call);
    }
  }
}

/** A result as it can be sent. Throws `bad_value` or `message_too_large`. */
function sendable(service: string, result: unknown): Json {
  try {
    const text = jsonText(result);
    if (text.length < MAX_CALL_BYTES) return JSON.parse(text) as Json;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BridgeError("bad_value", `the result of ${service} cannot be sent: ${why}`, { cause });
  }
  throw new BridgeError("message_too_large", `the result of ${service} is larger than 1 MiB`);
}

/** What the caller is told of anything that was thrown. */
export function failureOf(thrown: unknown): ServiceFailure {
  if (typeof thrown !== "object" || thrown === null) return { name: "Error", message: String(thrown) };
  const { name, message, code }: { name?: unknown; message?: unknown; code?: unknown } = thrown;
  return {
    name: typeof name === "string" ? name : "Error",
    message: typeof message === "string" ? message : "",
    ...(typeof code === "string" || (typeof code === "number" && Number.isFinite(code)) ? { code } : {}),
  };
}

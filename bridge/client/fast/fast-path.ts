// SPDX-License-Identifier: MIT
// Sets and calls without JSON, where the layouts are known; with the same results and errors as with it.
import type { Codec } from "../../layout/codec.ts";
import { readReply, readValue, writeCall, writeCancel, writeSet } from "../../layout/link-records.ts";
import { msFromNs } from "../../layout/record.ts";
import { encodeRequest } from "../../layout/request.ts";
import { BridgeError } from "../../model/errors.ts";
import type { Layout } from "../../model/schema.ts";
import type { Applied, Json } from "../../session/messages.ts";
import type { Asked } from "../link/requests.ts";
import { Handles, type HandleWire, type ParameterHandle, type ServiceHandle } from "./handles.ts";

/** Fields in JSON form. */
export type JsonFields = Readonly<Record<string, Json>>;

/** What the fast path needs of its connection. */
export interface FastWire extends HandleWire {
  /** The driver's time for an answer that handles are bound with; with another one the long way is taken. */
  readonly timeoutMs: number;
  /** Sends a record made of its id; the answer is the record that answers it. */
  askRecord(op: "set" | "call", write: (id: number) => Uint8Array): Asked;
  sendRecord(record: Uint8Array): void;
  /** Rejects a request at once. */
  fail(id: number, error: BridgeError): void;
  codec(): Codec;
}

/** The fast path of one connection. */
export class FastPath {
  readonly #wire: FastWire;
  readonly #handles: Handles;

  constructor(wire: FastWire) {
    this.#wire = wire;
    this.#handles = new Handles(wire);
  }

  /** Calls a service; undefined when it has no handle (yet). Resolves with undefined when it has one no longer: then nothing was carried out. Aborting cancels. */
  call(
    service: string,
    args: JsonFields,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<Json | undefined> | undefined {
    const bound = timeoutMs === this.#wire.timeoutMs ? this.#handles.service(service) : undefined;
    return bound === undefined ? undefined : this.#call(bound, service, args, signal);
  }

  /** Sets a parameter; undefined as above. */
  set(parameter: string, values: JsonFields, timeoutMs: number): Promise<Applied | undefined> | undefined {
    const bound = timeoutMs === this.#wire.timeoutMs ? this.#handles.parameter(parameter) : undefined;
    return bound === undefined ? undefined : this.#set(bound, parameter, values);
  }

  async #call(
    bound: ServiceHandle,
    service: string,
    args: JsonFields,
    signal: AbortSignal | undefined,
  ): Promise<Json | undefined> {
    const request = encodeRequest(this.#wire.codec(), bound.request, args);
    const { id, answer } = this.#wire.askRecord("call", (call) =>
      writeCall({ id: call, target: bound.handle, request }),
    );
    const abort = (): void => {
      this.#wire.sendRecord(writeCancel(id));
      this.#wire.fail(id, cancelled(service));
    };
    signal?.addEventListener("abort", abort);
    try {
      const { reply } = readReply(recordOf(await answer));
      return bound.reply === null ? {} : this.#json(bound.reply, reply);
    } catch (thrown) {
      this.#forgetGone(service, "unknown_service", thrown);
      return undefined;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  async #set(bound: ParameterHandle, parameter: string, values: JsonFields): Promise<Applied | undefined> {
    const { value, mask } = this.#wire.codec().encode(bound.layout, values);
    const { answer } = this.#wire.askRecord("set", (id) => writeSet({ id, target: bound.handle, value, mask }));
    try {
      const applied = readValue(recordOf(await answer));
      const governs = applied.stream !== 0;
      return {
        parameter,
        applied: this.#json(bound.layout, applied.value),
        channel: governs ? bound.channel : null,
        epoch: governs ? bound.epoch : null,
        seq: governs ? applied.next : null,
        time: msFromNs(applied.time),
      };
    } catch (thrown) {
      this.#forgetGone(parameter, "unknown_parameter", thrown);
      return undefined;
    }
  }

  #json(layout: Layout, struct: Uint8Array): Json {
    return JSON.parse(this.#wire.codec().valueJson(layout, struct)) as Json;
  }

  /** The driver that it was bound to has gone, perhaps for another one of the same name: the long way says how things are. Throws any other error. */
  #forgetGone(name: string, code: "unknown_service" | "unknown_parameter", thrown: unknown): void {
    if (!(thrown instanceof BridgeError) || thrown.code !== code) throw thrown;
    this.#handles.forget(name);
  }
}

/** The error of a call that was given up. */
export function cancelled(service: string): BridgeError {
  return new BridgeError("cancelled", `the call of ${service} was cancelled`);
}

function recordOf(answer: unknown): Uint8Array {
  if (answer instanceof Uint8Array) return answer;
  throw new BridgeError("bad_message", "the bridge answered a record with something else");
}

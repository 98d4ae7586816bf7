// SPDX-License-Identifier: MIT
// Answers the router's calls: each at its own pace, so that a slow one holds up nobody but its caller.
import { toBridgeError, type BridgeError } from "../../model/errors.ts";
import type { Json } from "../../session/messages.ts";
import { administrate, RouterError, type Administered } from "./administration.ts";
import { packFrame, packMeta } from "./packet.ts";
import { pickle } from "./pickle/pickle.ts";
import { fitName, keyErrorText } from "./python-names.ts";
import { readRequest, type RouterRequest } from "./request.ts";

/** Calls under way of one client, whose own library never has more than one, and of all. */
export const MAX_CALLS_OF_CLIENT = 16;
export const MAX_CALLS = 1024;

/** Who calls. */
export interface Caller {
  /** False: too much waits for it, and this is dropped. */
  send(message: readonly Uint8Array[]): boolean;
  /** Ends its connection. */
  end(): void;
}

/** What the calls are answered with. */
export interface CallDeskOptions {
  readonly about: Administered;
  /** ms since 1970 UTC */
  readonly now: () => number;
  readonly log: (text: string, details: object) => void;
}

/** The calls of all clients. */
export class CallDesk {
  readonly #options: CallDeskOptions;
  /** What gives up each call of a client. */
  readonly #underWay = new Map<Caller, Set<AbortController>>();
  #total = 0;
  #refused = 0;

  constructor(options: CallDeskOptions) {
    this.#options = options;
  }

  /** Requests that were none, or could not be carried out. */
  get refused(): number {
    return this.#refused;
  }

  /** Takes one message: frames up to an empty one say where the answer goes, then comes the request. Never throws. */
  take(caller: Caller, frames: readonly Uint8Array[]): void {
    const delimiter = frames.findIndex(({ length }) => length === 0);
    const [request, ...more] = frames.slice(delimiter + 1);
    if (delimiter < 0 || request === undefined || more.length > 0) {
      this.#refused += 1;
      caller.end();
      return;
    }
    const envelope = frames.slice(0, delimiter + 1).map((frame) => Uint8Array.from(frame));
    const calls = this.#underWay.get(caller) ?? new Set();
    if (calls.size >= MAX_CALLS_OF_CLIENT || this.#total >= MAX_CALLS) {
      this.#refused += 1;
      this.#answer(
        caller,
        envelope,
        { success: false, wantsTime: false },
        pickle("busy: too many calls wait for their answer"),
      );
      return;
    }
    const call = new AbortController();
    this.#underWay.set(caller, calls.add(call));
    this.#total += 1;
    void this.#run(caller, envelope, request, call.signal).finally(() => {
      this.#total -= 1;
      calls.delete(call);
    });
  }

  /** Nobody waits any more for the answers to its calls. */
  left(caller: Caller): void {
    for (const call of this.#underWay.get(caller) ?? []) call.abort();
    this.#underWay.delete(caller);
  }

  async #run(caller: Caller, envelope: readonly Uint8Array[], bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    const { about, log } = this.#options;
    let request: RouterRequest | undefined;
    try {
      request = readRequest(bytes);
      const result = (await administrate(about, request, signal)) ?? pickle(await this.#call(request, signal));
      this.#answer(caller, envelope, { success: true, wantsTime: request.wantsTime }, result);
    } catch (thrown) {
      const error = thrown instanceof RouterError ? thrown : toBridgeError(thrown);
      // What ran and failed was not refused.
      if (error instanceof RouterError || error.code !== "service_failed") this.#refused += 1;
      const text = error instanceof RouterError ? error.message : textOf(error);
      log("a call failed", { object: request?.object, attribute: request?.attribute, reason: text });
      this.#answer(caller, envelope, { success: false, wantsTime: request?.wantsTime ?? false }, pickle(text));
    }
  }

  async #call({ object, attribute, args, named }: RouterRequest, signal: AbortSignal): Promise<Json> {
    const { about } = this.#options;
    const service = fitName(`${object}/${attribute}`);
    try {
      if (service !== undefined) return await about.call(service, args, named, signal);
    } catch (error) {
      if (toBridgeError(error).code !== "unknown_service") throw error;
    }
    const inside = `${fitName(object) ?? ""}/`;
    const known = about.listing().services.some((each) => each.service.startsWith(inside));
    if (!known) throw new RouterError(keyErrorText(`${object} is not present in instances.`));
    throw new RouterError(
      `Instance ${object} does not have attribute: ${attribute}. Error: there is no service ${service ?? attribute}`,
    );
  }

  #answer(
    caller: Caller,
    envelope: readonly Uint8Array[],
    { success, wantsTime }: { readonly success: boolean; readonly wantsTime: boolean },
    payload: Uint8Array,
  ): void {
    const meta = packMeta(success, wantsTime ? this.#options.now() / 1000 : undefined);
    // One that asks on and on and reads no answer would wait for the lost one.
    if (!caller.send([...envelope, packFrame("", meta, payload)])) caller.end();
  }
}

/** A service's own error in its own words, all others with their code. */
function textOf({ code, message }: BridgeError): string {
  return code === "service_failed" ? message : `${code}: ${message}`;
}

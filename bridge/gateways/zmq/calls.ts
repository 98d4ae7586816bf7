// SPDX-License-Identifier: MIT
// Answers the router's calls: each at its own pace, so that a slow one holds up nobody but its caller.
import type { BridgeError } from "../../model/errors.ts";
import { toBridgeError } from "../../model/errors.ts";
import { administrate, RouterError, type Administered } from "./administration.ts";
import { packFrame, packMeta } from "./packet.ts";
import { pickle } from "./pickle/pickle.ts";
import { fitName, keyErrorText } from "./python-names.ts";
import { readRequest, type RouterRequest } from "./request.ts";

/** Calls under way of one client, whose own library never has more than one, and of all. */
export const MAX_CALLS_OF_CLIENT = 16;
export const MAX_CALLS = 1024;

/** What the calls are answered with. */
export interface CallDeskOptions {
  readonly about: Administered;
  /** ms since 1970 UTC */
  now(): number;
  /** Sends to the client of that identity; it may be gone. */
  reply(identity: Uint8Array, frame: Uint8Array): void;
  log(text: string, details: object): void;
}

/** The calls of all clients. */
export class CallDesk {
  readonly #options: CallDeskOptions;
  readonly #underWay = new Map<string, number>();
  #total = 0;
  #refused = 0;

  constructor(options: CallDeskOptions) {
    this.#options = options;
  }

  /** Messages that were no requests. */
  get refused(): number {
    return this.#refused;
  }

  /** Takes one message of the socket: the identity of its client, the empty frame that a REQ socket sends, the request. Never throws. */
  take([identity, delimiter, request, ...more]: readonly Uint8Array[]): void {
    if (identity === undefined || delimiter?.length !== 0 || request === undefined || more.length > 0) {
      // There is no knowing where an answer would have to go.
      this.#refused += 1;
      return;
    }
    const client = Buffer.from(identity).toString("hex");
    const ofClient = this.#underWay.get(client) ?? 0;
    if (ofClient >= MAX_CALLS_OF_CLIENT || this.#total >= MAX_CALLS) {
      this.#refused += 1;
      this.#answer(identity, false, false, pickle("busy: too many calls wait for their answer"));
      return;
    }
    this.#underWay.set(client, ofClient + 1);
    this.#total += 1;
    void this.#run(identity, request).finally(() => {
      this.#total -= 1;
      const left = (this.#underWay.get(client) ?? 1) - 1;
      if (left > 0) this.#underWay.set(client, left);
      else this.#underWay.delete(client);
    });
  }

  async #run(identity: Uint8Array, bytes: Uint8Array): Promise<void> {
    let request: RouterRequest | undefined;
    try {
      request = readRequest(bytes);
      const result = (await administrate(this.#options.about, request)) ?? pickle(await this.#call(request));
      this.#answer(identity, true, request.wantsTime, result);
    } catch (thrown) {
      if (request === undefined) this.#refused += 1;
      const text = thrown instanceof RouterError ? thrown.message : textOf(toBridgeError(thrown));
      this.#options.log("a call failed", { object: request?.object, attribute: request?.attribute, reason: text });
      this.#answer(identity, false, request?.wantsTime ?? false, pickle(text));
    }
  }

  async #call({ object, attribute, args, named }: RouterRequest): ReturnType<Administered["call"]> {
    const { about } = this.#options;
    const service = fitName(`${object}/${attribute}`);
    try {
      if (service !== undefined) return await about.call(service, args, named);
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

  #answer(identity: Uint8Array, success: boolean, wantsTime: boolean, payload: Uint8Array): void {
    const meta = packMeta(success, wantsTime ? this.#options.now() / 1000 : undefined);
    this.#options.reply(identity, packFrame("", meta, payload));
  }
}

/** A service's own error in its own words, all others with their code. */
function textOf({ code, message }: BridgeError): string {
  return code === "service_failed" ? message : `${code}: ${message}`;
}

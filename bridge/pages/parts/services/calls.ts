// SPDX-License-Identifier: MIT
// The calls of all services, one at a time each.
import { BridgeError } from "../../../model/errors.ts";
import type { PageClient } from "../link/client-port.ts";
import { Call, type SendCall } from "./call.ts";

/** A call may take its time: the page shows that it runs and can cancel it. */
const CALL_TIMEOUT_MS = 600_000;

export class Calls {
  readonly #client: () => PageClient | null;
  readonly #calls = new Map<string, Call>();

  constructor(client: () => PageClient | null) {
    this.#client = client;
  }

  call(service: string): Call {
    let call = this.#calls.get(service);
    if (call === undefined) {
      const send: SendCall = async (args, signal) => {
        const client = this.#client();
        if (client === null) throw new BridgeError("disconnected");
        return client.call(service, args, { signal, timeoutMs: CALL_TIMEOUT_MS });
      };
      call = new Call(send, Date.now);
      this.#calls.set(service, call);
    }
    return call;
  }
}

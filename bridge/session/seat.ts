// SPDX-License-Identifier: MIT
// A session's own seat among the programs that provide something: taken when it first does.
import type { Hub } from "../hub/hub.ts";
import type { ProvidedCounts, Provider, ProviderIdentity } from "../hub/provider.ts";
import type { ProviderPort } from "../hub/ports.ts";
import { BridgeError } from "../model/errors.ts";
import type { CheckedReturn } from "./program-requests.ts";
import { outcomeOf } from "./returns.ts";

/** The seat of one session. */
export class Seat {
  readonly #hub: Hub;
  readonly #identity: ProviderIdentity;
  readonly #port: ProviderPort;
  #provider: Provider | undefined;

  constructor(hub: Hub, identity: ProviderIdentity, port: ProviderPort) {
    this.#hub = hub;
    this.#identity = identity;
    this.#port = port;
  }

  /** What it provides by. */
  get provider(): Provider {
    return (this.#provider ??= this.#hub.provider(this.#identity, this.#port));
  }

  get counts(): ProvidedCounts {
    return this.#provider?.counts ?? { services: 0, streams: 0, waiting: 0 };
  }

  /** The client answered what it was asked. Throws `bad_message` when it was not. */
  returned(returned: CheckedReturn): void {
    if (this.#provider === undefined) throw new BridgeError("bad_message", "return: this session was asked nothing");
    this.#provider.returned(returned.call, outcomeOf(returned));
  }

  /** The client is gone. */
  leave(): void {
    this.#provider?.remove();
  }
}

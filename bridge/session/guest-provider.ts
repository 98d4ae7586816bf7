// SPDX-License-Identifier: MIT
// What a guest provides: its services and streams as functions that promise their results.
import type { Provider } from "../hub/provider.ts";
import type { ProviderPort } from "../hub/ports.ts";
import type { CallArguments } from "../hub/service.ts";
import { BridgeError } from "../model/errors.ts";
import type { Json } from "../model/values.ts";
import type { StreamChange, StreamOffer } from "./program-messages.ts";

/** Carries out what others ask of a guest. A `BridgeError` reaches the caller as it is, anything else as `service_failed`. */
export interface GuestServices {
  /** `signal` is aborted when nobody waits for the result any more. */
  call(service: string, given: CallArguments, signal: AbortSignal): Promise<Json>;
  /** Only asked of a guest that offers streams. */
  adjust?(stream: string, change: StreamChange): Promise<StreamOffer>;
}

/** The hub's way to a guest. */
export class GuestPort implements ProviderPort {
  readonly unreadBytes = 0;
  readonly #services: GuestServices;
  readonly #provider: () => Provider;
  readonly #running = new Map<number, AbortController>();

  constructor(services: GuestServices, provider: () => Provider) {
    this.#services = services;
    this.#provider = provider;
  }

  invoke(call: number, service: string, given: CallArguments): void {
    const stop = new AbortController();
    this.#running.set(call, stop);
    this.#answer(call, () => this.#services.call(service, given, stop.signal));
  }

  adjust(call: number, stream: string, change: StreamChange): void {
    this.#answer(call, async () => {
      if (this.#services.adjust === undefined)
        throw new BridgeError("refused", `the stream "${stream}" cannot be adjusted`);
      return { ...(await this.#services.adjust(stream, change)) };
    });
  }

  abandon(call: number): void {
    this.#running.get(call)?.abort();
    this.#running.delete(call);
  }

  /** The guest leaves. */
  close(): void {
    for (const stop of this.#running.values()) stop.abort();
    this.#running.clear();
  }

  #answer(call: number, run: () => Promise<Json>): void {
    // Never inside the call itself, and what is thrown at once is a failure as any other.
    const promised = Promise.resolve().then(run);
    const done = (outcome: { readonly result: Json } | { readonly error: BridgeError }): void => {
      this.#running.delete(call);
      this.#provider().returned(call, outcome);
    };
    promised.then(
      (result) => {
        done({ result });
      },
      (thrown: unknown) => {
        done({ error: failureOf(thrown) });
      },
    );
  }
}

function failureOf(thrown: unknown): BridgeError {
  if (thrown instanceof BridgeError) return thrown;
  if (!(thrown instanceof Error)) return new BridgeError("service_failed", String(thrown));
  const { name, message } = thrown;
  const code = "code" in thrown ? String(thrown.code) : undefined;
  return new BridgeError("service_failed", message, { name, detail: code, cause: thrown });
}

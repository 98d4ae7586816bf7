// SPDX-License-Identifier: MIT
// One foreign client in JSON values, without a wire of ours: what gateways and the driver link read and publish with.
import type { Waiting } from "../hub/deadline.ts";
import type { Cancel } from "../hub/ports.ts";
import type { Provider } from "../hub/provider.ts";
import { Readership } from "../hub/readership.ts";
import { BridgeError } from "../model/errors.ts";
import type { Json } from "../model/values.ts";
import { requireFull, type Access } from "./access.ts";
import { callService, findService, replyValue } from "./calls.ts";
import { GuestPort, type GuestServices } from "./guest-provider.ts";
import { GuestReader, type GuestListener } from "./guest-reader.ts";
import type { PublishedSample } from "./channel-messages.ts";
import type { BridgeParts } from "./operations.ts";
import type { OwnSenders } from "./own-senders.ts";
import type { StreamChange, StreamEntry } from "./program-messages.ts";
import { Publishing } from "./publishing.ts";
import { DEFAULT_WAIT_MS } from "./request-fields.ts";
import { adjustStream } from "./streams.ts";
import { formOf } from "./thinning.ts";

/** Who a guest is. */
export interface GuestOptions {
  /** What readers of its samples see, as a session's id. */
  readonly name: string;
  /** The program, as far as it is known. */
  readonly client: string;
  readonly access: Access;
  /** The senders that count as its own, when it shares them with other guests. */
  readonly own?: OwnSenders;
}

/** How a guest reads; what is left out is as in `subscribe` of the client protocol, but a name that is not there is waited for. */
export interface GuestRead {
  readonly delivery?: "queue" | "latest";
  readonly maxHz?: number;
  readonly last?: boolean;
  readonly echo?: boolean;
  /** By default true. */
  readonly wait?: boolean;
}

/** What a guest publishes. */
export type GuestSample =
  { readonly json: string | Uint8Array } | { readonly bytes: Uint8Array; readonly contentType: string };

/** How long a guest waits for an answer. */
export interface GuestPatience {
  /** By default 10 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** What a guest calls a service with. */
export interface GuestCall extends GuestPatience {
  /** By position. */
  readonly args?: readonly Json[];
  /** By name. */
  readonly named?: Readonly<Record<string, Json>>;
}

/** A guest. Nothing of it blocks; its listeners are called on the bridge's one thread and must not throw. */
export class Guest {
  readonly #bridge: BridgeParts;
  readonly #options: GuestOptions;
  readonly #publishing: Publishing;
  readonly #readerships = new Set<Readership>();
  /** What cancels each call that is under way. */
  readonly #calls = new Set<Cancel>();
  #provided: { readonly port: GuestPort; readonly provider: Provider } | undefined;
  #closed = false;

  constructor(bridge: BridgeParts, options: GuestOptions) {
    const { hub, codec } = bridge;
    this.#bridge = bridge;
    this.#options = options;
    this.#publishing = new Publishing({ hub, codec, ...options });
  }

  /**
   * Reads channels by name or pattern until the result is called. Several reads get the samples of a channel each. Throws `name_invalid`,
   * `unknown_channel`, `invalid_argument`, or `closed`.
   */
  read(channels: string | readonly string[], how: GuestRead, listener: GuestListener): Cancel {
    this.#requireOpen();
    const { hub, codec } = this.#bridge;
    const { access } = this.#options;
    const reader: GuestReader = new GuestReader({
      codec,
      senders: hub.senders,
      own: this.#publishing.senders,
      readership: () => readership,
      listener,
    });
    const readership: Readership = new Readership(hub, reader, (name) => access.channel(name));
    const { delivery = "queue", maxHz, last = false, echo = false, wait = true } = how;
    try {
      const names = typeof channels === "string" ? [channels] : channels;
      const form = formOf({ delivery, encoding: "batch", maxHz });
      const { start } = readership.subscribe({ channels: names, form, last, wait, echo });
      this.#readerships.add(readership);
      start();
    } catch (error) {
      readership.close();
      throw error;
    }
    return () => {
      this.#readerships.delete(readership);
      readership.close();
    };
  }

  /**
   * Publishes one sample in an open channel, which is made by it. `timeMs`: ms since 1970 UTC, by default now. Throws `forbidden`, `name_invalid`,
   * `name_in_use`, `bad_value`, `message_too_large`, `busy` or `closed`.
   */
  publish(channel: string, sample: GuestSample, timeMs?: number): PublishedSample {
    this.#requireOpen();
    if ("bytes" in sample) {
      const { bytes: payload, contentType } = sample;
      return this.#publishing.publish(channel, { kind: "bytes", contentType, payload, timeMs });
    }
    const { json } = sample;
    const payload = typeof json === "string" ? Buffer.from(json) : json;
    return this.#publishing.publish(channel, { kind: "json", contentType: null, payload, timeMs });
  }

  /**
   * Calls a service of a driver or program, or an alias. Rejects with the service's failure (`service_failed` with its name and detail), `unknown_service`, what is
   * wrong with the arguments, `busy`, `timeout`, `cancelled` or `disconnected`.
   */
  async call(service: string, { args = [], named = {}, timeoutMs, signal }: GuestCall = {}): Promise<Json> {
    this.#requireOpen();
    const { hub } = this.#bridge;
    const { access } = this.#options;
    const waitMs = timeoutMs ?? DEFAULT_WAIT_MS;
    const since = hub.clock.now();
    const arrival = access.service(service) ? hub.arrival("service", service, waitMs) : undefined;
    if (arrival !== undefined) await this.#until(arrival, signal);
    const leftMs = Math.max(1, waitMs - (hub.clock.now() - since));
    const reply = callService(this.#bridge, findService(hub, access, service), { args, named }, leftMs);
    return replyValue(await this.#until(reply, signal));
  }

  /** Starts, stops or paces a stream; gives it as it then is. Rejects as {@link call}, and with `unknown_stream`, `out_of_range`, `refused`. */
  async adjust(stream: string, change: StreamChange, { timeoutMs, signal }: GuestPatience = {}): Promise<StreamEntry> {
    this.#requireOpen();
    const { access } = this.#options;
    const answer = adjustStream(this.#bridge.hub, access, stream, change, timeoutMs ?? DEFAULT_WAIT_MS);
    return this.#until(answer, signal);
  }

  /**
   * A seat by which the guest exposes services, names calls and offers streams, carried out by `services`; all of it goes with the guest. Throws `forbidden` without full
   * access, and `invalid_argument` for a second one.
   */
  provide(services: GuestServices): Provider {
    this.#requireOpen();
    requireFull(this.#options.access, "offer services or streams");
    if (this.#provided !== undefined) throw new BridgeError("invalid_argument", "a guest provides once");
    const port = new GuestPort(services, () => provider);
    const provider: Provider = this.#bridge.hub.provider(this.#options, port);
    this.#provided = { port, provider };
    return provider;
  }

  /** Everything that it may see, as the JSON text of the result of `list`. */
  get directory(): string {
    return this.#bridge.describer.directory(this.#bridge.hub.directory, this.#options.access);
  }

  /** It is gone. */
  close(): void {
    this.#closed = true;
    for (const readership of this.#readerships) readership.close();
    this.#readerships.clear();
    this.#publishing.end();
    this.#provided?.provider.remove();
    this.#provided?.port.close();
    for (const cancel of this.#calls) cancel();
  }

  /** The answer, unless the guest leaves or `signal` is aborted before: then `cancelled`. */
  async #until<T>({ answer, cancel }: Waiting<T>, signal: AbortSignal | undefined): Promise<T> {
    if (signal?.aborted === true) cancel();
    this.#calls.add(cancel);
    signal?.addEventListener("abort", cancel);
    try {
      return await answer;
    } finally {
      this.#calls.delete(cancel);
      signal?.removeEventListener("abort", cancel);
    }
  }

  #requireOpen(): void {
    if (this.#closed) throw new BridgeError("closed", "the guest has left");
  }
}

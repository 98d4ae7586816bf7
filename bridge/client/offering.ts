// SPDX-License-Identifier: MIT
// What one client offers to others: channels that it publishes in, services, streams.
import type { BridgeError } from "../model/errors.ts";
import type { RefusedEvent } from "../session/channel-messages.ts";
import type { Directory, RequestBody } from "../session/messages.ts";
import type { ProgramNote } from "../session/program-messages.ts";
import type { Listeners } from "./events.ts";
import type { Hearing } from "./hearing.ts";
import type { Kept, KeptThings } from "./kept/kept.ts";
import { errorOf, type Arrival } from "./link/requests.ts";
import type { Platform } from "./link/transport.ts";
import { Publisher, type PublisherOptions, type PublisherWire } from "./publish/publisher.ts";
import { aliased, exposed, type AliasOptions, type Exposure } from "./services/exposure.ts";
import { failureOf, Invocations } from "./services/invocations.ts";
import type { ExposeOptions } from "./services/methods.ts";
import { StreamSet } from "./streams/stream-set.ts";
import { timersOf } from "./streams/timers.ts";

/** What offering needs of its client. */
export interface OfferingWire {
  readonly platform: Platform;
  readonly kept: KeptThings;
  readonly listeners: Listeners;
  ask(body: RequestBody, arrival?: Arrival): Promise<unknown>;
  list(): Promise<Directory>;
  /** Throws what the note cannot be sent for. */
  send(note: ProgramNote): void;
  sendRecord(record: Uint8Array): void;
  unsentBytes(): number;
  bridgeTimeNs(): bigint | undefined;
}

/** All that one client offers. */
export class Offering implements Kept {
  readonly streams: StreamSet;
  readonly hears: Hearing;
  readonly #wire: OfferingWire;
  readonly #publishing: PublisherWire;
  readonly #publishers = new Set<Publisher>();
  readonly #invocations: Invocations;

  constructor(wire: OfferingWire) {
    this.#wire = wire;
    const { platform, kept } = wire;
    this.#publishing = {
      kept,
      ask: (body, arrival) => wire.ask(body, arrival),
      release: (timer) => {
        platform.release(timer);
      },
      soon: (action) => {
        platform.soon(action);
      },
      sendRecord: (record) => {
        wire.sendRecord(record);
      },
      unsentBytes: () => wire.unsentBytes(),
      bridgeTimeNs: () => wire.bridgeTimeNs(),
      notice: (error) => {
        this.#notice(error);
      },
    };
    this.#invocations = new Invocations((note) => {
      this.#answer(note);
    });
    this.streams = new StreamSet({
      ...this.#publishing,
      timers: timersOf(this.#publishing),
      relay: platform.relay,
      publisher: (channel, options) => this.publisher(channel, options),
      list: () => wire.list(),
      send: (note) => {
        this.#answer(note);
      },
    });
    this.hears = {
      ...this.#invocations.hears,
      ...this.streams.hears,
      refused: (event) => {
        this.#refused(event);
      },
    };
  }

  publisher<T>(channel: string, options: PublisherOptions): Publisher<T> {
    const publisher = new Publisher<T>(this.#publishing, channel, options, () => {
      this.#publishers.delete(publisher);
    });
    this.#publishers.add(publisher);
    return publisher;
  }

  expose(name: string, target: object, options: ExposeOptions): Exposure {
    return exposed(this.#exposing, name, target, options);
  }

  alias(name: string, target: string, options: AliasOptions): Exposure {
    return aliased(this.#exposing, name, target, options);
  }

  connected(): void {
    // Each of its parts is kept by itself.
  }

  disconnected(): void {
    this.#invocations.abandonAll();
  }

  finish(): void {
    this.#invocations.abandonAll();
  }

  get #exposing(): PublisherWire & { readonly invocations: Invocations } {
    return { ...this.#publishing, invocations: this.#invocations };
  }

  #refused({ handle, first, count, error }: RefusedEvent): void {
    for (const publisher of this.#publishers) {
      if (publisher.handle === handle) publisher.refused({ first, count, error: errorOf(error) });
    }
  }

  /** An answer that cannot be sent becomes one that says so. */
  #answer(note: ProgramNote): void {
    try {
      this.#wire.send(note);
    } catch (thrown) {
      this.#wire.send({ op: "return", call: note.call, error: failureOf(thrown) });
    }
  }

  #notice({ code, message }: BridgeError): void {
    this.#wire.listeners.tell("notice", { code, message });
  }
}

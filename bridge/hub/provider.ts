// SPDX-License-Identifier: MIT
// A program's seat in the hub, made when it offers something: its services, aliases and streams, and the calls that wait for its answer.
import { BridgeError } from "../model/errors.ts";
import { checkName } from "../model/names.ts";
import type { Json } from "../model/values.ts";
import type { Directory } from "./directory.ts";
import type { Offer, OfferState } from "./offer.ts";
import type { Asked, ProviderPort } from "./ports.ts";
import type { Alias, CallArguments, ProgramService } from "./service.ts";

/** Calls of one program that wait for its answer. */
export const MAX_CALLS = 256;

/** Services and aliases of one program, and its streams. */
export const MAX_SERVICES = 1024;
export const MAX_OFFERS = 1024;

/** A program that has left so much unread is called no more. */
export const MAX_UNREAD_BYTES = 4_194_304;

/** How others see the program. */
export interface ProviderIdentity {
  /** Its session. */
  readonly name: string;
  /** What it calls itself. */
  readonly client: string;
  /** Ids of the bridges through which it is reached, the nearest first; left out: of none. */
  readonly via?: readonly string[];
}

/** How a program declares a service. */
export interface ServiceSpec {
  readonly name: string;
  readonly params: readonly string[] | null;
  readonly doc: string | null;
}

/** What a program provides at the moment. */
export interface ProvidedCounts {
  /** Aliases too. */
  readonly services: number;
  readonly streams: number;
  /** Calls and adjustments that wait for its answer. */
  readonly waiting: number;
}

interface WaitingCall {
  readonly resolve: (result: Json) => void;
  readonly reject: (error: BridgeError) => void;
}

/** A program as others call it, and the only way for it to change the hub's services and streams. */
export class Provider implements ProviderIdentity {
  readonly name: string;
  readonly client: string;
  readonly via: readonly string[];
  readonly #directory: Directory;
  readonly #port: ProviderPort;
  readonly #services = new Map<string, ProgramService | Alias>();
  readonly #offers = new Map<string, Offer>();
  readonly #waiting = new Map<number, WaitingCall>();
  #lastCall = 0;
  #gone = false;

  constructor({ name, client, via = [] }: ProviderIdentity, port: ProviderPort, directory: Directory) {
    this.name = name;
    this.client = client;
    this.via = via;
    this.#port = port;
    this.#directory = directory;
  }

  get counts(): ProvidedCounts {
    return { services: this.#services.size, streams: this.#offers.size, waiting: this.#waiting.size };
  }

  /** Adds services, all or none; its own of that name are replaced. Throws `name_invalid`, `name_in_use`, `forbidden`, `busy`. */
  expose(specs: readonly ServiceSpec[]): void {
    const names = new Set(specs.map(({ name }) => name));
    if (names.size < specs.length) throw new BridgeError("name_in_use", "one service is named twice");
    for (const name of names) this.#checkFree(name);
    this.#checkRoom([...names].filter((name) => !this.#services.has(name)).length);
    for (const spec of specs) this.#put({ by: "program", ...spec, provider: this });
  }

  /** Adds an alias, or replaces its own service of that name. Throws as {@link expose}, and `invalid_argument` when it comes to stand for itself. */
  alias(name: string, target: string, defaults: CallArguments): void {
    this.#checkFree(name);
    checkName(target);
    let next: string | undefined = target;
    // Each step is another alias, as a circle would have been refused when it was closed.
    while (next !== undefined) {
      if (next === name) throw new BridgeError("invalid_argument", `the alias "${name}" would stand for itself`);
      const found = this.#directory.services.get(next);
      next = found?.by === "alias" ? found.target : undefined;
    }
    this.#checkRoom(this.#services.has(name) ? 0 : 1);
    this.#put({ by: "alias", name, provider: this, target, defaults });
  }

  /** Whether it has a service or alias of this name. */
  exposes(name: string): boolean {
    return this.#services.has(name);
  }

  /** Takes own services and aliases back, all or none; calls that wait for their answer go on. Throws `unknown_service`. */
  withdraw(names: readonly string[]): void {
    for (const name of names) {
      if (!this.#services.has(name)) {
        throw new BridgeError("unknown_service", `this session exposes no service "${name}"`);
      }
    }
    for (const name of names) this.#remove(name);
  }

  /** Adds a stream, or says how its own of that name stands. Throws `name_invalid`, `name_in_use`, `busy`. */
  offer(name: string, state: OfferState): void {
    const own = this.#offers.get(name);
    if (own !== undefined) {
      own.state = state;
      this.#directory.note({ is: "stream", entry: own }, "changed");
      return;
    }
    checkName(name);
    checkName(state.channel);
    if (this.#directory.streams.has(name)) {
      throw new BridgeError("name_in_use", `the stream "${name}" is offered by another program`);
    }
    if (this.#offers.size >= MAX_OFFERS) {
      throw new BridgeError("busy", `a program has at most ${String(MAX_OFFERS)} streams`);
    }
    const offer: Offer = { name, provider: this, state };
    this.#offers.set(name, offer);
    this.#directory.streams.set(name, offer);
    this.#directory.note({ is: "stream", entry: offer }, "added");
  }

  /** Throws `invalid_argument` when it offers no such stream. */
  retract(name: string): void {
    const offer = this.#offers.get(name);
    if (offer === undefined) {
      throw new BridgeError("invalid_argument", `this session offers no stream "${name}"`);
    }
    this.#offers.delete(name);
    this.#directory.streams.delete(name);
    this.#directory.note({ is: "stream", entry: offer }, "removed");
  }

  /** Has a call carried out. Throws `busy`, `disconnected`, `message_too_large`; rejects with the service's own failure, or `disconnected`. */
  call(service: string, given: CallArguments): Asked<Json> {
    return this.#ask((call) => {
      this.#port.invoke(call, service, given);
    });
  }

  /** Asks for another rate, a start or a stop; answers the stream as it then is. Throws and rejects as {@link call}. */
  adjust(stream: string, change: { readonly enabled?: boolean; readonly hz?: number }): Asked<Json> {
    return this.#ask((call) => {
      this.#port.adjust(call, stream, change);
    });
  }

  /** The program answered. An answer that nobody waits for any more is ignored. Throws `bad_message` when it was not asked. */
  returned(call: number, outcome: { readonly result: Json } | { readonly error: BridgeError }): void {
    if (call < 1 || call > this.#lastCall) {
      throw new BridgeError("bad_message", `a return of the call ${String(call)}, which was not asked`);
    }
    const waiting = this.#waiting.get(call);
    if (waiting === undefined) return;
    this.#waiting.delete(call);
    if ("error" in outcome) waiting.reject(outcome.error);
    else waiting.resolve(outcome.result);
  }

  /** The program is gone: what it offered leaves the directory, its calls fail. */
  remove(): void {
    if (this.#gone) return;
    this.#gone = true;
    for (const name of [...this.#services.keys()]) this.#remove(name);
    for (const name of [...this.#offers.keys()]) this.retract(name);
    for (const { reject } of this.#waiting.values()) reject(this.#lost());
    this.#waiting.clear();
  }

  #ask(send: (call: number) => void): Asked<Json> {
    if (this.#gone) throw this.#lost();
    if (this.#waiting.size >= MAX_CALLS) {
      throw new BridgeError("busy", `${String(MAX_CALLS)} calls wait for the answer of ${this.#shown} already`);
    }
    if (this.#port.unreadBytes > MAX_UNREAD_BYTES) {
      throw new BridgeError("busy", `${this.#shown} does not read what it is sent`);
    }
    this.#lastCall += 1;
    const call = this.#lastCall;
    const answer = new Promise<Json>((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject });
    });
    try {
      send(call);
    } catch (thrown) {
      this.#waiting.delete(call);
      throw thrown;
    }
    const giveUp = (): void => {
      if (this.#waiting.delete(call) && !this.#gone) this.#port.abandon(call);
    };
    return { answer, giveUp };
  }

  #checkFree(name: string): void {
    checkName(name);
    if (this.#directory.isOfDriver(name)) {
      throw new BridgeError("forbidden", `"${name}" is a name of the driver "${name.split("/", 1).join("")}"`);
    }
    const there = this.#directory.services.get(name);
    if (there !== undefined && there !== this.#services.get(name)) {
      throw new BridgeError("name_in_use", `the service "${name}" is there already`);
    }
  }

  #checkRoom(more: number): void {
    if (this.#services.size + more <= MAX_SERVICES) return;
    throw new BridgeError("busy", `a program has at most ${String(MAX_SERVICES)} services`);
  }

  #put(service: ProgramService | Alias): void {
    const became = this.#services.has(service.name) ? "changed" : "added";
    this.#services.set(service.name, service);
    this.#directory.services.set(service.name, service);
    this.#directory.note({ is: "service", entry: service }, became);
  }

  #remove(name: string): void {
    const entry = this.#services.get(name);
    if (entry === undefined) return;
    this.#services.delete(name);
    this.#directory.services.delete(name);
    this.#directory.note({ is: "service", entry }, "removed");
  }

  #lost(): BridgeError {
    return new BridgeError("disconnected", `${this.#shown} was lost before it answered`);
  }

  get #shown(): string {
    return this.client === "" ? `the program of ${this.name}` : `${this.client} (${this.name})`;
  }
}

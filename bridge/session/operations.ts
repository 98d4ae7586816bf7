// SPDX-License-Identifier: MIT
// Carries out the requests of a session, one function for each; each gives its result as JSON text or throws a `BridgeError`.
import type { Hub } from "../hub/hub.ts";
import type { Readership } from "../hub/readership.ts";
import type { Service } from "../hub/service.ts";
import type { Codec } from "../layout/codec.ts";
import { encodeRequest } from "../layout/request.ts";
import { BridgeError } from "../model/errors.ts";
import type { Access } from "./access.ts";
import type { Describer } from "./describe.ts";
import type { FastPath } from "./fast-path.ts";
import type { Gate } from "./gate.ts";
import type { BoundParameter, BoundService, Ledger } from "./messages.ts";
import { sampleOf, type Publishing } from "./publishing.ts";
import type { CheckedOf, CheckedRequest } from "./requests.ts";
import { formOf } from "./thinning.ts";
import type { Watcher } from "./watcher.ts";

/** Subscriptions of one session. */
export const MAX_SUBSCRIPTIONS = 256;

/** What the sessions of a bridge share. */
export interface BridgeParts {
  readonly hub: Hub;
  readonly codec: Codec;
  readonly gate: Gate;
  readonly describer: Describer;
  /** The bridge's state as JSON text. */
  status(): string;
}

/** What belongs to the one session. */
export interface SessionParts {
  readonly access: Access;
  readonly readership: Readership;
  readonly watcher: Watcher;
  readonly fastPath: FastPath;
  readonly publishing: Publishing;
  /** What became of the samples of each stream. */
  ledger(): Ledger;
  /** Fails a call that is under way with `cancelled`; false when there is none of that id. */
  cancel(request: number): boolean;
}

/** A result, and what is to be done once it was sent. */
export interface Outcome {
  readonly json: string;
  /** Whether it goes out ahead of samples that wait. */
  readonly overtakes?: boolean;
  readonly after?: () => void;
}

/** The requests of one session. */
export class Operations {
  readonly #bridge: BridgeParts;
  readonly #session: SessionParts;

  constructor(bridge: BridgeParts, session: SessionParts) {
    this.#bridge = bridge;
    this.#session = session;
  }

  /** Runs one request. Only `set` and `call` take time; `signal` ends the waiting of a call, a set cannot be taken back. */
  run(request: CheckedRequest, signal: AbortSignal | undefined): Outcome | Promise<Outcome> {
    const { hub, describer } = this.#bridge;
    const received = hub.clock.now();
    const { access, readership, watcher } = this.#session;
    switch (request.op) {
      case "list":
        return { json: describer.directory(hub.directory, access), overtakes: true };
      case "watch":
        watcher.watch(request.rates);
        return { json: describer.directory(hub.directory, access) };
      case "logs":
        this.#requireFull("read logs");
        return {
          json: "{}",
          after: () => {
            watcher.logs();
          },
        };
      case "status":
        this.#requireFull("read the bridge's state");
        return { json: this.#bridge.status() };
      case "ping":
        return { json: `{"received":${String(received)},"time":${String(hub.clock.now())}}`, overtakes: true };
      case "ledger":
        return { json: JSON.stringify(this.#session.ledger()) };
      case "bind":
        return { json: JSON.stringify(this.#bind(request)), overtakes: true };
      case "subscribe":
        return this.#subscribe(request);
      case "unsubscribe":
        readership.unsubscribe(request.subscription);
        return { json: "{}" };
      case "schema":
        return { json: this.#schema(request) };
      case "get":
        return { json: `{${describer.value(this.#parameter(request.parameter))}}`, overtakes: true };
      case "set":
        return this.#set(request);
      case "call":
        return this.#call(request, signal);
      case "cancel":
        if (!this.#session.cancel(request.request)) {
          throw new BridgeError("invalid_argument", `no call ${String(request.request)} waits for its answer`);
        }
        return { json: "{}" };
      case "open": {
        const { channel, kind, contentType, sender } = request;
        const opened = this.#session.publishing.open(channel, kind, contentType, sender);
        return { json: JSON.stringify(opened), overtakes: true };
      }
      case "close":
        this.#session.publishing.close(request.handle);
        return { json: "{}", overtakes: true };
      case "publish": {
        const published = this.#session.publishing.publish(request.channel, sampleOf(request));
        return { json: JSON.stringify(published), overtakes: true };
      }
      case "ticket":
        return this.#ticket(request);
    }
  }

  #subscribe(request: CheckedOf<"subscribe">): Outcome {
    const { readership } = this.#session;
    if (readership.size >= MAX_SUBSCRIPTIONS) {
      throw new BridgeError("busy", `a session has at most ${String(MAX_SUBSCRIPTIONS)} subscriptions`);
    }
    const { channels, last, wait, echo } = request;
    const { id, start } = readership.subscribe({ channels, form: formOf(request), last, wait, echo });
    return { json: `{"subscription":${String(id)}}`, after: start };
  }

  async #set(request: CheckedOf<"set">): Promise<Outcome> {
    const { hub, codec, describer } = this.#bridge;
    const parameter = this.#parameter(request.parameter);
    const { value, mask } = codec.encode(parameter.schema.layout, request.values);
    const applied = await hub.set(parameter, value, mask, { timeoutMs: request.timeoutMs });
    return { json: describer.applied(parameter, applied, this.#session.access), overtakes: true };
  }

  async #call(request: CheckedOf<"call">, signal: AbortSignal | undefined): Promise<Outcome> {
    const { hub, codec } = this.#bridge;
    const service = this.#service(request.service);
    const args = encodeRequest(codec, service.request?.layout ?? null, request.args);
    const reply = await hub.call(service, args, {
      timeoutMs: request.timeoutMs,
      ...(signal === undefined ? {} : { signal }),
    });
    return { json: service.reply === null ? "{}" : codec.valueJson(service.reply.layout, reply), overtakes: true };
  }

  #bind({ service, parameter, timeoutMs }: CheckedOf<"bind">): BoundService | BoundParameter {
    const { fastPath } = this.#session;
    if (service !== undefined && parameter === undefined) {
      return fastPath.bindService(this.#service(service), timeoutMs);
    }
    if (parameter !== undefined && service === undefined) {
      return fastPath.bindParameter(this.#parameter(parameter), timeoutMs);
    }
    throw new BridgeError("invalid_argument", "bind: name a service or a parameter, one of them");
  }

  #schema({ driver: name, known }: CheckedOf<"schema">): string {
    const { access } = this.#session;
    const seen = [...this.#bridge.hub.directory.drivers.values()].filter((driver) => access.driver(driver.name));
    // Of two with one name the one that is up has it.
    const driver =
      seen.find((each) => each.name === name && each.state === "up") ?? seen.find((each) => each.name === name);
    if (driver !== undefined) return this.#bridge.describer.driverSchema(driver, known, access);
    const names = [...new Set(seen.map((each) => each.name))].slice(0, 20).join(", ");
    throw new BridgeError(
      "unknown_driver",
      `there is no driver "${name}"; ${names === "" ? "none is there" : `there are: ${names}`}`,
    );
  }

  #ticket({ channels, parameters, services, publish, ttlMs }: CheckedOf<"ticket">): Outcome {
    this.#requireFull("make tickets");
    const { gate, hub } = this.#bridge;
    const expires = Math.floor(hub.clock.now() + ttlMs);
    const ticket = gate.issue({ channels, parameters, services, publish }, expires);
    return { json: JSON.stringify({ ticket, expires }) };
  }

  #parameter(name: string): ReturnType<Hub["parameter"]> {
    if (!this.#session.access.parameter(name)) {
      throw new BridgeError("unknown_parameter", `there is no parameter "${name}"`);
    }
    return this.#bridge.hub.parameter(name);
  }

  #service(name: string): Service {
    if (!this.#session.access.service(name)) {
      throw new BridgeError("unknown_service", `there is no service "${name}"`);
    }
    return this.#bridge.hub.service(name);
  }

  #requireFull(what: string): void {
    if (!this.#session.access.full) throw new BridgeError("forbidden", `a ticket does not allow to ${what}`);
  }
}

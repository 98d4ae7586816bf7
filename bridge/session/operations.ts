// SPDX-License-Identifier: MIT
// Carries out the requests of a session, one function for each; each gives its result as JSON text or throws a `BridgeError`.
import { mapAnswer, type Waiting } from "../hub/deadline.ts";
import type { AwaitedKind, Hub } from "../hub/hub.ts";
import type { Readership } from "../hub/readership.ts";
import type { Service } from "../hub/service.ts";
import type { Codec } from "../layout/codec.ts";
import { BridgeError } from "../model/errors.ts";
import type { Json } from "../model/values.ts";
import { requireFull, type Access } from "./access.ts";
import { whenThere } from "./arrival.ts";
import { callService, findService, replyText } from "./calls.ts";
import type { Describer } from "./describe.ts";
import type { FastPath } from "./fast-path.ts";
import type { Gate } from "./gate.ts";
import type { BoundParameter, BoundService, Ledger } from "./messages.ts";
import { PresetOperations, type PresetStore } from "./presets.ts";
import { ProgramOperations } from "./program-operations.ts";
import { sampleOf, type Publishing } from "./publishing.ts";
import { DEFAULT_WAIT_MS } from "./request-fields.ts";
import type { CheckedOf, CheckedRequest } from "./requests.ts";
import type { Seat } from "./seat.ts";
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
  readonly presets: PresetStore;
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
  readonly seat: Seat;
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

/** A request that may take so long. */
type Run = (timeoutMs: number) => Outcome | Promise<Outcome> | Waiting<Outcome>;

/** The requests of one session. */
export class Operations {
  readonly #bridge: BridgeParts;
  readonly #session: SessionParts;
  readonly #program: ProgramOperations;
  readonly #presets: PresetOperations;

  constructor(bridge: BridgeParts, session: SessionParts) {
    this.#bridge = bridge;
    this.#session = session;
    this.#program = new ProgramOperations(bridge, session);
    this.#presets = new PresetOperations(bridge, session.access);
  }

  /** Runs one request. Only `set`, `call` and `adjust` take time, and what names something of a driver that is only just coming; a set that was sent on cannot be taken back, the others can. */
  run(request: CheckedRequest): Outcome | Promise<Outcome> | Waiting<Outcome> {
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
        requireFull(access, "read logs");
        return {
          json: "{}",
          after: () => {
            watcher.logs();
          },
        };
      case "status":
        requireFull(access, "read the bridge's state");
        return { json: this.#bridge.status() };
      case "ping":
        return { json: `{"received":${String(received)},"time":${String(hub.clock.now())}}`, overtakes: true };
      case "ledger":
        return { json: JSON.stringify(this.#session.ledger()) };
      case "bind":
        return this.#bind(request);
      case "subscribe":
        return this.#subscribe(request);
      case "unsubscribe":
        readership.unsubscribe(request.subscription);
        return { json: "{}" };
      case "schema":
        return this.#once("driver", request.driver, DEFAULT_WAIT_MS, () => ({ json: this.#schema(request) }));
      case "get":
        return this.#once("parameter", request.parameter, DEFAULT_WAIT_MS, () => ({
          json: `{${describer.value(this.#parameter(request.parameter))}}`,
          overtakes: true,
        }));
      case "set":
        return this.#once("parameter", request.parameter, request.timeoutMs, (timeoutMs) =>
          this.#set(request, timeoutMs),
        );
      case "call":
        return this.#once("service", request.service, request.timeoutMs, (timeoutMs) => this.#call(request, timeoutMs));
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
      case "presets":
      case "preset":
      case "save":
      case "forget":
        return { json: this.#presets.run(request), overtakes: true };
      case "follow":
        return this.#watchTicket(request);
      case "expose":
      case "alias":
      case "withdraw":
      case "offer":
      case "retract":
      case "adjust":
        return this.#program.run(request);
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

  async #set(request: CheckedOf<"set">, timeoutMs: number): Promise<Outcome> {
    const { hub, codec, describer } = this.#bridge;
    const parameter = this.#parameter(request.parameter);
    const { value, mask } = codec.encode(parameter.schema.layout, request.values);
    const applied = await hub.set(parameter, value, mask, timeoutMs);
    return { json: describer.applied(parameter, applied, this.#session.access), overtakes: true };
  }

  #call({ service: name, args, named, timestamp }: CheckedOf<"call">, timeoutMs: number): Waiting<Outcome> {
    const { clock } = this.#bridge.hub;
    if (named !== undefined && !isList(args)) {
      throw new BridgeError("invalid_argument", "call: named arguments stand beside an array of args");
    }
    const given = isList(args) ? { args, named: named ?? {} } : { args: [], named: args };
    return mapAnswer(callService(this.#bridge, this.#service(name), given, timeoutMs), (reply) => {
      const text = replyText(reply);
      return { json: timestamp ? `{"value":${text},"time":${String(clock.now())}}` : text, overtakes: true };
    });
  }

  #bind({ service, parameter, timeoutMs }: CheckedOf<"bind">): Outcome | Promise<Outcome> | Waiting<Outcome> {
    const { fastPath } = this.#session;
    const bound = (handle: BoundService | BoundParameter): Outcome => ({
      json: JSON.stringify(handle),
      overtakes: true,
    });
    if (service !== undefined && parameter === undefined) {
      return this.#once("service", service, timeoutMs, () =>
        bound(fastPath.bindService(this.#service(service), timeoutMs)),
      );
    }
    if (parameter !== undefined && service === undefined) {
      return this.#once("parameter", parameter, timeoutMs, () =>
        bound(fastPath.bindParameter(this.#parameter(parameter), timeoutMs)),
      );
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

  #ticket({ channels, parameters, services, streams, publish, ttlMs, once }: CheckedOf<"ticket">): Outcome {
    requireFull(this.#session.access, "make tickets");
    const { gate, hub } = this.#bridge;
    const expires = Math.floor(hub.clock.now() + ttlMs);
    const ticket = gate.issue({ channels, parameters, services, streams, publish }, expires, once);
    return { json: JSON.stringify({ ticket, expires }) };
  }

  #watchTicket({ ticket, enabled }: CheckedOf<"follow">): Outcome {
    requireFull(this.#session.access, "watch tickets");
    const { gate, hub } = this.#bridge;
    // To stop watching is always possible: the ticket may be over by then.
    if (enabled && gate.admit(ticket, hub.clock.now())?.full !== false) {
      throw new BridgeError("invalid_argument", "this is no ticket that opens anything now");
    }
    this.#session.watcher.watchTicket(ticket, enabled);
    return { json: JSON.stringify({ sessions: gate.sessions.count(ticket) }) };
  }

  #once(kind: AwaitedKind, name: string, timeoutMs: number, run: Run): ReturnType<Run> {
    const { access } = this.#session;
    return whenThere({ hub: this.#bridge.hub, access, kind, name, timeoutMs }, run);
  }

  #parameter(name: string): ReturnType<Hub["parameter"]> {
    if (!this.#session.access.parameter(name)) {
      throw new BridgeError("unknown_parameter", `there is no parameter "${name}"`);
    }
    return this.#bridge.hub.parameter(name);
  }

  #service(name: string): Service {
    return findService(this.#bridge.hub, this.#session.access, name);
  }
}

/** TypeScript does not see it of a read-only array by `Array.isArray`. */
function isList(args: readonly Json[] | Readonly<Record<string, Json>>): args is readonly Json[] {
  return Array.isArray(args);
}

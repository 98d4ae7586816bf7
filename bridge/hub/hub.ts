// SPDX-License-Identifier: MIT
// The hub: brings together drivers and readers, in bytes and ids, without I/O and without a clock of its own.
import { BridgeError } from "../model/errors.ts";
import type { Json } from "../model/values.ts";
import { Arrivals } from "./arrivals.ts";
import { Channel, type ChannelParts } from "./channel.ts";
import { withDeadline, type Waiting } from "./deadline.ts";
import { Deadlines } from "./deadlines.ts";
import { Directory } from "./directory.ts";
import { Driver, type Abroad, type DriverParts } from "./driver.ts";
import { Journal } from "./journal.ts";
import { Loans } from "./loans.ts";
import { OpenChannels, type OpenSpec } from "./open-channels.ts";
import type { Parameter } from "./parameter.ts";
import type { Offer } from "./offer.ts";
import type { AppliedValue, BatchTools, Cancel, Clock, ProviderPort } from "./ports.ts";
import { Provider, type ProviderIdentity } from "./provider.ts";
import type { Publisher } from "./publisher.ts";
import { Schemas } from "./schemas.ts";
import { Senders, type Sender } from "./senders.ts";
import type { CallArguments, DriverService, ProgramService, Service } from "./service.ts";
import { Ticker } from "./ticker.ts";

/** Channels whose producer is gone and that nobody reads are remembered up to so many names. */
export const MAX_REMEMBERED_CHANNELS = 16_384;

/** Newest batches of all channels, kept for readers that come later, may take so much memory. */
export const MAX_NEWEST_BYTES = 67_108_864;

export interface HubOptions {
  readonly clock: Clock;
  readonly tools: BatchTools;
  /** How long samples of a busy channel are collected before they are handed out. */
  readonly flushMs: number;
  /** Whether a driver of that name listens although it is not connected; it is then to be dialled now. Asked for what nobody has. Without it nobody does. */
  readonly listens?: (driver: string) => boolean;
}

/** What a request can wait for. */
export type AwaitedKind = "driver" | "parameter" | "service";

/** Called with every value that a driver says to hold now. */
export type ValueListener = (parameter: Parameter, applied: AppliedValue) => void;

/** One bridge's hub. Nothing in it blocks; everything is called on the one thread. */
export class Hub {
  readonly directory: Directory;
  readonly schemas: Schemas = new Schemas();
  readonly journal: Journal = new Journal();
  readonly clock: Clock;
  readonly senders: Senders = new Senders();
  readonly loans: Loans = new Loans();
  readonly #deadlines: Deadlines;
  readonly #ticker: Ticker;
  readonly #channels = new Map<string, Channel>();
  readonly #valueListeners = new Set<ValueListener>();
  readonly #channelParts: ChannelParts;
  readonly #driverParts: DriverParts;
  readonly #open: OpenChannels;
  readonly #listens: (driver: string) => boolean;
  readonly #arrivals: Arrivals;
  #lastStreamId = 0;
  #newestBytes = 0;
  #beatTime: number;

  constructor({ clock, tools, flushMs, listens = () => false }: HubOptions) {
    this.clock = clock;
    this.#listens = listens;
    this.#arrivals = new Arrivals(clock);
    this.#beatTime = clock.now();
    this.directory = new Directory(clock);
    this.#deadlines = new Deadlines(clock);
    this.#ticker = new Ticker(clock, flushMs);
    this.#channelParts = {
      tools,
      clock,
      schemas: this.schemas,
      ticker: this.#ticker,
      takeStreamId: () => (this.#lastStreamId += 1),
      retain: (bytes) => {
        this.#newestBytes += bytes;
        if (this.#newestBytes > MAX_NEWEST_BYTES && bytes > 0) this.#shed();
      },
      complain: ({ name, driver }, error) => {
        const reason = error instanceof Error ? error.message : String(error);
        const text = `samples of "${name}" cannot be encoded and are lost: ${reason}`;
        this.journal.add({ driver: driver ?? "", level: "error", time: clock.now(), text });
      },
    };
    this.#open = new OpenChannels({ clock, directory: this.directory, channel: (name) => this.#channel(name) });
    this.#driverParts = {
      directory: this.directory,
      channel: (name) => {
        this.#open.yield(name);
        return this.#channel(name);
      },
      applied: (parameter, applied) => {
        for (const listener of this.#valueListeners) listener(parameter, applied);
      },
      settled: (driver) => {
        this.#arrivals.settle(driver);
      },
    };
  }

  /** A seat for the driver at `address`; `name` stands in the directory until it has said its own. */
  driver(address: string, name: string, abroad?: Abroad): Driver {
    return new Driver(address, name, this.#driverParts, abroad);
  }

  /** A publisher of an open channel. Throws as {@link OpenChannels.open} does. */
  open(name: string, spec: OpenSpec, sender: Sender): Publisher {
    return this.#open.open(name, spec, sender);
  }

  get openChannelCount(): number {
    return this.#open.size;
  }

  /** A publisher for one sample. Throws as {@link OpenChannels.open} does. */
  once(name: string, spec: OpenSpec, sender: Sender): Publisher {
    return this.#open.once(name, spec, sender);
  }

  /** Hands out what quiet channels got: called after each chunk of input. */
  settle(): void {
    this.#ticker.settle();
  }

  /** Measures the rates; called about once a second. */
  beat(): void {
    const now = this.clock.now();
    const elapsedMs = now - this.#beatTime;
    this.#beatTime = now;
    this.loans.beat();
    this.directory.noteRates([...this.directory.channels.values()].filter((channel) => channel.beat(elapsedMs)));
  }

  /** Throws `unknown_parameter`, or `disconnected` when its driver is away. */
  parameter(name: string): Parameter {
    const parameter = this.directory.parameters.get(name);
    if (parameter !== undefined) return parameter;
    this.#throwIfAway(name);
    throw new BridgeError("unknown_parameter", `there is no parameter "${name}"`);
  }

  /** Throws `unknown_service`, or `disconnected` when its driver is away. */
  service(name: string): Service {
    const service = this.directory.services.get(name);
    if (service !== undefined) return service;
    this.#throwIfAway(name);
    throw new BridgeError("unknown_service", `there is no service "${name}"`);
  }

  /** Whether a channel is not there but may come (again): it was there before, or its driver is away or coming. */
  mayAppear(name: string): boolean {
    if (this.#channels.has(name)) return true;
    const driver = driverOf(name);
    return this.#isComing(driver) || this.#named(driver).some(({ state }) => state !== "up");
  }

  /**
   * Where a name is not there whose driver is coming: resolves once that has said all that it has, or was not found, at the latest after `timeoutMs` and after `ARRIVAL_MS`. Undefined: there is nothing
   * to wait for.
   */
  arrival(kind: AwaitedKind, name: string, timeoutMs: number): Waiting<void> | undefined {
    const driver = driverOf(name);
    const isThere =
      kind === "driver"
        ? this.#named(driver).some(({ state, isComing }) => state === "up" && !isComing)
        : this.directory[`${kind}s`].has(name);
    if (isThere) return undefined;
    return this.#isComing(driver) ? this.#arrivals.wait(driver, timeoutMs) : undefined;
  }

  /** Throws `unknown_stream`. */
  offer(name: string): Offer {
    const offer = this.directory.streams.get(name);
    if (offer === undefined) throw new BridgeError("unknown_stream", `there is no stream "${name}"`);
    return offer;
  }

  /** A seat for a program that offers services or streams. */
  provider(identity: ProviderIdentity, port: ProviderPort): Provider {
    return new Provider(identity, port, this.directory);
  }

  /** Asks the driver to take the bytes that `mask` names. Rejects with the driver's reason, `timeout` (it may still be applied), or `disconnected`. */
  async set(parameter: Parameter, value: Uint8Array, mask: Uint8Array, timeoutMs: number): Promise<AppliedValue> {
    const late = `the driver did not answer the set of "${parameter.name}"`;
    const asked = { answer: parameter.driver.port.set(parameter.id, value, mask) };
    return withDeadline(this.#deadlines, timeoutMs, late, asked).answer;
  }

  /** Calls a driver's service. Throws `disconnected`; the answer rejects with the driver's reason, `timeout`, `cancelled` or `disconnected`. */
  call(service: DriverService, request: Uint8Array, timeoutMs: number): Waiting<Uint8Array> {
    const late = `the driver did not answer the call of "${service.name}"`;
    return withDeadline(this.#deadlines, timeoutMs, late, service.driver.port.call(service.id, request));
  }

  /** Calls a program's service. Throws as {@link Provider.call}; the answer rejects with its failure, `timeout`, `cancelled` or `disconnected`. */
  invoke({ name, provider }: ProgramService, given: CallArguments, timeoutMs: number): Waiting<Json> {
    return withDeadline(this.#deadlines, timeoutMs, `"${name}" did not answer`, provider.call(name, given));
  }

  /** Starts, stops or paces a stream; answers as its program does. Throws `refused` where there is nothing to be set, and as {@link invoke}. */
  adjust(
    { name, provider, state }: Offer,
    change: { readonly enabled?: boolean; readonly hz?: number },
    timeoutMs: number,
  ): Waiting<Json> {
    if (state.type === "manual") {
      throw new BridgeError("refused", `the stream "${name}" is published by its program when it likes`);
    }
    if (change.hz !== undefined && state.type === "relay") {
      throw new BridgeError("refused", `the stream "${name}" is a relay, which has no rate of its own`);
    }
    const late = `the program of the stream "${name}" did not answer`;
    return withDeadline(this.#deadlines, timeoutMs, late, provider.adjust(name, change));
  }

  onValue(listener: ValueListener): Cancel {
    this.#valueListeners.add(listener);
    return () => void this.#valueListeners.delete(listener);
  }

  /** Hands out what waits and stops every timer. */
  stop(): void {
    this.#ticker.stop();
    this.#deadlines.stop();
    this.directory.stop();
    this.#valueListeners.clear();
  }

  /** Whether a driver is about to say what it has. */
  #isComing(name: string): boolean {
    const known = this.#named(name);
    if (known.some(({ isComing }) => isComing)) return true;
    return known.every(({ state }) => state !== "up") && this.#listens(name);
  }

  #named(name: string): Driver[] {
    return [...this.directory.drivers.values()].filter((driver) => driver.name === name);
  }

  #throwIfAway(name: string): void {
    for (const driver of this.directory.drivers.values()) {
      if (driver.state !== "up" && driver.had(name)) throw driver.away;
    }
  }

  #channel(name: string): Channel {
    let channel = this.#channels.get(name);
    if (channel === undefined) {
      if (this.#channels.size >= MAX_REMEMBERED_CHANNELS) this.#forgetOne();
      channel = new Channel(name, this.#channelParts);
      this.#channels.set(name, channel);
    }
    return channel;
  }

  /** Gives memory back: of every newest batch all but one sample, and when these are too large themselves, all of them. */
  #shed(): void {
    for (const channel of this.#channels.values()) channel.trimNewest();
    if (this.#newestBytes <= MAX_NEWEST_BYTES) return;
    for (const channel of this.#channels.values()) channel.forgetNewest();
  }

  /** Frees the place of the oldest name that is neither live nor read; when all are, the map grows with what is really there. */
  #forgetOne(): void {
    for (const [name, channel] of this.#channels) {
      if (channel.live || channel.hasReaders) continue;
      channel.forgetNewest();
      this.#channels.delete(name);
      return;
    }
  }
}

/** The first level of a name. */
function driverOf(name: string): string {
  return name.split("/", 1)[0] ?? "";
}

// SPDX-License-Identifier: MIT
// A driver's seat in the hub: by its address for the bridge's life, with the channels, parameters and services of its connection.
import { BridgeError } from "../model/errors.ts";
import { checkName } from "../model/names.ts";
import type { Channel, ChannelSpec, Demand } from "./channel.ts";
import type { Directory } from "./directory.ts";
import type { OpenSpec } from "./open-channels.ts";
import type { Parameter } from "./parameter.ts";
import type { AppliedValue, DriverPort } from "./ports.ts";
import type { Publisher } from "./publisher.ts";
import type { SchemaEntry, SchemaSet } from "./schemas.ts";
import type { Sender } from "./senders.ts";
import type { DriverService } from "./service.ts";

/** What a driver says of itself when it is connected. */
export interface DriverIdentity {
  readonly name: string;
  readonly epoch: bigint;
  /** Null: it runs elsewhere. */
  readonly pid: number | null;
  /** Null: it has no structs. */
  readonly schemas: SchemaSet | null;
}

/** How a driver declares a parameter; `name` without the driver's. */
export interface ParameterSpec {
  readonly id: number;
  readonly name: string;
  readonly schema: SchemaEntry;
  readonly channel: Channel | null;
  readonly value: Uint8Array;
}

/** How a driver declares a service; `name` without the driver's. */
export interface ServiceSpec {
  readonly id: number;
  readonly name: string;
  readonly request: SchemaEntry | null;
  readonly reply: SchemaEntry | null;
}

/** What a seat needs of its hub. */
export interface DriverParts {
  readonly directory: Directory;
  /** The channel of a whole name, new or remembered. */
  channel(name: string): Channel;
  /** Tells the watchers of values. */
  applied(parameter: Parameter, applied: AppliedValue): void;
  /** The driver of this name has said all that it has, or was not found where it should be. */
  settled(driver: string): void;
}

/** Where a seat is that is no driver of this bridge's own. */
export interface Abroad {
  /** Ids of the bridges through which it comes, the nearest first. */
  readonly via: readonly string[];
  /** Whether it is the other bridge itself, below whose name other programs publish. */
  readonly isBridge: boolean;
}

const HERE: Abroad = { via: [], isBridge: false };

/** A driver as the directory lists it, and the only way for a link to change the hub. Called by one link. */
export class Driver {
  readonly address: string;
  name: string;
  state: "up" | "down" | "refused" = "down";
  epoch: bigint | null = null;
  pid: number | null = null;
  /** Of the connection that holds. */
  schemas: SchemaSet | null = null;
  /** Why it is not up. */
  error: BridgeError | null = null;
  /** It is connected and has not said yet all that it has. */
  isComing = false;
  via: readonly string[];
  /** Another bridge, whose things stand below this one's name. */
  readonly isBridge: boolean;
  readonly #parts: DriverParts;
  readonly #channels = new Set<Channel>();
  readonly #parameters = new Map<number, Parameter>();
  readonly #services = new Map<number, DriverService>();
  /** The names of parameters and services that it had when it was up last. */
  readonly #former = new Set<string>();
  #port: DriverPort | null = null;

  constructor(address: string, name: string, parts: DriverParts, { via, isBridge }: Abroad = HERE) {
    this.address = address;
    this.via = via;
    this.isBridge = isBridge;
    this.name = name;
    this.#parts = parts;
    parts.directory.drivers.set(address, this);
    parts.directory.note({ is: "driver", entry: this }, "added");
  }

  /** The way to it. Throws `disconnected` while it is not up. */
  get port(): DriverPort {
    if (this.#port === null) throw this.away;
    return this.#port;
  }

  /** The error for whoever wants something of it while it is not up. */
  get away(): BridgeError {
    const what = this.isBridge ? "bridge" : "driver";
    return new BridgeError("disconnected", `the ${what} "${this.name}" is not connected; the bridge dials it again`);
  }

  /** Whether a parameter or service of this name was there before the connection was lost. */
  had(name: string): boolean {
    return this.#former.has(name);
  }

  /** Somebody took the connection; who it is, is not known yet. */
  connected(): void {
    this.isComing = true;
  }

  /** It has said who it is; `isWhole`: it does not say when it has told all that it has. Throws `name_in_use` when another connected driver has the name. */
  up(identity: DriverIdentity, port: DriverPort, isWhole = true): void {
    for (const other of this.#parts.directory.drivers.values()) {
      if (other !== this && other.state === "up" && other.name === identity.name) {
        throw new BridgeError(
          "name_in_use",
          `another driver called "${identity.name}" is connected, at ${other.address}`,
        );
      }
    }
    // Who waits for what it was taken for waits in vain.
    if (this.name !== identity.name) this.#parts.settled(this.name);
    this.name = identity.name;
    this.epoch = identity.epoch;
    this.pid = identity.pid;
    this.schemas = identity.schemas;
    this.state = "up";
    this.error = null;
    this.#port = port;
    this.#former.clear();
    this.#parts.directory.note({ is: "driver", entry: this }, "changed");
    if (isWhole) this.ready();
  }

  /** It has said all that it has for now. */
  ready(): void {
    this.isComing = false;
    this.#parts.settled(this.name);
  }

  /** Adds a channel. Throws `name_invalid`, or `name_in_use` when it is live. */
  advertise(name: string, spec: ChannelSpec): Channel {
    const channel = this.#adopt(name);
    channel.open(this.name, spec);
    this.#parts.directory.note({ is: "channel", entry: channel }, "added");
    return channel;
  }

  /** Adds a channel whose samples are asked for only while somebody reads; `driver`: whose it is, null: open to others. Throws as {@link advertise} does. */
  offer(name: string, driver: string | null, spec: ChannelSpec, demand: Demand): Channel {
    const channel = this.#adopt(name);
    channel.offer(driver, spec, demand);
    this.#parts.directory.note({ is: "channel", entry: channel }, "added");
    return channel;
  }

  /** A publisher of a channel below its name, which is numbered there. Throws `forbidden` when it takes none, `disconnected`, and what its port throws. */
  open(name: string, spec: OpenSpec, sender: Sender): Publisher {
    const { port } = this;
    if (port.open === undefined) {
      throw new BridgeError("forbidden", `"${this.name}" is a driver: only it publishes there`);
    }
    return port.open(name.slice(this.name.length + 1), spec, sender);
  }

  /** What is said of one of its channels has changed. */
  noteChannel(channel: Channel): void {
    this.#parts.directory.note({ is: "channel", entry: channel }, "changed");
  }

  withdraw(channel: Channel): void {
    if (this.#channels.delete(channel)) this.#removeChannel(channel, "withdrawn");
  }

  /** Adds a parameter. Throws `name_invalid` or `name_in_use`. */
  declareParameter(spec: ParameterSpec): Parameter {
    const name = this.#wholeName(spec.name);
    const { parameters } = this.#parts.directory;
    if (parameters.has(name) || this.#parameters.has(spec.id)) {
      throw new BridgeError("name_in_use", `the parameter "${name}" is declared twice`);
    }
    const parameter: Parameter = { ...spec, name, driver: this };
    this.#parameters.set(spec.id, parameter);
    parameters.set(name, parameter);
    this.#parts.directory.note({ is: "parameter", entry: parameter }, "added");
    return parameter;
  }

  /** Adds a service; a program that exposes one of that name loses it. Throws `name_invalid` or `name_in_use`. */
  declareService(spec: ServiceSpec): void {
    const name = this.#wholeName(spec.name);
    const { services } = this.#parts.directory;
    const there = services.get(name);
    if (there?.by === "driver" || this.#services.has(spec.id)) {
      throw new BridgeError("name_in_use", `the service "${name}" is declared twice`);
    }
    // A name under a driver's is the driver's, whoever had it while the driver was not known.
    there?.provider.withdraw([name]);
    const service: DriverService = { ...spec, by: "driver", name, driver: this };
    this.#services.set(spec.id, service);
    services.set(name, service);
    this.#parts.directory.note({ is: "service", entry: service }, "added");
  }

  parameter(id: number): Parameter | undefined {
    return this.#parameters.get(id);
  }

  /** A parameter has another value, whoever set it. */
  applied(parameter: Parameter, applied: AppliedValue): void {
    parameter.value = applied.value;
    this.#parts.directory.note({ is: "parameter", entry: parameter }, "changed");
    this.#parts.applied(parameter, applied);
  }

  /** It is not connected (any more): what it had leaves the directory, its readers are told. */
  down(state: "down" | "refused", error: BridgeError): void {
    const { directory } = this.#parts;
    // One that was up and is lost may be replaced by another of its name, which is waited for; not one that breaks a rule.
    const wasUp = this.#port !== null;
    this.isComing = false;
    this.#port = null;
    for (const channel of this.#channels) this.#removeChannel(channel, "disconnected");
    this.#channels.clear();
    for (const parameter of this.#parameters.values()) {
      directory.parameters.delete(parameter.name);
      this.#former.add(parameter.name);
      directory.note({ is: "parameter", entry: parameter }, "removed");
    }
    this.#parameters.clear();
    for (const service of this.#services.values()) {
      directory.services.delete(service.name);
      this.#former.add(service.name);
      directory.note({ is: "service", entry: service }, "removed");
    }
    this.#services.clear();
    const changed = this.state !== state || this.error?.code !== error.code || this.error.message !== error.message;
    this.state = state;
    this.error = error;
    this.pid = null;
    this.schemas = null;
    if (changed) directory.note({ is: "driver", entry: this }, "changed");
    if (!wasUp || state === "refused") this.#parts.settled(this.name);
  }

  /** Nobody dials it any more. */
  remove(): void {
    this.down("down", new BridgeError("closed"));
    this.#parts.directory.drivers.delete(this.address);
    this.#parts.directory.note({ is: "driver", entry: this }, "removed");
  }

  #adopt(name: string): Channel {
    const channel = this.#parts.channel(this.#wholeName(name));
    if (channel.live || this.#channels.has(channel)) {
      throw new BridgeError("name_in_use", `the channel "${channel.name}" is advertised twice`);
    }
    this.#channels.add(channel);
    this.#parts.directory.channels.set(channel.name, channel);
    return channel;
  }

  #removeChannel(channel: Channel, reason: "withdrawn" | "disconnected"): void {
    channel.close(reason);
    this.#parts.directory.channels.delete(channel.name);
    this.#parts.directory.note({ is: "channel", entry: channel }, "removed");
  }

  #wholeName(name: string): string {
    return checkName(`${this.name}/${name}`);
  }
}

// SPDX-License-Identifier: MIT
// What one connection to the other bridge brings into the hub: kept in step with what the other bridge says that it has.
import type { Channel, ChannelSpec } from "../../hub/channel.ts";
import type { Driver } from "../../hub/driver.ts";
import type { DirectoryChange } from "../../client/directory-cache.ts";
import type { ParameterEvent } from "../../client/events.ts";
import { nsFromMs } from "../../layout/record.ts";
import { BridgeError, toBridgeError } from "../../model/errors.ts";
import { Choice, type FarChannel, type FarThings } from "./entries.ts";
import { DriverImport } from "./far-driver.ts";
import { FarPrograms } from "./far-programs.ts";
import type { UpstreamLink } from "./link.ts";
import type { Readings } from "./readings.ts";

/** What imports are made with. */
export interface ImportParts {
  readonly link: UpstreamLink;
  readonly readings: Readings;
  /** The other bridge's own seat, for what is no driver's. */
  readonly seat: Driver;
  readonly prefix: string;
  /** Of the other bridge, and of this one. */
  readonly bridgeId: string;
  readonly ownId: string;
  readonly address: string;
  readonly share: readonly string[] | null;
}

interface ChannelImport {
  readonly entry: FarChannel;
  readonly channel: Channel;
  readonly seat: Driver;
}

/** How many things of each kind stand here. */
export interface ImportCounts {
  readonly drivers: number;
  readonly channels: number;
}

/** The things of one connection. */
export class Imports {
  readonly #parts: ImportParts;
  readonly #choice: Choice;
  readonly #drivers = new Map<string, DriverImport>();
  readonly #channels = new Map<string, ChannelImport>();
  readonly #programs: FarPrograms;
  /** Complaints that were told. */
  readonly #told = new Set<string>();

  constructor(parts: ImportParts) {
    this.#parts = parts;
    this.#choice = new Choice(parts.ownId, parts.prefix, parts.share);
    this.#programs = new FarPrograms(parts.link, parts.prefix, parts.bridgeId);
  }

  get counts(): ImportCounts {
    return { drivers: this.#drivers.size, channels: this.#channels.size };
  }

  /** Makes what stands here what is there. */
  follow(): void {
    const things = this.#choice.of(this.#parts.link.conversation.directory.directory);
    this.#followDrivers(things);
    this.#followChannels(things);
    for (const parameter of things.parameters.values()) {
      const driver = this.#upDriver(parameter.driver);
      if (driver !== undefined)
        this.#tried(parameter.parameter, () => {
          driver.parameter(parameter);
        });
    }
    for (const service of things.services.values()) {
      const driver = this.#upDriver(service.driver);
      if (driver !== undefined)
        this.#tried(service.service, () => {
          driver.service(service);
        });
    }
    this.#programs.follow(things.programs, things.streams);
  }

  /** What changed there; mostly rates, which cost no more than the channels that have new ones. */
  changed({ added, changed, removed }: DirectoryChange): void {
    const rates: Channel[] = [];
    let more = added.length + removed.length > 0;
    for (const entry of changed) {
      const far =
        "channel" in entry && !("parameter" in entry) && !("stream" in entry) ? this.#choice.channel(entry) : undefined;
      const known = far === undefined ? undefined : this.#channels.get(far.channel);
      if (far === undefined || known === undefined || isOther(far, known.entry)) {
        more ||= !("parameter" in entry);
        continue;
      }
      if (known.channel.observe(far.published, far.rate)) rates.push(known.channel);
      if (known.channel.publishers === far.publishers) continue;
      known.channel.publishers = far.publishers;
      known.seat.noteChannel(known.channel);
    }
    if (rates.length > 0) this.#parts.link.hub.directory.noteRates(rates);
    if (more) this.follow();
  }

  /** A parameter has another value there. */
  applied({ parameter, value, set }: ParameterEvent): void {
    const { prefix, link } = this.#parts;
    const driver = [...this.#drivers.values()].find((each) => each.has(parameter));
    if (driver === undefined) return;
    this.#tried(parameter, () => {
      const mark = {
        channel: typeof set?.channel === "string" ? `${prefix}/${set.channel}` : null,
        epoch: typeof set?.epoch === "string" ? BigInt(set.epoch) : null,
        next: set?.seq ?? null,
        time: nsFromMs(set?.time ?? link.hub.clock.now()),
      };
      driver.applied(parameter, value, mark);
    });
  }

  /** The link is cut: everything leaves the directory, readers are told, calls fail. */
  clear(error: BridgeError): void {
    this.#programs.clear();
    for (const driver of this.#drivers.values()) driver.down("down", error);
    this.#channels.clear();
  }

  /** Nothing of it stands here any more, not even as away. */
  remove(): void {
    this.clear(new BridgeError("closed"));
    for (const driver of this.#drivers.values()) driver.remove();
    this.#drivers.clear();
  }

  #followDrivers({ drivers }: FarThings): void {
    const { link, prefix, bridgeId, address } = this.#parts;
    for (const [name, driver] of this.#drivers) {
      if (drivers.has(name)) continue;
      this.#withdrawChannels(driver.seat);
      driver.remove();
      this.#drivers.delete(name);
    }
    for (const entry of drivers.values()) {
      const known = this.#drivers.get(entry.driver);
      if (known === undefined) {
        const raised = (): void => {
          this.follow();
        };
        this.#drivers.set(entry.driver, new DriverImport(entry, { link, prefix, bridgeId, address, raised }));
      } else {
        const before = known.seat.epoch;
        known.follow(entry);
        if (known.epoch === null || known.epoch !== before) this.#forgetChannels(known.seat);
      }
    }
  }

  #followChannels({ channels }: FarThings): void {
    for (const [name, known] of this.#channels) {
      const entry = channels.get(name);
      if (entry !== undefined && !isOther(entry, known.entry)) continue;
      this.#channels.delete(name);
      this.#parts.readings.lead(name, undefined);
      known.seat.withdraw(known.channel);
    }
    for (const entry of channels.values()) {
      if (!this.#channels.has(entry.channel))
        this.#tried(entry.channel, () => {
          this.#offer(entry);
        });
    }
  }

  #offer(entry: FarChannel): void {
    const { seat: bridge, prefix, readings, bridgeId } = this.#parts;
    const { channel: name, driver: driverName, kind, type, contentType, published: next, publishers } = entry;
    const driver = driverName === null ? undefined : this.#upDriver(driverName);
    if (driverName !== null && (driver === undefined || !name.startsWith(`${driverName}/`))) return;
    const schema = kind === "struct" ? (driver?.schema(type ?? "") ?? null) : null;
    if (kind === "struct" && schema === null) throw new BridgeError("bad_schema", "structs without a driver");
    const via = [bridgeId, ...entry.via];
    const spec: ChannelSpec = { kind, schema, contentType, epoch: driver?.epoch ?? 0n, next, via };
    const seat = driver?.seat ?? bridge;
    const driverHere = driverName === null ? null : `${prefix}/${driverName}`;
    const own = driverName === null ? name : name.slice(driverName.length + 1);
    const channel = seat.offer(own, driverHere, spec, (wanted) => {
      readings.want(name, wanted);
    });
    channel.publishers = publishers;
    channel.observe(next, entry.rate);
    this.#channels.set(name, { entry, channel, seat });
    const epoch = (): bigint | null => driver?.epoch ?? null;
    readings.lead(name, { channel, driver: driverHere, spec, epoch });
  }

  #upDriver(name: string): DriverImport | undefined {
    const driver = this.#drivers.get(name);
    return driver === undefined || driver.epoch === null ? undefined : driver;
  }

  /** The seat has let go of them by itself. */
  #forgetChannels(seat: Driver): void {
    for (const [name, known] of this.#channels) {
      if (known.seat !== seat) continue;
      this.#channels.delete(name);
      this.#parts.readings.lead(name, undefined);
    }
  }

  #withdrawChannels(seat: Driver): void {
    for (const known of this.#channels.values()) if (known.seat === seat) seat.withdraw(known.channel);
    this.#forgetChannels(seat);
  }

  /** Something that cannot stand here is told once and does not keep the rest away. */
  #tried(name: string, act: () => void): void {
    try {
      act();
    } catch (thrown) {
      const { message, code } = toBridgeError(thrown);
      const text = `"${name}" of "${this.#parts.prefix}" is not here: ${message} (${code})`;
      if (this.#told.has(text)) return;
      this.#told.add(text);
      this.#parts.link.complain(text);
    }
  }
}

/** Whether it is to be offered anew. */
function isOther(a: FarChannel, b: FarChannel): boolean {
  return a.kind !== b.kind || a.type !== b.type || a.driver !== b.driver || a.contentType !== b.contentType;
}

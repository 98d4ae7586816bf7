// SPDX-License-Identifier: MIT
// A driver of the other bridge as it stands here: a seat with its schemas, parameters and services, for one life after the other.
import type { Driver } from "../../hub/driver.ts";
import type { Parameter } from "../../hub/parameter.ts";
import type { AppliedValue } from "../../hub/ports.ts";
import type { SchemaEntry, SchemaSet } from "../../hub/schemas.ts";
import { compileLayout } from "../../layout/compile.ts";
import { parseSchema } from "../../layout/schema.ts";
import { BridgeError, toBridgeError } from "../../model/errors.ts";
import type { DriverSchema } from "../../session/messages.ts";
import type { FarDriver, FarParameter, FarService } from "./entries.ts";
import { FarPort } from "./far-port.ts";
import type { UpstreamLink } from "./link.ts";

/** What a driver needs of its upstream. */
export interface DriverImportParts {
  readonly link: UpstreamLink;
  readonly prefix: string;
  readonly bridgeId: string;
  /** Of the other bridge. */
  readonly address: string;
  /** It is up, so that its things can be taken over. */
  raised(): void;
}

/** One driver of another bridge. */
export class DriverImport {
  readonly name: string;
  readonly seat: Driver;
  readonly #parts: DriverImportParts;
  readonly #parameters = new Map<string, Parameter>();
  readonly #services = new Set<string>();
  #port: FarPort;
  #schemas: SchemaSet | undefined;
  /** The life that is up here, or is being raised. */
  #epoch: string | null = null;

  constructor(entry: FarDriver, parts: DriverImportParts) {
    const { link, prefix, bridgeId, address } = parts;
    this.name = entry.driver;
    this.#parts = parts;
    this.#port = this.#newPort();
    const abroad = { via: [bridgeId, ...entry.via], isBridge: entry.bridge };
    this.seat = link.hub.driver(`${address}/${entry.driver}`, `${prefix}/${entry.driver}`, abroad);
    this.follow(entry);
  }

  /** The life whose samples the seat takes; null while it is not up. */
  get epoch(): bigint | null {
    return this.seat.state === "up" ? this.seat.epoch : null;
  }

  /** It stands at the other bridge as the entry says. */
  follow({ state, epoch, error }: FarDriver): void {
    if (state !== "up" || epoch === null) {
      this.down(state === "refused" ? "refused" : "down", new BridgeError("disconnected", error?.message));
    } else if (epoch !== this.#epoch) {
      if (this.#epoch !== null) this.down("down", new BridgeError("disconnected"));
      this.#epoch = epoch;
      void this.#raise(epoch);
    }
  }

  down(state: "down" | "refused", error: BridgeError): void {
    this.#epoch = null;
    this.#parameters.clear();
    this.#services.clear();
    this.seat.down(state, error);
    if (this.#schemas !== undefined) this.#parts.link.hub.schemas.release(this.#schemas);
    this.#schemas = undefined;
    this.#port = this.#newPort();
  }

  remove(): void {
    this.down("down", new BridgeError("closed"));
    this.seat.remove();
  }

  /** A struct type of it. Throws `bad_schema`. */
  schema(type: string): SchemaEntry {
    if (this.#schemas === undefined) throw new BridgeError("bad_schema", `"${this.name}" has no schema`);
    return this.#schemas.entry(type);
  }

  /** Declares a parameter, unless that was done. Throws `bad_schema`, `bad_value`, `name_in_use`. */
  parameter({ parameter: name, channel, type, value }: FarParameter): void {
    if (this.#parameters.has(name)) return;
    const schema = this.schema(type);
    const governed = channel === null ? undefined : this.#parts.link.hub.directory.channels.get(this.#here(channel));
    const spec = {
      id: this.#port.number(name),
      name: this.#ownName(name),
      schema,
      channel: governed ?? null,
      value: this.#bytes(schema, value),
    };
    this.#parameters.set(name, this.seat.declareParameter(spec));
  }

  /** Declares a service, unless that was done. Throws `bad_schema`, `name_in_use`. */
  service({ service: name, request, reply }: FarService): void {
    if (this.#services.has(name)) return;
    const side = ({ type }: { readonly type: string }): SchemaEntry | null => (type === "" ? null : this.schema(type));
    const id = this.#port.number(name);
    this.seat.declareService({ id, name: this.#ownName(name), request: side(request), reply: side(reply) });
    this.#services.add(name);
  }

  /** Whether it has declared a parameter of this name. */
  has(name: string): boolean {
    return this.#parameters.has(name);
  }

  /** One of its parameters has another value there. Throws `bad_value`. */
  applied(name: string, value: unknown, applied: Omit<AppliedValue, "value">): void {
    const parameter = this.#parameters.get(name);
    if (parameter === undefined) return;
    this.seat.applied(parameter, { ...applied, value: this.#bytes(parameter.schema, value) });
  }

  async #raise(epoch: string): Promise<void> {
    const { link, prefix, address } = this.#parts;
    try {
      const told = (await link.conversation.ask({ op: "schema", driver: this.name }).answer) as DriverSchema;
      if (this.#epoch !== epoch) return;
      // A hash is believed within one bridge alone: a wrong one must not stand for the schema of another driver.
      const { hash, schema: blob } = told;
      if (blob !== null) {
        const schema = parseSchema(blob);
        const bytes = JSON.stringify(blob).length;
        const open = (): {
          schema: typeof schema;
          bytes: number;
          compile: (type: string) => SchemaEntry["layout"];
        } => ({
          schema,
          bytes,
          compile: (type) => compileLayout(schema, type),
        });
        this.#schemas = link.hub.schemas.acquire(String(hash), open, `${address} ${String(hash)} ${String(bytes)}`);
      }
      const identity = {
        name: `${prefix}/${this.name}`,
        epoch: BigInt(epoch),
        pid: null,
        schemas: this.#schemas ?? null,
      };
      this.seat.up(identity, this.#port);
      this.#parts.raised();
    } catch (thrown) {
      if (this.#epoch !== epoch) return;
      const error = toBridgeError(thrown);
      this.seat.down(error.code === "disconnected" ? "down" : "refused", error);
      link.complain(`the driver "${this.name}" of "${prefix}" is not here: ${error.message} (${error.code})`);
    }
  }

  #newPort(): FarPort {
    const { link, prefix } = this.#parts;
    return new FarPort(link, prefix);
  }

  /** Its things stand below its own name. Throws `name_invalid`. */
  #ownName(name: string): string {
    if (name.startsWith(`${this.name}/`)) return name.slice(this.name.length + 1);
    throw new BridgeError("name_invalid", `"${name}" is not below the name of its driver "${this.name}"`);
  }

  #here(name: string): string {
    return `${this.#parts.prefix}/${name}`;
  }

  /** What is not a number has come as null. */
  #bytes({ layout }: SchemaEntry, value: unknown): Uint8Array {
    const fields = numbered(value);
    if (typeof fields !== "object" || fields === null) throw new BridgeError("bad_value", "a value without fields");
    return this.#parts.link.codec.encode(layout, { ...fields }).value;
  }
}

function numbered(value: unknown): unknown {
  if (value === null) return NaN;
  if (Array.isArray(value)) return value.map(numbered);
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, numbered(each)]));
}

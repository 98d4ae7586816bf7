// SPDX-License-Identifier: MIT
// What another bridge says that it has, held against its shape, and what of it is to stand here.
import { z } from "zod";
import type { OfferState } from "../../hub/offer.ts";
import { BridgeError } from "../../model/errors.ts";
import { compilePattern, isName } from "../../model/names.ts";
import type { ChannelKind, Json } from "../../model/values.ts";

/** A thing may have come through so many bridges. */
export const MAX_VIA = 16;

/** Things of one kind that are taken over from one bridge. */
export const MAX_IMPORTS = 16_384;

const name: z.ZodType<string> = z.string().refine(isName);
const id: z.ZodType<string> = z.string().min(1).max(64);
const via: z.ZodType<readonly string[]> = z.array(id).max(MAX_VIA).default([]);
const side: z.ZodType<{ type: string }> = z.object({ type: z.string().max(1024) });

/** What the other bridge says of itself. */
export interface FarBridge {
  readonly id: string;
  readonly name: string;
  /** ms since 1970 UTC */
  readonly started: number;
}

const BRIDGE: z.ZodType<FarBridge> = z.object({ id, name: z.string().max(255), started: z.int().min(0) });

/** Throws `bad_message` when it is none. */
export function readBridge(told: unknown): FarBridge {
  const { success, data } = BRIDGE.safeParse(told);
  if (success) return data;
  throw new BridgeError("bad_message", "the other bridge does not say who it is; it may be too old");
}

/** A driver of the other bridge. */
export interface FarDriver {
  readonly driver: string;
  readonly state: "up" | "down" | "refused";
  readonly epoch: string | null;
  readonly bridge: boolean;
  readonly error?: { readonly message: string } | undefined;
  readonly via: readonly string[];
}

export interface FarChannel {
  readonly channel: string;
  readonly kind: ChannelKind;
  readonly driver: string | null;
  readonly type: string | null;
  readonly contentType: string | null;
  readonly rate: number;
  readonly published: number;
  readonly publishers: number;
  readonly via: readonly string[];
}

export interface FarParameter {
  readonly parameter: string;
  readonly driver: string;
  readonly channel: string | null;
  readonly type: string;
  readonly value?: unknown;
  readonly via: readonly string[];
}

/** A service of a driver, with structs. */
export interface FarService {
  readonly service: string;
  readonly driver: string;
  readonly request: { readonly type: string };
  readonly reply: { readonly type: string };
  readonly via: readonly string[];
}

const DRIVER: z.ZodType<FarDriver> = z.object({
  driver: name,
  state: z.enum(["up", "down", "refused"]),
  epoch: z
    .string()
    .regex(/^\d{1,20}$/)
    .nullable(),
  bridge: z.boolean().default(false),
  error: z.object({ message: z.string().max(4096) }).optional(),
  via,
});
const CHANNEL: z.ZodType<FarChannel> = z.object({
  channel: name,
  kind: z.enum(["struct", "json", "bytes"]),
  driver: name.nullable(),
  type: z.string().max(1024).nullable(),
  contentType: z.string().max(255).nullable(),
  rate: z.number(),
  published: z.int().min(0),
  publishers: z.int().min(0).default(0),
  via,
});
const PARAMETER: z.ZodType<FarParameter> = z.object({
  parameter: name,
  driver: name,
  channel: name.nullable(),
  type: z.string().max(1024),
  value: z.unknown(),
  via,
});
/** A service of a program, or an alias. */
export interface FarProgramService {
  readonly service: string;
  readonly driver: null;
  readonly provider: string;
  readonly client: string;
  readonly params: readonly string[] | null;
  readonly doc?: string | undefined;
  readonly via: readonly string[];
}

/** A stream that a program offers. */
export interface FarStream extends OfferState {
  readonly stream: string;
  readonly provider: string;
  readonly client: string;
  readonly via: readonly string[];
}

const who: z.ZodType<string> = z.string().max(255);
const text: z.ZodType<string> = z.string().max(65_536);
const PROGRAM_SERVICE: z.ZodType<FarProgramService> = z.object({
  service: name,
  driver: z.null(),
  provider: who,
  client: who,
  params: z.array(who).max(256).nullable().default(null),
  doc: text.optional(),
  via,
});
/** What a stream of the other bridge is called here, as a program of its own would say it. Throws `bad_message` when `value` is none. */
export function streamHere(value: unknown, here: (name: string) => string): Json {
  const result = STREAM.safeParse(value);
  if (!result.success) throw new BridgeError("bad_message", "the other bridge did not answer with the stream");
  const { stream, channel, provider, client, via: _, ...state } = result.data;
  return { ...state, stream: here(stream), channel: here(channel) };
}

const STREAM: z.ZodType<FarStream> = z.object({
  stream: name,
  channel: name,
  type: z.enum(["periodic", "manual", "relay"]),
  hz: z.number().nullable(),
  enabled: z.boolean(),
  state: z.enum(["running", "stopped", "failing"]),
  encoding: who,
  calls: z.number(),
  overruns: z.number(),
  error: z.object({ name: text, message: text }).nullable(),
  provider: who,
  client: who,
  via,
});
const SERVICE: z.ZodType<FarService> = z.object({ service: name, driver: name, request: side, reply: side, via });

/** All that is to stand here, each by the name that it has there. */
export interface FarThings {
  readonly drivers: ReadonlyMap<string, FarDriver>;
  readonly channels: ReadonlyMap<string, FarChannel>;
  readonly parameters: ReadonlyMap<string, FarParameter>;
  readonly services: ReadonlyMap<string, FarService>;
  readonly programs: ReadonlyMap<string, FarProgramService>;
  readonly streams: ReadonlyMap<string, FarStream>;
}

/** Chooses what is taken over: what is shared, has a name that fits here, and did not come from here. */
export class Choice {
  readonly #ownId: string;
  readonly #prefix: string;
  readonly #tests: readonly ((name: string) => boolean)[] | null;

  /** `ownId`: of this bridge. */
  constructor(ownId: string, prefix: string, share: readonly string[] | null) {
    this.#ownId = ownId;
    this.#prefix = prefix;
    this.#tests = share === null ? null : share.map(compilePattern);
  }

  /** What of a directory, as it came, is to stand here. What does not have its shape is left out. */
  of(directory: object): FarThings {
    const lists = new Map<string, unknown>(Object.entries(directory));
    const channels = this.#list(lists.get("channels"), CHANNEL, (entry) => entry.channel);
    const parameters = this.#list(lists.get("parameters"), PARAMETER, (entry) => entry.parameter);
    const services = this.#list(lists.get("services"), SERVICE, (entry) => entry.service);
    const programs = this.#list(lists.get("services"), PROGRAM_SERVICE, (entry) => entry.service);
    const streams = this.#list(lists.get("streams"), STREAM, (entry) => entry.stream);
    const used = new Set(
      [...channels.values(), ...parameters.values(), ...services.values()].map((each) => each.driver),
    );
    const drivers = new Map<string, FarDriver>();
    for (const entry of read(lists.get("drivers"), DRIVER)) {
      if (!this.#fits(entry.driver, entry.via) || !(this.#tests === null || used.has(entry.driver))) continue;
      // Of two of one name the one that is up has it.
      if (entry.state === "up" || !drivers.has(entry.driver)) drivers.set(entry.driver, entry);
    }
    return { drivers, channels, parameters, services, programs, streams };
  }

  /** One channel entry, as it came; undefined when it is none that stands here. */
  channel(entry: unknown): FarChannel | undefined {
    const { success, data } = CHANNEL.safeParse(entry);
    return success && this.#isShared(data.channel) && this.#fits(data.channel, data.via) ? data : undefined;
  }

  #list<T extends { readonly via: readonly string[] }>(
    list: unknown,
    shape: z.ZodType<T>,
    nameOf: (entry: T) => string,
  ): Map<string, T> {
    const found = new Map<string, T>();
    for (const entry of read(list, shape)) {
      const own = nameOf(entry);
      if (found.size < MAX_IMPORTS && this.#isShared(own) && this.#fits(own, entry.via)) found.set(own, entry);
    }
    return found;
  }

  #isShared(own: string): boolean {
    return this.#tests?.some((test) => test(own)) ?? true;
  }

  #fits(own: string, through: readonly string[]): boolean {
    return !through.includes(this.#ownId) && through.length < MAX_VIA && isName(`${this.#prefix}/${own}`);
  }
}

function read<T>(list: unknown, shape: z.ZodType<T>): T[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => {
    const { success, data } = shape.safeParse(entry);
    return success ? [data] : [];
  });
}

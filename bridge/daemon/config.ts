// SPDX-License-Identifier: MIT
// The bridge's configuration: flags over environment over file, each value checked with the place it came from.
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { parseUpstream } from "../backplane/upstream/request.ts";
import { parseAddress } from "../drivers/address.ts";
import { BridgeError, toBridgeError } from "../model/errors.ts";
import { checkBridgeName, runtimeFolder, stateFolder } from "../model/runtime.ts";
import { checkGateway } from "./gateways.ts";

export const DEFAULT_PORT = 8720;
export const DEFAULT_NAME = "default";

/** Everything that a bridge is started with. */
export interface BridgeConfig {
  readonly name: string;
  /** Address to listen on; anything but a loopback one opens the bridge to the network. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Serves https and wss, with a certificate of its own unless {@link tlsCert} and {@link tlsKey} name files. */
  readonly tls: boolean;
  /** PEM files; both empty: none. Given, they turn `tls` on. */
  readonly tlsCert: string;
  readonly tlsKey: string;
  /** Also listens on the address of the local network, with TLS, for phones. */
  readonly phone: boolean;
  /** Addresses of drivers, `unix:/path`. */
  readonly drivers: readonly string[];
  /** Whether drivers that listen in the runtime folder are connected by themselves. */
  readonly watch: boolean;
  /** Origins of web pages that are accepted besides those of this machine. */
  readonly origins: readonly string[];
  /** Gateways of foreign protocols to open, each `NAME[:PORT][,key=value…]`. */
  readonly gateways: readonly string[];
  /** Other bridges whose things are offered here, `URL[,prefix=P][,share=PATTERN…][,token-file=PATH]`. */
  readonly upstreams: readonly string[];
  /** How long samples of a busy channel are collected. */
  readonly flushMs: number;
  readonly logLevel: "silent" | "error" | "warn" | "info" | "debug" | "trace";
  /** What may wait for one client before its samples are dropped. */
  readonly sendQueueBytes: number;
  readonly runtimeFolder: string;
  /** What outlives the bridge, the token for one. */
  readonly stateFolder: string;
}

/** The keys that a user can give; from flags and environment also as text. */
export type ConfigKey = Exclude<keyof BridgeConfig, "runtimeFolder" | "stateFolder">;

/** Values of flags by key; what is undefined was not given. */
export type ConfigFlags = { readonly [Key in ConfigKey]?: BridgeConfig[Key] | string | undefined };

interface Setting<T> {
  readonly variable: string;
  readonly schema: z.ZodType<T>;
  readonly fallback: T;
}

const SETTINGS: { readonly [Key in ConfigKey]: Setting<BridgeConfig[Key]> } = {
  name: { variable: "STRUCTWIRE_NAME", schema: checkedText(checkBridgeName), fallback: DEFAULT_NAME },
  host: { variable: "STRUCTWIRE_HOST", schema: z.string().min(1).max(255), fallback: "127.0.0.1" },
  port: { variable: "STRUCTWIRE_PORT", schema: wholeNumber(0, 65_535), fallback: DEFAULT_PORT },
  tls: { variable: "STRUCTWIRE_TLS", schema: z.union([z.boolean(), z.stringbool()]), fallback: false },
  tlsCert: { variable: "STRUCTWIRE_TLS_CERT", schema: z.string().max(4096), fallback: "" },
  tlsKey: { variable: "STRUCTWIRE_TLS_KEY", schema: z.string().max(4096), fallback: "" },
  phone: { variable: "STRUCTWIRE_PHONE", schema: z.union([z.boolean(), z.stringbool()]), fallback: false },
  drivers: {
    variable: "STRUCTWIRE_DRIVERS",
    schema: list(checkedText((text) => parseAddress(text).url)),
    fallback: [],
  },
  watch: { variable: "STRUCTWIRE_WATCH", schema: z.union([z.boolean(), z.stringbool()]), fallback: true },
  origins: { variable: "STRUCTWIRE_ORIGINS", schema: list(checkedText(checkOrigin)), fallback: [] },
  upstreams: { variable: "STRUCTWIRE_UPSTREAMS", schema: list(checkedText(checkUpstream), ";"), fallback: [] },
  gateways: { variable: "STRUCTWIRE_GATEWAYS", schema: list(checkedText(checkGateway), ";"), fallback: [] },
  flushMs: { variable: "STRUCTWIRE_FLUSH_MS", schema: wholeNumber(0, 1000), fallback: 8 },
  logLevel: {
    variable: "STRUCTWIRE_LOG_LEVEL",
    schema: z.enum(["silent", "error", "warn", "info", "debug", "trace"]),
    fallback: "info",
  },
  sendQueueBytes: {
    variable: "STRUCTWIRE_SEND_QUEUE_BYTES",
    schema: wholeNumber(65_536, 1_073_741_824),
    fallback: 2_097_152,
  },
};

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads the configuration. Throws `config_invalid` that names the key, where it stands and what it may be. Reads one small file: the one that is given, which must be
 * there, else the user's own, which need not.
 */
export function loadConfig(flags: ConfigFlags = {}, env: Env = process.env, givenPath?: string): BridgeConfig {
  const path = givenPath ?? configPath(env);
  const file = readConfigFile(path, givenPath !== undefined);
  const value = <T>(key: ConfigKey, { variable, schema, fallback }: Setting<T>): T => {
    if (flags[key] !== undefined) return check(schema, flags[key], `the flag ${flagOf(key)}`);
    const text = env[variable];
    if (text !== undefined && text !== "") return check(schema, text, `the environment variable ${variable}`);
    if (Object.hasOwn(file, key)) return check(schema, file[key], `"${key}" in ${path}`);
    return fallback;
  };
  return {
    name: value("name", SETTINGS.name),
    host: value("host", SETTINGS.host),
    port: value("port", SETTINGS.port),
    tls: value("tls", SETTINGS.tls),
    tlsCert: value("tlsCert", SETTINGS.tlsCert),
    tlsKey: value("tlsKey", SETTINGS.tlsKey),
    phone: value("phone", SETTINGS.phone),
    drivers: value("drivers", SETTINGS.drivers),
    watch: value("watch", SETTINGS.watch),
    origins: value("origins", SETTINGS.origins),
    upstreams: value("upstreams", SETTINGS.upstreams),
    gateways: value("gateways", SETTINGS.gateways),
    flushMs: value("flushMs", SETTINGS.flushMs),
    logLevel: value("logLevel", SETTINGS.logLevel),
    sendQueueBytes: value("sendQueueBytes", SETTINGS.sendQueueBytes),
    runtimeFolder: runtimeFolder(env, process.getuid?.() ?? 0),
    stateFolder: stateFolder(env, env["HOME"] ?? homedir()),
  };
}

/** Where the configuration file is, whether it exists or not. */
export function configPath(env: Env): string {
  const given = env["XDG_CONFIG_HOME"];
  const home = given !== undefined && given !== "" ? given : join(env["HOME"] ?? homedir(), ".config");
  return join(home, "structwire", "config.json");
}

function readConfigFile(path: string, required: boolean): Readonly<Record<string, unknown>> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT" && !required) return {};
    throw new BridgeError("config_invalid", `${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new BridgeError("config_invalid", `${path} is no JSON: ${(error as Error).message}`, { cause: error });
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new BridgeError("config_invalid", `${path} must hold one JSON object`);
  }
  const unknown = Object.keys(json).find((key) => !Object.hasOwn(SETTINGS, key));
  if (unknown !== undefined) {
    const known = Object.keys(SETTINGS).join(", ");
    throw new BridgeError(
      "config_invalid",
      `${path} has the unknown key "${unknown.slice(0, 80)}"; known are ${known}`,
    );
  }
  return json as Readonly<Record<string, unknown>>;
}

function check<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const reason = result.error.issues[0]?.message ?? "it is wrong";
  // What is shown may be logged, and a token may stand in it.
  const shown = JSON.stringify(value)
    .replace(/#[^",]*/g, "#…")
    .slice(0, 80);
  throw new BridgeError("config_invalid", `${where} cannot be ${shown}: ${reason}`);
}

/** `flushMs` → `--flush-ms`; lists are given one by one. */
function flagOf(key: ConfigKey): string {
  const name = Array.isArray(SETTINGS[key].fallback) ? key.slice(0, -1) : key;
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function wholeNumber(least: number, greatest: number): z.ZodType<number> {
  const message = `it must be a whole number from ${String(least)} to ${String(greatest)}`;
  return z
    .union([z.number(), z.string().regex(/^\d+$/, message).transform(Number)], message)
    .refine((value) => Number.isInteger(value) && value >= least && value <= greatest, message);
}

function list(item: z.ZodType<string, string>, separator = ","): z.ZodType<readonly string[]> {
  const text = z.string().transform((value) => value.split(separator).map((part) => part.trim()));
  return z.union([z.array(z.string()), text], "it must be a list of texts").pipe(z.array(item));
}

function checkedText(read: (text: string) => string): z.ZodType<string, string> {
  return z.string().transform((text, context) => {
    try {
      return read(text);
    } catch (thrown) {
      context.addIssue(toBridgeError(thrown).message);
      return z.NEVER;
    }
  });
}

function checkUpstream(text: string): string {
  parseUpstream(text);
  return text;
}

function checkOrigin(text: string): string {
  if (text === "null") return text;
  const origin = URL.canParse(text) ? new URL(text).origin : "";
  if (origin === text && origin !== "null") return text;
  throw new BridgeError(
    "config_invalid",
    "an origin is written as browsers send it, e.g. https://lab.example.org, or null",
  );
}

// SPDX-License-Identifier: MIT
// What a module exports that others can call.
import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { BridgeError } from "../../model/errors.ts";
import { isName } from "../../model/names.ts";

/** Something to be exposed, and its name. */
export interface Provider {
  readonly name: string;
  readonly target: object;
}

/** Loads a module, which runs it. Throws `usage` for one that cannot be loaded or exports nothing to be called. */
export async function loadProviders(path: string, name: string | undefined): Promise<readonly Provider[]> {
  if (!existsSync(path)) throw new BridgeError("usage", `there is no file ${resolve(path)}`);
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = (await import(pathToFileURL(resolve(path)).href)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new BridgeError("usage", `${path} cannot be loaded: ${reasonOf(cause)}`, { cause });
  }
  const providers = providersOf(exported, basename(path).replace(/\.[^.]*$/, ""), name);
  if (providers.length > 0) return providers;
  throw new BridgeError("usage", `${path} exports neither an object with methods nor a function`);
}

/** The providers among the exports of a module called `file`; the names of all begin with `name`. */
export function providersOf(
  exported: Readonly<Record<string, unknown>>,
  file: string,
  name: string | undefined,
): readonly Provider[] {
  return Object.entries(exportsOf(exported)).flatMap(([key, target]) => {
    if (key.startsWith("_") || !isCallable(target)) return [];
    const own = key === "default" ? (name ?? file) : name === undefined ? key : `${name}/${key}`;
    return isName(own) ? [{ name: own, target }] : [];
  });
}

/** A CommonJS module has its exports as the default, and those that Node saw in its text also by their names. */
function exportsOf(exported: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { default: whole, "module.exports": _again, ...named } = exported;
  if (typeof whole !== "object" || whole === null) return exported;
  const parts = Object.entries(whole);
  const isModule = parts.length > 0 && (!isCallable(whole) || parts.every(([key, part]) => named[key] === part));
  return isModule ? { ...whole, ...named } : { ...named, default: whole };
}

/** A function that is no class, or an object with at least one method. */
function isCallable(value: unknown): value is object {
  if (typeof value === "function") return !Function.prototype.toString.call(value).startsWith("class");
  if (typeof value !== "object" || value === null) return false;
  for (let level: unknown = value; level !== null && level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    const own = Object.entries(Object.getOwnPropertyDescriptors(level));
    if (own.some(([key, property]) => key !== "constructor" && typeof property.value === "function")) return true;
  }
  return false;
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const { code }: Error & { readonly code?: unknown } = cause;
  if (code !== "ERR_UNKNOWN_FILE_EXTENSION") return cause.message;
  return "this version of Node reads no TypeScript; take Node 22.18 or newer, or compile it";
}

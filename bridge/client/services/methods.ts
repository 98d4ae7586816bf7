// SPDX-License-Identifier: MIT
// What of an object can be called: its methods, how they are run and what their parameters are called.
import { BridgeError } from "../../model/errors.ts";
import { isName } from "../../model/names.ts";
import { runOf } from "./cancellable.ts";
import { parameterNames } from "./parameters.ts";

/** How an object is exposed. */
export interface ExposeOptions {
  /** Only these methods (default: all whose name does not begin with `_`, inherited ones too). */
  readonly methods?: readonly string[] | undefined;
  /** What the methods do, by name; one text stands for all. */
  readonly doc?: string | Readonly<Record<string, string>> | undefined;
  /** What the parameters are called, by method, where their source does not tell it, as after minifying. */
  readonly params?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Is told of each call that failed, after the caller was. */
  readonly failed?: ((service: string, error: unknown) => void) | undefined;
}

/** One method as a service. */
export interface Provided {
  readonly service: string;
  readonly params: readonly string[] | null;
  readonly doc: string | undefined;
  run(signal: AbortSignal, args: readonly unknown[]): unknown;
}

type AnyMethod = (...args: unknown[]) => unknown;

/** The services that an object makes under a name: `name/method` each; a function alone is the service `name`. Throws `invalid_argument` for an object without methods, and for a wanted one that is none. */
export function providedBy(name: string, target: object, options: ExposeOptions): readonly Provided[] {
  if (isMethod(target)) return [provided(name, name, undefined, target, options)];
  const wanted = options.methods ?? methodNames(target);
  if (wanted.length === 0) throw new BridgeError("invalid_argument", `what is exposed as "${name}" has no methods`);
  return wanted.map((method) => {
    const found: unknown = Reflect.get(target, method);
    if (!isMethod(found)) throw new BridgeError("invalid_argument", `"${name}" has no method "${method}"`);
    return provided(`${name}/${method}`, method, target, found, options);
  });
}

function provided(
  service: string,
  key: string,
  target: object | undefined,
  method: AnyMethod,
  { doc, params }: ExposeOptions,
): Provided {
  const run = runOf(method);
  const names = parameterNames(run ?? method);
  return {
    service,
    params: params?.[key] ?? (run === undefined ? names : (names?.slice(1) ?? null)),
    doc: typeof doc === "object" ? doc[key] : doc,
    run: (signal, args): unknown =>
      run === undefined ? Reflect.apply(method, target, args) : Reflect.apply(run, target, [signal, ...args]),
  };
}

/** Methods by the names that can be names of services, in the order of their making, the object's own first. */
function methodNames(target: object): readonly string[] {
  const names = new Set<string>();
  for (let level: object | null = target; level !== null && level !== Object.prototype;) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      const isOwn = name !== "constructor" && !name.startsWith("_") && isName(name);
      if (isOwn && isMethod(value) && !isClass(value)) names.add(name);
    }
    level = Object.getPrototypeOf(level) as object | null;
  }
  return [...names];
}

function isMethod(value: unknown): value is AnyMethod {
  return typeof value === "function";
}

function isClass(method: AnyMethod): boolean {
  return Function.prototype.toString.call(method).startsWith("class");
}

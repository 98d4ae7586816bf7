// SPDX-License-Identifier: MIT
// An object of another program as if it were here: its methods, all of them async.
import type { Json } from "../../session/messages.ts";
import type { CallOptions } from "../options.ts";

/** The methods of `T`, each returning a promise of what it returned. */
export type Remote<T> = {
  readonly [K in keyof T as T[K] extends (...args: never[]) => unknown ? K : never]: T[K] extends (
    ...args: infer A
  ) => infer R
    ? (...args: A) => Promise<Awaited<R>>
    : never;
};

/** Of all calls of one remote object. */
export type RemoteOptions = Pick<CallOptions, "timeoutMs" | "signal">;

/** Calls a service with arguments by position. */
export type CallByPosition = (service: string, args: readonly unknown[]) => Promise<Json>;

/** An object whose every method calls `name/method`. Nothing is asked before one is called. */
export function remoteObject<T>(name: string, call: CallByPosition): Remote<T> {
  const methods = new Map<string, (...args: readonly unknown[]) => Promise<Json>>();
  const methodOf = (method: string): ((...args: readonly unknown[]) => Promise<Json>) => {
    let found = methods.get(method);
    if (found === undefined) {
      found = (...args) => call(`${name}/${method}`, args);
      methods.set(method, found);
    }
    return found;
  };
  return new Proxy(Object.create(null) as Remote<T> & object, {
    // Nothing that is asked of every object is a method of the other program: a promise would be waited for, a symbol has no name.
    get: (_, key) => (typeof key === "symbol" || key === "then" || key === "toJSON" ? undefined : methodOf(key)),
  });
}

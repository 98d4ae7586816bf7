// SPDX-License-Identifier: MIT
// Methods that want to know when their caller gives up.

/** The same in every copy of this library that a program may hold. */
const RUN = Symbol.for("structwire.cancellable");

/** A method as it is run for a call. */
export type Run = (signal: AbortSignal, ...args: never[]) => unknown;

/**
 * Makes a method of one that takes an AbortSignal first. As a service the signal aborts when the caller cancels, its time is over or it is gone; called directly it never aborts. The
 * method's own type is without the signal.
 *
 * @example
 * client.expose("camera", { snap: cancellable(async (signal, exposure: number) => await shoot(exposure, { signal })) });
 */
export function cancellable<A extends readonly unknown[], R>(
  run: (signal: AbortSignal, ...args: A) => R,
): (...args: A) => R {
  function method(this: unknown, ...args: A): R {
    return run.call(this, new AbortController().signal, ...args);
  }
  return Object.assign(method, { [RUN]: run });
}

/** What a method made by `cancellable` was made of; undefined for any other. */
export function runOf(method: object): Run | undefined {
  const run: unknown = Reflect.get(method, RUN);
  return typeof run === "function" ? (run as Run) : undefined;
}

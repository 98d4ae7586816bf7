// SPDX-License-Identifier: MIT
// What a cell prints for things of ours: one sentence, where Node would print their insides or a stack.
import { BridgeError } from "../../model/errors.ts";

/** Node, tslab and Deno ask an object by this name how it is printed. */
const INSPECT: unique symbol = Symbol.for("nodejs.util.inspect.custom");

/** From now on `object` is printed as its text. */
export function printAsText(object: { toString(): string }): void {
  define(object, () => object.toString());
}

/** From now on errors of this library are printed as one sentence with their code: the reader of a notebook has no use for a stack inside the library. */
export function printErrorsShort(): void {
  define(BridgeError.prototype, function (this: BridgeError) {
    return `${this.name}: ${this.message} (${this.code})`;
  });
}

function define(object: object, value: () => string): void {
  Object.defineProperty(object, INSPECT, { value, configurable: true });
}

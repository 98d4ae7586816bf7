// SPDX-License-Identifier: MIT
// Failures on their way: from the program in which something was thrown to whoever called it.
import { BridgeError } from "../model/errors.ts";
import type { Json } from "../model/values.ts";
import type { ErrorBody } from "./messages.ts";
import type { CheckedReturn } from "./program-requests.ts";

/** What a program answered: its result, or its failure as `service_failed` with the name and the code that it gave. */
export function outcomeOf({
  result,
  error,
}: CheckedReturn): { readonly result: Json } | { readonly error: BridgeError } {
  if (error === undefined) return { result: result ?? null };
  const { name, message, code } = error;
  const detail = code === undefined ? undefined : String(code);
  return { error: new BridgeError("service_failed", message === "" ? undefined : message, { name, detail }) };
}

/** An error as messages carry it. */
export function errorBody({ code, message, name, detail }: BridgeError): ErrorBody {
  return {
    code,
    message,
    ...(name === "BridgeError" ? {} : { name }),
    ...(detail === undefined ? {} : { detail }),
  };
}

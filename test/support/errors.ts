// SPDX-License-Identifier: MIT
// Asserting on the errors that users get.
import assert from "node:assert/strict";
import { BridgeError, type ErrorCode } from "../../bridge/model/errors.ts";

/** For `assert.rejects`: whether it is a BridgeError of that code, and says what it should. Throws what it is instead. */
export function isBridgeError(error: unknown, code: ErrorCode, message?: RegExp): boolean {
  assert.ok(error instanceof BridgeError, `not a BridgeError: ${String(error)}`);
  assert.equal(error.code, code, error.message);
  if (message !== undefined) assert.match(error.message, message);
  return true;
}

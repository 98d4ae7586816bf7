// SPDX-License-Identifier: MIT
// Errors with codes.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  BridgeError,
  closeCode,
  ERROR_CODES,
  isErrorCode,
  STATUS_CODES,
  toBridgeError,
} from "../../../bridge/model/errors.ts";

describe("an error", () => {
  it("has the sentence of its code where no other is given", () => {
    assert.equal(new BridgeError("timeout").message, ERROR_CODES.timeout.message);
    const error = new BridgeError("timeout", "no hello within 5 s", { cause: "silence" });
    assert.deepEqual(
      [error.code, error.message, error.cause, error.name],
      ["timeout", "no hello within 5 s", "silence", "BridgeError"],
    );
    assert.ok(error instanceof Error);
  });

  it("is kept as it is, and made of anything else that is thrown", () => {
    const error = new BridgeError("busy");
    assert.equal(toBridgeError(error), error);
    const cause = new TypeError("x is no function");
    assert.deepEqual(
      [toBridgeError(cause).code, toBridgeError(cause).message, toBridgeError(cause).cause],
      ["internal", "x is no function", cause],
    );
    assert.equal(toBridgeError("text").message, "text");
    assert.equal(toBridgeError(undefined).message, "undefined");
  });

  it("closes a session with the number of its code, or as a bad message", () => {
    assert.equal(closeCode("unauthorized"), 4401);
    assert.equal(closeCode("message_too_large"), 1009);
    assert.equal(closeCode("unknown_channel"), 4400);
  });

  it("is known by its code alone", () => {
    assert.ok(isErrorCode("bad_record"));
    for (const text of ["", "ok", "toString", "__proto__"]) assert.ok(!isErrorCode(text));
  });

  it("has a known code for every status of the C SDK", () => {
    assert.equal(STATUS_CODES[0], "ok");
    for (const code of STATUS_CODES.slice(1)) assert.ok(isErrorCode(code), code);
  });
});

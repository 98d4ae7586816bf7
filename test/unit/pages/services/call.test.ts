// SPDX-License-Identifier: MIT
// One service's calls as the page shows them.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { BridgeError } from "../../../../bridge/model/errors.ts";
import { Call } from "../../../../bridge/pages/parts/services/call.ts";

describe("call", () => {
  it("goes from running to its reply", async () => {
    let now = 100;
    const call = new Call(
      (args) => Promise.resolve({ sum: Number(Object.values(args)[0]) + 1 }),
      () => now,
    );
    const run = call.run({ value: 2 });
    assert.deepEqual(call.state.value, { kind: "running", sinceMs: 100 });
    now = 130;
    await run;
    assert.deepEqual(call.state.value, { kind: "replied", reply: { sum: 3 }, tookMs: 30 });
  });

  it("shows the code and the reason of a failure, and can be tried again", async () => {
    let fail = true;
    const call = new Call(
      () => (fail ? Promise.reject(new BridgeError("service_failed", "the motor is stuck")) : Promise.resolve({})),
      () => 0,
    );
    await call.run({});
    assert.deepEqual(call.state.value, { kind: "failed", code: "service_failed", message: "the motor is stuck" });
    fail = false;
    await call.run({});
    assert.equal(call.state.value.kind, "replied");
  });

  it("is cancelled once, and does not run twice at a time", async () => {
    let calls = 0;
    const call = new Call(
      (_args, cancel) => {
        calls++;
        return new Promise((_, reject) => {
          cancel.addEventListener("abort", () => {
            reject(new BridgeError("cancelled"));
          });
        });
      },
      () => 0,
    );
    const run = call.run({});
    await call.run({});
    call.cancel();
    await run;
    assert.equal(calls, 1);
    assert.equal(call.state.value.kind === "failed" && call.state.value.code, "cancelled");
  });
});

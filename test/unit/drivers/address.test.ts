// SPDX-License-Identifier: MIT
// What addresses of drivers are taken, and which mean the same.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { parseAddress } from "../../../bridge/drivers/address.ts";

describe("a driver's address", () => {
  it("is unix:/path, with two slashes more or not", () => {
    const address = { url: "unix:/run/motor.sock", path: "/run/motor.sock", guess: "motor" };
    assert.deepEqual(parseAddress("unix:/run/motor.sock"), address);
    assert.deepEqual(parseAddress("unix:///run/motor.sock"), address);
  });

  const refusals: [string, string][] = [
    ["exec:ssh rig ./motor", "unsupported"],
    ["tcp://1.2.3.4:5", "unsupported"],
    ["/run/motor.sock", "unsupported"],
    ["", "unsupported"],
    ["unix:motor.sock", "invalid_argument"],
    ["unix:", "invalid_argument"],
    ["unix:/run/\0.sock", "invalid_argument"],
    [`unix:/${"x".repeat(107)}`, "path_too_long"],
    [`unix:/${"ä".repeat(54)}`, "path_too_long"],
  ];
  for (const [text, code] of refusals) {
    it(`${JSON.stringify(text.slice(0, 30))} is refused as ${code}`, () => {
      assert.throws(() => parseAddress(text, "linux"), { code });
    });
  }

  it("may be as long as the system takes", () => {
    assert.equal(parseAddress(`unix:/${"x".repeat(106)}`, "linux").path.length, 107);
    assert.throws(() => parseAddress(`unix:/${"x".repeat(106)}`, "darwin"), { code: "path_too_long" });
  });
});

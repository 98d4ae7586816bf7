// SPDX-License-Identifier: MIT
// Which pages may speak with the bridge.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { isAllowedOrigin, isSameHost } from "../../../bridge/gateways/origin.ts";

const TABLE: [string | undefined, boolean][] = [
  [undefined, true],
  ["http://localhost", true],
  ["http://localhost:8888", true],
  ["https://localhost:8443", true],
  ["http://127.0.0.1:8720", true],
  ["http://127.8.9.10", true],
  ["http://[::1]:8720", true],
  ["https://lab.example.org", true],
  ["null", false],
  ["", false],
  ["http://example.org", false],
  ["https://lab.example.org:8443", false],
  ["http://lab.example.org", false],
  ["http://localhost.example.org", false],
  ["http://evil-localhost", false],
  ["http://localhost:8888/", false],
  ["http://localhost@example.org", false],
  ["http://127.0.0.1.example.org", false],
  ["http://128.0.0.1", false],
  ["http://0.0.0.0", false],
  ["http://[::2]", false],
  ["http://[::ffff:127.0.0.1]", false],
  ["file://", false],
  ["ftp://localhost", false],
  ["chrome-extension://abcdef", false],
  ["http://LOCALHOST", false],
  ["localhost", false],
];

describe("the Origin of an upgrade", () => {
  for (const [origin, allowed] of TABLE) {
    it(`${origin ?? "(none)"} is ${allowed ? "accepted" : "refused"}`, () => {
      assert.equal(isAllowedOrigin(origin, ["https://lab.example.org"]), allowed);
    });
  }

  it("null is accepted when it is listed", () => {
    assert.equal(isAllowedOrigin("null", ["null"]), true);
  });
});

describe("a page that comes from where its request goes", () => {
  const HOSTS: readonly (readonly [string | undefined, string | undefined, boolean])[] = [
    ["https://hub.example.org", "hub.example.org", true],
    ["http://lab.example:8888", "lab.example:8888", true],
    ["http://lab.example:8888", "lab.example:8889", false],
    ["http://evil.example", "lab.example:8888", false],
    ["http://lab.example:8888/", "lab.example:8888", false],
    ["http://lab.example@evil.example", "lab.example", false],
    ["chrome-extension://lab.example", "lab.example", false],
    ["null", "null", false],
    ["null", undefined, false],
    [undefined, "lab.example", false],
  ];
  for (const [origin, host, isSame] of HOSTS) {
    it(`${origin ?? "(none)"} at ${host ?? "(none)"} is ${isSame ? "one" : "none"}`, () => {
      assert.equal(isSameHost(origin, host), isSame);
    });
  }
});

// SPDX-License-Identifier: MIT
// What a user writes to ask for a gateway, and what is refused of it.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { MAX_OPEN_PATTERNS, parseGatewayRequest } from "../../../bridge/gateways/request.ts";
import { BridgeError } from "../../../bridge/model/errors.ts";

describe("the request for a gateway", () => {
  it("is a name alone, on this machine at the protocol's own port", () => {
    assert.deepEqual(parseGatewayRequest("socket-io"), {
      gateway: "socket-io",
      host: "127.0.0.1",
      port: undefined,
      open: [],
      settings: {},
    });
  });

  it("takes a port, a host, what is opened, and what only the protocol knows", () => {
    const text = "json-ws:0,host=0.0.0.0,open=data,open=camera/**,service=camera/ask,greeting=Hello\\, you=all";
    assert.deepEqual(parseGatewayRequest(text), {
      gateway: "json-ws",
      host: "0.0.0.0",
      port: 0,
      open: ["data", "camera/**"],
      settings: { service: "camera/ask", greeting: "Hello, you=all" },
    });
  });

  const faults: [string, string, RegExp][] = [
    ["no name", ":5000", /NAME\[:PORT\]/],
    ["a port that there is not", "zmq:70000", /port 70000 must be at most 65535/],
    ["a part that is no key=value", "zmq,open", /"open" is no key=value/],
    ["a pattern that is none", "zmq,open=a b", /open=a b is no name or pattern/],
    ["a setting that is there twice", "zmq,greeting=a,greeting=b", /"greeting" is given twice/],
    ["an empty host", "zmq,host=", /the host is empty/],
    ["too many patterns", `zmq${",open=a".repeat(MAX_OPEN_PATTERNS + 1)}`, /more than 256 patterns/],
    ["too long a text", `zmq,greeting=${"a".repeat(9000)}`, /more than 8192 characters/],
  ];
  for (const [what, text, message] of faults) {
    it(`is refused with ${what}`, () => {
      assert.throws(() => parseGatewayRequest(text), { code: "config_invalid", message });
    });
  }

  it("throws nothing but its own error, whatever the text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseGatewayRequest(text);
        } catch (error) {
          assert.ok(error instanceof BridgeError && error.code === "config_invalid", String(error));
        }
      }),
    );
  });
});

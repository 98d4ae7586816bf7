// SPDX-License-Identifier: MIT
// What a URL of a bridge means: its WebSocket, its token, and what is refused.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { compressed, pageUrl, parseEndpoint } from "../../../../bridge/client/link/endpoint.ts";

describe("the URL of a bridge", () => {
  it("is the link that serve prints, token and all", () => {
    assert.deepEqual(parseEndpoint("http://127.0.0.1:8720/#token=abc"), {
      url: "ws://127.0.0.1:8720/ws",
      token: "abc",
    });
  });

  it("is secure when the page is", () => {
    assert.equal(parseEndpoint("https://lab.example/").url, "wss://lab.example/ws");
  });

  it("may be the WebSocket's own", () => {
    assert.equal(parseEndpoint("ws://127.0.0.1:8720/ws").url, "ws://127.0.0.1:8720/ws");
  });

  it("keeps the folder of a proxy", () => {
    const endpoint = parseEndpoint("https://hub.example/user/me/proxy/8720/#token=x");
    assert.equal(endpoint.url, "wss://hub.example/user/me/proxy/8720/ws");
    assert.equal(pageUrl(endpoint), "https://hub.example/user/me/proxy/8720");
  });

  it("asks for compression in the query of the WebSocket alone", () => {
    const endpoint = compressed(parseEndpoint("https://hub.example/user/me/#token=x"));
    assert.deepEqual(endpoint, { url: "wss://hub.example/user/me/ws?compress=1", token: "x" });
    assert.equal(pageUrl(endpoint), "https://hub.example/user/me");
  });

  it("gives way to a token that is given apart", () => {
    assert.equal(parseEndpoint("http://127.0.0.1:1/#token=old", "new").token, "new");
  });

  for (const wrong of ["motor", "ftp://127.0.0.1/", "http://", ""]) {
    it(`is not ${JSON.stringify(wrong)}`, () => {
      assert.throws(() => parseEndpoint(wrong), { code: "invalid_argument" });
    });
  }
});

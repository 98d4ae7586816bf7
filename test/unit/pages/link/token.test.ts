// SPDX-License-Identifier: MIT
// The token: out of the address bar, kept in the tab.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { forgetToken, takeToken, tokenIn, type TokenPlace } from "../../../../bridge/pages/parts/link/token.ts";

function place(hash: string): TokenPlace & { shown: string[] } {
  const kept = new Map<string, string>();
  const shown: string[] = [];
  return {
    shown,
    location: { hash, pathname: "/", search: "?a=1" },
    history: {
      replaceState: (_data: unknown, _title: string, url?: string | URL | null) => void shown.push(String(url)),
    },
    sessionStorage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    },
  };
}

describe("token", () => {
  it("moves from the fragment to the tab's storage and out of the address bar", () => {
    const tab = place("#token=abc-123");
    assert.equal(takeToken(tab), "abc-123");
    assert.deepEqual(tab.shown, ["/?a=1"]);
    assert.equal(takeToken({ ...tab, location: { ...tab.location, hash: "" } }), "abc-123", "a reload finds it");
  });

  it("is missing where neither brings it, and after it was forgotten", () => {
    const tab = place("");
    assert.equal(takeToken(tab), null);
    assert.deepEqual(tab.shown, []);
    tab.sessionStorage.setItem("structwire.token", "x");
    forgetToken(tab);
    assert.equal(takeToken(tab), null);
  });

  it("is found in a pasted link or token, and not in other texts", () => {
    assert.equal(tokenIn(" http://127.0.0.1:8720/#token=abc "), "abc");
    assert.equal(tokenIn("abc_-.~"), "abc_-.~");
    assert.equal(tokenIn("http://127.0.0.1:8720/"), null);
    assert.equal(tokenIn("hello world"), null);
    assert.equal(tokenIn(""), null);
  });
});

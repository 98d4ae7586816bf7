// SPDX-License-Identifier: MIT
// What a user writes to ask for an upstream, and what is refused of it.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { parseUpstream } from "../../../bridge/backplane/upstream/request.ts";

describe("an upstream as a user asks for it", () => {
  it("is a URL, and may have a prefix, patterns and a file with the token", () => {
    assert.deepEqual(
      parseUpstream("http://rig1:8720/#token=secret,prefix=rig1,share=motor/**,share=data,token-file=/a/b"),
      {
        url: "http://rig1:8720/#token=secret",
        address: "http://rig1:8720",
        tokenFile: "/a/b",
        prefix: "rig1",
        share: ["motor/**", "data"],
      },
    );
    const { prefix, share, tokenFile } = parseUpstream("wss://rig1.example");
    assert.deepEqual([prefix, share, tokenFile], [null, null, null]);
  });

  const faults: [string, RegExp][] = [
    ["rig1", /URL of a bridge/],
    ["ftp://rig1", /URL of a bridge/],
    ["http://me:secret@rig1", /fragment/],
    ["http://rig1#token=secret,prefix=a/b", /one level/],
    ["http://rig1#token=secret,share=a//b", /no name or pattern/],
    ["http://rig1#token=secret,prefix=a,prefix=b", /twice/],
    ["http://rig1#token=secret,port=1", /may stand/],
    [`http://rig1,${"share=a,".repeat(2000)}`, /characters/],
  ];
  for (const [text, reason] of faults) {
    it(`is refused as ${text.slice(0, 40)}, and shows no token`, () => {
      assert.throws(
        () => parseUpstream(text),
        (error: Error) => reason.test(error.message) && !error.message.includes("secret"),
      );
    });
  }
});

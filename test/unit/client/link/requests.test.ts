// SPDX-License-Identifier: MIT
// A request is settled once: by its answer, also one that waits in the socket of a busy program, or when its time is over.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Requests } from "../../../../bridge/client/link/requests.ts";

const WAIT_MS = 20;

function begin(): { requests: Requests; sent: number[] } {
  const sent: number[] = [];
  const requests = new Requests({ send: ({ id }) => sent.push(id), sendRecord: () => undefined });
  return { requests, sent };
}

describe("a request", () => {
  it("is a timeout when no answer comes", async () => {
    const { answer } = begin().requests.ask({ op: "status" }, WAIT_MS);
    await assert.rejects(answer, { code: "timeout" });
  });

  it("has its answer although the program was busy for longer than it waits", async () => {
    const { requests, sent } = begin();
    const { id, answer } = requests.ask({ op: "status" }, WAIT_MS);
    assert.deepEqual(sent, [id]);
    // As with a socket: what has come is read behind the timers that went off meanwhile.
    setImmediate(() => {
      requests.succeed(id, "here");
    });
    const end = performance.now() + 3 * WAIT_MS;
    while (performance.now() < end);
    assert.equal(await answer, "here");
  });

  it("that is late tells its result to who asked for late ones, and to nobody else", async () => {
    const { requests } = begin();
    const late: unknown[] = [];
    const { id, answer } = requests.ask({ op: "status" }, WAIT_MS, { late: (result) => late.push(result) });
    await assert.rejects(answer, { code: "timeout" });
    requests.succeed(id, 1);
    requests.succeed(id, 2);
    assert.deepEqual(late, [1]);
  });
});

// SPDX-License-Identifier: MIT
// A silent bridge is asked, and given up only when it does not answer.
import assert from "node:assert/strict";
import { afterEach, describe, it } from "mocha";
import { Heartbeat } from "../../../../bridge/client/link/heartbeat.ts";

const TIMES = { quietMs: 10, answerMs: 5 };

describe("the heartbeat of a connection", () => {
  let heartbeat: Heartbeat | undefined;

  afterEach(() => {
    heartbeat?.stop();
  });

  it("gives a bridge up that is silent and does not answer", async () => {
    const asked: number[] = [];
    await new Promise<void>((resolve) => {
      const ping = (timeoutMs: number): Promise<unknown> => {
        asked.push(timeoutMs);
        return Promise.reject(new Error("no answer"));
      };
      heartbeat = new Heartbeat({ ping, dead: resolve }, TIMES);
      heartbeat.start();
    });
    assert.deepEqual(asked, [5]);
  });

  it("goes on with a bridge that is silent but answers", async () => {
    let dead = 0;
    let pings = 0;
    await new Promise<void>((resolve) => {
      const ping = (): Promise<unknown> => {
        heartbeat?.heard();
        if (++pings === 3) resolve();
        return Promise.resolve({});
      };
      heartbeat = new Heartbeat({ ping, dead: () => dead++ }, TIMES);
      heartbeat.start();
    });
    assert.equal(dead, 0);
  });

  it("does not blame a new connection for the silence of the one before", async () => {
    let dead = 0;
    let fail: (error: Error) => void = () => undefined;
    await new Promise<void>((resolve) => {
      const ping = (): Promise<unknown> =>
        new Promise((_, reject) => {
          fail = reject;
          resolve();
        });
      heartbeat = new Heartbeat({ ping, dead: () => dead++ }, TIMES);
      heartbeat.start();
    });
    heartbeat?.stop();
    heartbeat?.start();
    fail(new Error("the old connection was lost"));
    await new Promise(setImmediate);
    assert.equal(dead, 0);
  });
});

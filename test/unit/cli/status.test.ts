// SPDX-License-Identifier: MIT
// The state of a bridge in words and tables.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { statusLines } from "../../../bridge/cli/status-lines.ts";
import type { Json } from "../../../bridge/session/messages.ts";

const plain = { style: (_: unknown, text: string) => text, fit: (text: string) => text };

const STATE: Json = {
  name: "default",
  version: "0.1.0",
  pid: 7,
  uptimeMs: 60_000,
  codec: "addon",
  memory: { rssBytes: 64 * 1024 ** 2, heapBytes: 1536, externalBytes: 5 },
  cpu: { userMs: 2000, systemMs: 1000 },
  loop: { p50Ms: 0.1, p99Ms: 2, maxMs: 41.6 },
  counts: { sessions: 2, sessionsSinceStart: 3 },
  samples: { delivered: 90, lost: { slow_reader: 7, ring_full: 3 } },
  drivers: [
    {
      driver: "motor",
      state: "up",
      error: null,
      received: 90,
      lost: { ring_full: 3 },
      link: { pending: 1, pendingLimit: 256 },
      latency: { p50Ms: 0.5, p99Ms: 1.25, maxMs: 12 },
    },
    { driver: "arm", state: "down", error: { code: "driver_unreachable", message: "nobody listens" }, link: null },
  ],
  channels: [{ channel: "motor/state", rate: 1000, published: 93, received: 90, lost: { ring_full: 3 } }],
  sessions: [
    {
      session: "s1",
      client: "page",
      streams: 1,
      sent: { samples: 90, queuedBytes: 2048, queueLimitBytes: 2_097_152, onWayBytes: 0, onWayLimitBytes: 1_048_576 },
      lost: { slow_reader: 7 },
    },
    { session: "s2", client: "cli", streams: 0, sent: { samples: 0 }, lost: {} },
  ],
  gateways: [
    { gateway: "socket-io", url: "http://127.0.0.1:5000", peers: 2, refused: 1, dropped: 5, open: ["data", "action"] },
    { gateway: "zmq", url: "tcp://127.0.0.1:1?streams=2", peers: 0, refused: 0, dropped: 0, open: ["camera/**"] },
  ],
};

describe("the bridge's state for people", () => {
  it("has units, bounds beside what they bound, and losses in words", () => {
    assert.deepEqual(statusLines(STATE, plain), [
      "bridge    default, version 0.1.0, process 7, up for 60.0 s",
      "cpu       5.0 % of a core (2.0 s user, 1.0 s system)",
      "memory    64 MiB resident, 1.5 KiB heap, 5 B buffers",
      "loop      late by p50 0.10 ms, p99 2.00 ms, at most 42 ms",
      "decoder   addon",
      "sessions  2 now, 3 since the start",
      "samples   90 sent to sessions: lost 10 of 100: 7 this reader was too slow, 3 in the driver's ring",
      "",
      "DRIVER  STATE  LATENCY P50  P99      MOST   RECEIVED  REQUESTS  SAMPLES",
      "motor   up     0.50 ms      1.25 ms  12 ms  90        1 of 256  lost 3 of 93: 3 in the driver's ring",
      "arm     down   -            -        -      -         -         -",
      "",
      "CHANNEL      RATE     PUBLISHED  RECEIVED  SAMPLES",
      "motor/state  1000 Hz  93         90        lost 3 of 93: 3 in the driver's ring",
      "",
      "SESSION  CLIENT  STREAMS  SENT  QUEUE           ON ITS WAY    SAMPLES",
      "s1       page    1        90    2 KiB of 2 MiB  0 B of 1 MiB  lost 7 of 97: 7 this reader was too slow",
      "s2       cli     0        0     -               -             complete",
      "",
      "GATEWAY    ADDRESS                      CLIENTS  REFUSED  DROPPED  OPEN",
      "socket-io  http://127.0.0.1:5000        2        1        5        data action",
      "zmq        tcp://127.0.0.1:1?streams=2  0        0        0        camera/**",
      "",
      "arm: nobody listens",
    ]);
  });

  it("cuts long lines to the terminal, but never a loss", () => {
    const narrow = { ...plain, fit: (text: string) => text.slice(0, 20) };
    const lines = statusLines(STATE, narrow);
    assert.ok(lines.includes("decoder   addon"));
    assert.ok(lines.some((line) => line.endsWith("lost 7 of 97: 7 this reader was too slow")));
    assert.ok(lines.includes("s2       cli     0  "));
  });

  it("marks losses with a colour where there are colours", () => {
    const coloured = { ...plain, style: (style: string, text: string) => `<${style}>${text}` };
    const marked = statusLines(STATE, coloured).filter((line) => line.startsWith("<yellow>"));
    assert.deepEqual(
      marked.map((line) => /^<yellow>([\w/]+)/.exec(line)?.[1]),
      ["samples", "motor", "motor/state", "s1", "arm"],
    );
  });

  it("shows what a bridge of another version does not say as not known", () => {
    const lines = statusLines({ name: "old", drivers: [{ driver: "motor", lost: { on_the_moon: 1 } }] }, plain);
    assert.equal(lines[1], "cpu       - of a core (- user, - system)");
    assert.match(lines.at(-1) ?? "", /^motor +- +- +- +- +- +- +-$/);
  });
});

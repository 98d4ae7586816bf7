// SPDX-License-Identifier: MIT
// WebSocket frames as the bridge writes them, once for many readers.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { frameHeader, OPCODE, SharedFrames } from "../../../bridge/gateways/frames.ts";

describe("a WebSocket frame", () => {
  it("has the shortest header for its length", () => {
    assert.deepEqual([...frameHeader(OPCODE.binary, 125)], [0x82, 125]);
    assert.deepEqual([...frameHeader(OPCODE.text, 126)], [0x81, 126, 0, 126]);
    assert.deepEqual([...frameHeader(OPCODE.binary, 65_535)], [0x82, 126, 255, 255]);
    assert.deepEqual([...frameHeader(OPCODE.binary, 65_536)], [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
  });

  it("of large parts is written without a copy for a few readers, for many as one piece of memory", () => {
    const frames = new SharedFrames();
    const parts = [new Uint8Array(40_000).fill(1), new Uint8Array(30_000).fill(2)];
    const written = Array.from({ length: 100 }, () => frames.of(OPCODE.binary, parts, parts));
    const [first = []] = written;
    assert.deepEqual([...first[0]!], [0x82, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x70]);
    assert.equal(first[1], parts[0]);
    assert.equal(first[2], parts[1]);
    assert.equal(written[2], first);
    assert.deepEqual(new Set(written.map(({ length }) => length)), new Set([3, 1]));
    for (const pieces of written) assert.deepEqual(Buffer.concat(pieces), Buffer.concat(first));
    assert.equal(written[98]?.[0], written[99]?.[0]);
  });

  it("of small parts is written without a copy for one reader, for several as one piece of memory", () => {
    const frames = new SharedFrames();
    const parts = Array.from({ length: 50 }, (_, i) => new Uint8Array(100).fill(i));
    const first = frames.of(OPCODE.binary, parts, parts);
    assert.equal(first[1], parts[0]);
    assert.equal(first[50], parts[49]);
    const second = frames.of(OPCODE.binary, parts, parts);
    assert.deepEqual(
      second.map((piece) => [...piece]),
      [[0x82, 126, 5000 >> 8, 5000 & 255, ...Buffer.concat(parts)]],
    );
    assert.equal(frames.of(OPCODE.binary, parts, parts)[0], second[0]);
  });

  it("of parts that stand together in memory is written in as few pieces as there are places", () => {
    const memory = Uint8Array.from({ length: 9000 }, (_, i) => i);
    const parts = [memory.subarray(0, 4000), memory.subarray(4000, 8000), new Uint8Array(100), memory.subarray(8008)];
    const pieces = new SharedFrames().of(OPCODE.binary, parts, parts);
    assert.deepEqual(
      pieces.map(({ length }) => length),
      [4, 8000, 100, 992],
    );
    assert.deepEqual(Buffer.concat(pieces.slice(1)), Buffer.concat(parts));
    assert.equal(pieces[1]?.buffer, memory.buffer);
  });

  it("that is small is one piece at once, for all of its readers", () => {
    const frames = new SharedFrames();
    const parts = [Uint8Array.of(1, 2), Uint8Array.of(3)];
    const [frame, ...others] = frames.of(OPCODE.binary, parts, parts);
    assert.deepEqual([...frame!], [0x82, 3, 1, 2, 3]);
    assert.equal(others.length, 0);
    assert.equal(frames.of(OPCODE.binary, parts, parts)[0], frame);
  });
});

// SPDX-License-Identifier: MIT
// Writing to real sockets past Node: whatever the other side reads, and whoever else writes, bytes come whole and in order.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, beforeEach, describe, it } from "mocha";
import { loadAddon } from "../../../bridge/layout/native/load.ts";
import { SocketWriter } from "../../../bridge/sockets/socket-writer.ts";
import { Turns } from "../../../bridge/sockets/turns.ts";

/** One socket with a writer, and what its other end has read. */
interface Line {
  readonly socket: Socket;
  readonly writer: SocketWriter;
  readonly peer: Socket;
  readonly came: Buffer[];
}

describe("a socket's writer", () => {
  let server: ReturnType<typeof createServer>;
  let sockets: Socket[];
  let calls: number;
  let turns: Turns;

  beforeEach(async () => {
    server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    sockets = [];
    calls = 0;
    const { send } = loadAddon();
    turns = new Turns((...given) => {
      calls += 1;
      send(...given);
    });
  });

  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  async function line(onWritten: () => void = () => undefined, over = turns): Promise<Line> {
    const peer = connect((server.address() as AddressInfo).port, "127.0.0.1");
    const [[socket]] = (await Promise.all([once(server, "connection"), once(peer, "connect")])) as [[Socket], unknown];
    const came: Buffer[] = [];
    peer.on("data", (chunk: Buffer) => came.push(chunk));
    peer.on("error", () => undefined);
    socket.on("error", () => undefined);
    sockets.push(socket, peer);
    return { socket, writer: new SocketWriter(socket, over, onWritten), peer, came };
  }

  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) await turn();
  }

  const bytesOf = ({ came }: Line): number => came.reduce((sum, { length }) => sum + length, 0);

  it("hands what many are sent in one turn to the system in one call, and knows at its end that it is taken", async () => {
    let written = 0;
    const lines: Line[] = [];
    while (lines.length < 20) lines.push(await line(() => (written += 1)));
    const pieces = [Buffer.from("head "), Buffer.from("and body")];
    let given = 0;
    for (const { writer } of lines) writer.add(pieces, [{ giveBack: () => (given += 1) }]);
    assert.ok(lines.every(({ writer }) => writer.waitingBytes === 13));
    await turn();
    assert.deepEqual([calls, given, written], [1, 20, 20]);
    assert.ok(lines.every(({ writer }) => writer.waitingBytes === 0));
    for (const each of lines) {
      await until(() => bytesOf(each) === 13);
      assert.equal(Buffer.concat(each.came).toString(), "head and body");
    }
  });

  it("groups those alone to whom the same is sent", async () => {
    const lines = [await line(), await line(), await line(), await line()];
    const [a, b] = [[Buffer.from("a")], [Buffer.from("b")]];
    for (const [i, { writer }] of lines.entries()) {
      writer.add(a);
      if (i >= 2) writer.add(b);
    }
    await turn();
    assert.equal(calls, 2);
    for (const [i, each] of lines.entries()) {
      await until(() => bytesOf(each) === (i < 2 ? 1 : 2));
      assert.equal(Buffer.concat(each.came).toString(), i < 2 ? "a" : "ab");
    }
  });

  it("sends nothing twice when who hears that it is written writes to the next, or closes it", async () => {
    const others: Line[] = [];
    const first = await line(() => {
      for (const { writer } of others) writer.flush();
      others[1]?.socket.end();
    });
    others.push(await line(), await line());
    const pieces = [Buffer.from("hello")];
    for (const { writer } of [first, ...others]) writer.add(pieces);
    const ended = once(others[1]!.peer, "end");
    await until(() => [first, ...others].every((each) => bytesOf(each) >= 5));
    await ended;
    others[0]!.writer.add([Buffer.from(".")]);
    await until(() => bytesOf(others[0]!) >= 6);
    assert.deepEqual(
      [first, ...others].map(({ came }) => Buffer.concat(came).toString()),
      ["hello", "hello.", "hello"],
    );
  });

  it("brings every byte once and in order, also to a peer that does not read for a while, and among what others write to the socket", async () => {
    const anyStep = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ is: fc.constant("add" as const), sizes: fc.array(fc.nat(300_000), { maxLength: 4 }) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ is: fc.constant("many" as const), pieces: fc.integer({ min: 1000, max: 2100 }) }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ is: fc.constant("other" as const), bytes: fc.integer({ min: 1, max: 100_000 }) }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          is: fc.constantFrom("turn" as const, "now" as const, "stop" as const, "read" as const, "flush" as const),
        }),
      },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 30 }), async (steps) => {
        const one = await line();
        const { socket, writer, peer } = one;
        const expected: Uint8Array[] = [];
        let [mark, lent, given] = [0, 0, 0];
        const piece = (bytes: number): Uint8Array => {
          mark = (mark + 1) % 251;
          return new Uint8Array(bytes).fill(mark);
        };
        const add = (pieces: Uint8Array[]): void => {
          expected.push(...pieces);
          lent += 1;
          writer.add(pieces, [{ giveBack: () => (given += 1) }]);
        };
        for (const step of steps) {
          if (step.is === "add") add(step.sizes.map(piece));
          else if (step.is === "many") add(Array.from({ length: step.pieces }, () => piece(3)));
          else if (step.is === "other") {
            writer.flush(); // what is to stand before it
            const bytes = piece(step.bytes);
            expected.push(bytes);
            socket.write(bytes);
          } else if (step.is === "flush") writer.flush();
          else if (step.is === "now") {
            const bytes = piece(70_000);
            expected.push(bytes);
            writer.addNow(bytes);
          } else if (step.is === "stop") peer.pause();
          else if (step.is === "read") peer.resume();
          await (step.is === "turn" ? turn() : undefined);
        }
        peer.resume();
        const all = Buffer.concat(expected);
        await until(() => bytesOf(one) >= all.length && given === lent);
        assert.ok(Buffer.concat(one.came).equals(all));
        await until(() => writer.waitingBytes === 0);
        socket.destroy();
        peer.destroy();
      }),
      { numRuns: 30 },
    );
  });

  it("sends at once what somebody waits for, without a word where the system takes it", async () => {
    let written = 0;
    const one = await line(() => (written += 1));
    one.writer.addNow(Buffer.from("now"));
    assert.deepEqual([calls, one.writer.waitingBytes], [1, 0]);
    await until(() => bytesOf(one) === 3);
    assert.equal(written, 0);
    one.peer.pause();
    while (one.writer.waitingBytes === 0) one.writer.addNow(new Uint8Array(1_000_000));
    one.peer.resume();
    await until(() => one.writer.waitingBytes === 0 && written > 0);
  });

  it("tells that a slow peer takes a part of a large message", async () => {
    const { writer, peer } = await line();
    peer.pause();
    writer.add([new Uint8Array(33_554_432)]);
    await turn();
    assert.ok(writer.waitingBytes > 0 && writer.waitingBytes < 33_554_432, "a part is taken at once");
    const marks = new Set<number>();
    peer.resume();
    await until(() => {
      marks.add(writer.takenBytes);
      return writer.waitingBytes === 0;
    });
    assert.ok(marks.size > 2, "and others as the peer reads");
  });

  it("sends nothing to a socket that was destroyed in the same turn, whoever has its number now", async () => {
    const [gone, there] = [await line(), await line()];
    gone.writer.add([Buffer.from("lost")]);
    there.writer.add([Buffer.from("kept")]);
    gone.socket.destroy();
    gone.writer.add([Buffer.from("late")]);
    await until(() => bytesOf(there) === 4);
    assert.equal(Buffer.concat(there.came).toString(), "kept");
    assert.equal(calls, 1);
  });

  it("leaves a broken connection to Node, which says what is wrong with it", async () => {
    const { socket, writer, peer } = await line();
    peer.resetAndDestroy();
    const failed = new Promise((resolve) => socket.on("close", resolve));
    while (!socket.destroyed) {
      writer.add([new Uint8Array(100)]);
      await turn();
    }
    await failed;
    assert.ok(socket.errored !== null);
  });

  it("goes through Node where the addon cannot send", async () => {
    let written = 0;
    const one = await line(() => (written += 1), new Turns());
    one.writer.add([Buffer.from("a"), Buffer.from("b")]);
    await until(() => bytesOf(one) === 2 && one.writer.waitingBytes === 0);
    assert.equal(Buffer.concat(one.came).toString(), "ab");
    assert.ok(written > 0);
    assert.equal(calls, 0);
  });
});

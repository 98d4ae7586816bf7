// SPDX-License-Identifier: MIT
// Programs that exchange messages in open channels of a bridge over real sockets.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { writePublication } from "../../bridge/layout/publication.ts";
import { readBatchHeader, variablePayloads } from "../../bridge/layout/record.ts";
import type { OpenedChannel } from "../../bridge/session/channel-messages.ts";
import { startTestBridge, type TestBridge } from "../support/bridge.ts";
import { temporaryFolders } from "../support/folder.ts";
import { samplesOf, WireClient } from "../support/wire-client.ts";

const PROGRAMS = 10;
const MESSAGES = 10_000;
/** Everybody has read a round before anybody begins the next: so nothing can pile up, on a machine of any speed. */
const ROUND = 200;

/** One program: publishes its rounds in `data` and checks what it gets from the others. */
class Program {
  readonly #client: WireClient;
  readonly #opened: OpenedChannel;
  /** By sender, the number of the next message that must come. */
  readonly #next = new Map<number, number>();
  #lastSequence = -1;
  #read = 0;
  #echoes = 0;

  private constructor(client: WireClient, opened: OpenedChannel) {
    this.#client = client;
    this.#opened = opened;
  }

  static async start({ bridge }: TestBridge): Promise<Program> {
    const client = await WireClient.enter(bridge.url, bridge.token);
    const opened = await client.ask<OpenedChannel & Record<string, unknown>>({
      op: "open",
      channel: "data",
      kind: "json",
    });
    await client.ask({ op: "subscribe", channels: ["data"] });
    return new Program(client, opened);
  }

  get sender(): number {
    return this.#opened.sender;
  }

  get others(): ReadonlyMap<number, number> {
    return this.#next;
  }

  get echoes(): number {
    return this.#echoes;
  }

  /** Publishes the messages from `first` on, some of them alone, some together. */
  publish(first: number): void {
    for (let n = first; n < first + ROUND;) {
      const count = Math.min(1 + (n % 7), first + ROUND - n);
      const samples = Array.from({ length: count }, (_, i) => ({ payload: payloadOf(this.sender, n + i) }));
      this.#client.ws.send(writePublication(this.#opened.handle, n, samples));
      n += count;
    }
  }

  /** Resolves when so many messages have come in all. */
  async until(count: number): Promise<void> {
    for (;;) {
      for (const message of this.#client.came.splice(0)) if (message instanceof Uint8Array) this.#take(message);
      if (this.#read >= count) return;
      await this.#client.change();
    }
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  #take(message: Uint8Array): void {
    for (const record of samplesOf(message)) {
      assert.equal(record[4], 1, "a gap");
      const { schema: sender, first, count } = readBatchHeader(record);
      if (sender === this.sender) this.#echoes += count;
      assert.ok(first > this.#lastSequence, "out of order");
      this.#lastSequence = first + count - 1;
      for (const payload of variablePayloads(record)) {
        const [from, n] = JSON.parse(Buffer.from(payload).toString()) as [number, number];
        assert.equal(from, sender);
        assert.equal(n, this.#next.get(from) ?? 0);
        this.#next.set(from, n + 1);
        this.#read += 1;
      }
    }
  }
}

function payloadOf(sender: number, n: number): Uint8Array {
  return new Uint8Array(Buffer.from(JSON.stringify([sender, n, "a message"])));
}

describe("open channels of a bridge", function () {
  this.timeout(300_000);
  const folder = temporaryFolders();
  let test: TestBridge;

  beforeEach(async () => {
    test = await startTestBridge(folder());
  });

  afterEach(async () => {
    await test.bridge.stop();
  });

  it("carry ten thousand messages of each of ten programs to all others: none lost, doubled or out of order", async () => {
    const programs = await Promise.all(Array.from({ length: PROGRAMS }, () => Program.start(test)));
    for (let first = 0; first < MESSAGES; first += ROUND) {
      for (const program of programs) program.publish(first);
      await Promise.all(programs.map((program) => program.until((PROGRAMS - 1) * (first + ROUND))));
    }
    for (const program of programs) {
      assert.equal(program.echoes, 0);
      const others = programs
        .filter((other) => other !== program)
        .map(({ sender }): [number, number] => [sender, MESSAGES]);
      assert.deepEqual(
        [...program.others].sort(([a], [b]) => a - b),
        others.sort(([a], [b]) => a - b),
      );
    }
    await Promise.all(programs.map((program) => program.close()));
  });
});

// SPDX-License-Identifier: MIT
// programs.ts bridge|socket.io PORT COUNT [TOKEN]: programs that all publish small JSON messages in one channel and count what they get of the others. They do as little as possible
// with both, so that they are not what is measured. A line `flood MS BURST WINDOW` on standard input is answered with {seconds, delivered}.
import { once } from "node:events";
import { createInterface } from "node:readline";
import { WebSocket } from "ws";
import { writePublication } from "../../bridge/layout/publication.ts";
import { readBatchHeader, recordType, splitMessage } from "../../bridge/layout/record.ts";
import { RECORD_BATCH } from "../../bridge/model/batch.ts";

const [form, port = "", count = "", token = ""] = process.argv.slice(2);
const MESSAGE = JSON.stringify({ t: 1_795_196_231.473, x: 17, y: 34, z: 289 });

/** One program's connection. */
interface Program {
  publish(messages: number): void;
}

/** What all programs got. */
class Receipts {
  delivered = 0;
  #wake: () => void = () => undefined;

  add(messages: number): void {
    this.delivered += messages;
    this.#wake();
  }

  async until(least: number): Promise<void> {
    while (this.delivered < least) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}

const receipts = new Receipts();

async function onBridge(): Promise<Program> {
  const ws = new WebSocket(`ws://127.0.0.1:${port}/ws`, "structwire.v1", { perMessageDeflate: false });
  await once(ws, "open");
  const opened = new Promise<number>((resolve) => {
    ws.on("message", (message: Buffer, isBinary) => {
      if (isBinary) {
        for (const record of splitMessage(message)) {
          if (recordType(record) === RECORD_BATCH) receipts.add(readBatchHeader(record).count);
        }
        return;
      }
      const { id, result } = JSON.parse(message.toString()) as { id?: number; result?: { handle: number } };
      if (id === 2) resolve(result?.handle ?? 0);
    });
  });
  ws.send(JSON.stringify({ op: "hello", version: 1, token, client: "bench" }));
  ws.send(JSON.stringify({ id: 1, op: "subscribe", channels: ["data"], wait: true }));
  ws.send(JSON.stringify({ id: 2, op: "open", channel: "data", kind: "json" }));
  const handle = await opened;
  const payload = new TextEncoder().encode(MESSAGE);
  let next = 0;
  return {
    publish: (messages) => {
      ws.send(writePublication(handle, next, new Array<{ payload: Uint8Array }>(messages).fill({ payload })));
      next += messages;
    },
  };
}

async function onSocketIo(): Promise<Program> {
  const ws = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`, { perMessageDeflate: false });
  await once(ws, "open");
  ws.send("40");
  await new Promise<void>((resolve) => {
    ws.on("message", (message: Buffer) => {
      if (message[0] !== 0x34) return; // not a message of the engine
      if (message[1] === 0x32) receipts.add(1);
      else if (message[1] === 0x30) resolve();
    });
  });
  const packet = `42["data",${MESSAGE}]`;
  return {
    publish: (messages) => {
      for (let i = 0; i < messages; i++) ws.send(packet);
    },
  };
}

const connect = form === "bridge" ? onBridge : onSocketIo;
const programs = await Promise.all(Array.from({ length: Number(count) }, connect));

/** All programs take turns with bursts, at most `windowMessages` ahead of what all others have got. */
async function flood(ms: number, burst: number, windowMessages: number): Promise<object> {
  const others = programs.length - 1;
  const start = performance.now();
  receipts.delivered = 0;
  let sent = 0;
  while (performance.now() - start < ms) {
    for (const program of programs) program.publish(burst);
    sent += burst * programs.length;
    await receipts.until((sent - windowMessages) * others);
  }
  await receipts.until(sent * others);
  return { seconds: (performance.now() - start) / 1000, delivered: receipts.delivered };
}

console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const [, ms = 0, burst = 1, windowMessages = 1] = line.split(" ").map(Number);
  console.log(JSON.stringify(await flood(ms, burst, windowMessages)));
}
process.exit();

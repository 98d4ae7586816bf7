// SPDX-License-Identifier: MIT
// Listens to publishers of ZeroMQ with the package `zeromq`, which is loaded when a relay first runs.
import type { Subscriber } from "zeromq";
import { BridgeError } from "../../model/errors.ts";
import type { RelayEvents, RelaySource } from "../streams/relay-listen.ts";

/** Listens; the publisher may come and go. Returns what ends it. */
export function listenToZeromq({ address, topic }: RelaySource, events: RelayEvents): () => void {
  let socket: Subscriber | undefined;
  let isOver = false;
  const listen = async (): Promise<void> => {
    const { Subscriber: SubscriberClass } = await import("zeromq").catch((cause: unknown) => {
      throw new BridgeError("unsupported", "a relay needs the package zeromq: npm install zeromq", { cause });
    });
    if (isOver) return;
    socket = new SubscriberClass({ linger: 0 });
    socket.connect(address);
    socket.subscribe(topic);
    for await (const frames of socket) {
      const payload = frames.at(-1);
      if (payload !== undefined) events.message(payload);
    }
  };
  listen().catch((error: unknown) => {
    socket?.close();
    if (!isOver) events.failed(error);
  });
  return () => {
    isOver = true;
    socket?.close();
  };
}

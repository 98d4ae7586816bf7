// SPDX-License-Identifier: MIT
// Listens to publishers of ZeroMQ with the package `zeromq`, which is loaded when a relay first runs.
import type { Subscriber } from "zeromq";
import { BridgeError } from "../../model/errors.ts";
import type { RelayEvents, RelayListen, RelaySource } from "../streams/relay-listen.ts";

/** How often a socket is looked at that must not keep its process alive. */
const LOOK_MS = 5;

/** A way to listen; the publisher may come and go. With `unref` listening does not keep the process alive. */
export function zeromqRelay(unref: boolean): RelayListen {
  return (source, events) => {
    let socket: Subscriber | undefined;
    const over = new AbortController();
    const listen = async (): Promise<void> => {
      const opened = await subscriberOf(source, unref);
      socket = opened;
      if (over.signal.aborted) opened.close();
      else await (unref ? look(opened, events, over.signal) : wait(opened, events));
    };
    listen().catch((error: unknown) => {
      socket?.close();
      if (!over.signal.aborted) events.failed(error);
    });
    return () => {
      over.abort();
      socket?.close();
    };
  };
}

async function subscriberOf({ address, topic }: RelaySource, unref: boolean): Promise<Subscriber> {
  const { Subscriber: SubscriberClass } = await import("zeromq").catch((cause: unknown) => {
    throw new BridgeError("unsupported", "a relay needs the package zeromq: npm install zeromq", { cause });
  });
  const socket = new SubscriberClass({ linger: 0, receiveTimeout: unref ? 0 : -1 });
  try {
    socket.connect(address);
    socket.subscribe(topic);
  } catch (error) {
    socket.close();
    throw error;
  }
  return socket;
}

async function wait(socket: Subscriber, events: RelayEvents): Promise<void> {
  for await (const frames of socket) tell(frames, events);
}

/** A socket that waits keeps the process alive and offers no way not to; so it is asked again and again. */
async function look(socket: Subscriber, events: RelayEvents, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    const frames = await socket.receive().catch((error: unknown) => {
      if (isEmpty(error)) return undefined;
      throw error;
    });
    if (frames === undefined) await new Promise((resolve) => setTimeout(resolve, LOOK_MS).unref());
    else tell(frames, events);
  }
}

function tell(frames: readonly Uint8Array[], events: RelayEvents): void {
  const payload = frames.at(-1);
  if (payload !== undefined) events.message(payload);
}

function isEmpty(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EAGAIN";
}

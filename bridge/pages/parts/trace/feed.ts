// SPDX-License-Identifier: MIT
// One subscription of the page: reads its deliveries as they come and passes them on, until it is stopped.
import { toBridgeError, type BridgeError } from "../../../model/errors.ts";
import type { Latency } from "../../../client/flow/latency.ts";
import type { SubscribeOptions } from "../../../client/options.ts";
import type { FeedClient, PageDelivery } from "../link/client-port.ts";

/** Who gets what a feed reads. */
export interface FeedSink {
  delivered(delivery: PageDelivery): void;
  /** It ended by itself; `error` says why, null when the connection was closed. */
  ended(error: BridgeError | null): void;
}

/** A feed that runs. */
export interface Feed {
  readonly stop: () => void;
  /** How long its samples take to get here; undefined until it is known. */
  readonly latency: () => Latency | undefined;
}

/** Subscribes at once. */
export function startFeed(client: FeedClient, channel: string, options: SubscribeOptions, sink: FeedSink): Feed {
  let stopped = false;
  const subscription = client.subscribe(channel, options);
  const read = async (): Promise<void> => {
    try {
      for await (const item of subscription) {
        if (stopped) return;
        sink.delivered(item);
      }
      if (!stopped) sink.ended(null);
    } catch (thrown) {
      if (!stopped) sink.ended(toBridgeError(thrown));
    }
  };
  void read();
  return {
    stop: () => {
      stopped = true;
      subscription.close();
    },
    latency: () => subscription.latency,
  };
}

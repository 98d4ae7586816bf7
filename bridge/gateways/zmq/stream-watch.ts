// SPDX-License-Identifier: MIT
// Which channel a stream publishes in, and when its function failed.
import type { Watch } from "../../hub/directory.ts";
import type { Hub } from "../../hub/hub.ts";
import type { Access } from "../../session/access.ts";
import type { StreamFailure } from "./topics.ts";

/** A failure before it is known how its channel is written. */
export type UnwrittenFailure = Omit<StreamFailure, "encoding"> & { readonly kind: "json" | "bytes" };

/** What is told of streams. */
export interface StreamListener {
  /** Some came, went or say something else of themselves. */
  changed(): void;
  /** For each report of a stream that its function failed: its program sends one at most once a second. */
  failed(failure: UnwrittenFailure): void;
}

/** Watches the streams of other programs. */
export class StreamWatch {
  readonly #hub: Hub;
  readonly #access: Access;
  readonly #watch: Watch;
  readonly #listener: StreamListener;

  constructor(hub: Hub, access: Access, listener: StreamListener) {
    this.#listener = listener;
    this.#hub = hub;
    this.#access = access;
    const notify = (): void => {
      this.#notice();
    };
    this.#watch = hub.directory.watch(notify, () => undefined);
  }

  channelOf(name: string): string | undefined {
    const stream = this.#hub.directory.streams.get(name);
    return stream !== undefined && this.#access.stream(name) ? stream.state.channel : undefined;
  }

  stop(): void {
    this.#watch.stop();
  }

  #notice(): void {
    const changes = this.#watch.take();
    if (changes.some(({ listed }) => listed.is === "stream")) this.#listener.changed();
    for (const { listed, became } of changes) {
      if (listed.is !== "stream" || became === "removed" || !this.#access.stream(listed.entry.name)) continue;
      const { state, channel, error, encoding } = listed.entry.state;
      if (state !== "failing" || error === null) continue;
      const kind = encoding === "json" ? "json" : "bytes";
      this.#listener.failed({ channel, kind, ...error, time: this.#hub.clock.now() });
    }
  }
}

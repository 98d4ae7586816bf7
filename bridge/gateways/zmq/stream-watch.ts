// SPDX-License-Identifier: MIT
// Which channel a stream publishes in, and when its function failed.
import type { Watch } from "../../hub/directory.ts";
import type { Hub } from "../../hub/hub.ts";
import type { Access } from "../../session/access.ts";
import type { StreamFailure } from "./topics.ts";

/** A failure before it is known how its channel is written. */
export type UnwrittenFailure = Omit<StreamFailure, "encoding"> & { readonly kind: "json" | "bytes" };

/** Watches the streams of other programs. */
export class StreamWatch {
  readonly #hub: Hub;
  readonly #access: Access;
  readonly #watch: Watch;
  readonly #tell: (failure: UnwrittenFailure) => void;

  /** `tell` is called for each report of a stream that its function failed: its program sends one at most once a second. */
  constructor(hub: Hub, access: Access, tell: (failure: UnwrittenFailure) => void) {
    this.#tell = tell;
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
    for (const { listed, became } of this.#watch.take()) {
      if (listed.is !== "stream" || became === "removed" || !this.#access.stream(listed.entry.name)) continue;
      const { state, channel, error, encoding } = listed.entry.state;
      if (state !== "failing" || error === null) continue;
      const kind = encoding === "json" ? "json" : "bytes";
      this.#tell({ channel, kind, ...error, time: this.#hub.clock.now() });
    }
  }
}

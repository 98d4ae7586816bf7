// SPDX-License-Identifier: MIT
// The upstreams of one bridge.
import { parseUpstream } from "./request.ts";
import { Upstream, type UpstreamParts, type UpstreamState } from "./upstream.ts";

/** Dials all of them, and lets go of them at the end. */
export class Upstreams {
  readonly #texts: readonly string[];
  readonly #parts: UpstreamParts;
  #upstreams: readonly Upstream[] = [];

  constructor(texts: readonly string[], parts: UpstreamParts) {
    this.#texts = texts;
    this.#parts = parts;
  }

  /** Throws as {@link parseUpstream} does. */
  start(): void {
    this.#upstreams = this.#texts.map((text) => new Upstream(parseUpstream(text), this.#parts));
  }

  /** In the order in which they were asked for. */
  get states(): readonly UpstreamState[] {
    return this.#upstreams.map(({ state }) => state);
  }

  /** Resolves when nothing of them is left. */
  async stop(): Promise<void> {
    await Promise.all(this.#upstreams.map((upstream) => upstream.stop()));
  }
}

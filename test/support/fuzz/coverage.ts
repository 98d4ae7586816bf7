// SPDX-License-Identifier: MIT
// Which places of the product's code a run reaches, told by the runtime itself.
import { type Profiler, Session } from "node:inspector";

/** Measures runs in this process. Only one at a time; {@link Coverage.stop} gives the speed back. */
export class Coverage {
  readonly #session = new Session();
  readonly #known = new Set<string>();

  constructor() {
    this.#session.connect();
    this.#session.post("Profiler.enable");
    this.#session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
    this.reached();
  }

  /** How many places were reached since the last call that no earlier run had reached, or not as often by a power of two. */
  reached(): number {
    const before = this.#known.size;
    // A session with its own thread answers before `post` returns.
    this.#session.post("Profiler.takePreciseCoverage", (failure, answer) => {
      if (failure !== null) throw failure;
      for (const script of answer.result) if (script.url.includes("/bridge/")) this.#note(script);
    });
    return this.#known.size - before;
  }

  stop(): void {
    this.#session.post("Profiler.stopPreciseCoverage");
    this.#session.disconnect();
  }

  #note({ scriptId, functions }: Profiler.ScriptCoverage): void {
    for (const { ranges } of functions) {
      for (const { startOffset, endOffset, count } of ranges) {
        if (count > 0)
          this.#known.add(
            `${scriptId} ${String(startOffset)} ${String(endOffset)} ${String(Math.floor(Math.log2(count)))}`,
          );
      }
    }
  }
}

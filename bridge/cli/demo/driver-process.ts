// SPDX-License-Identifier: MIT
// Keeps one driver program running: started again when it dies, ended for certain when the demo ends.
import { setTimeout as sleep } from "node:timers/promises";
import { describeEnding, Life } from "../../console/life.ts";
import { BridgeError } from "../../model/errors.ts";

const FIRST_RESTART_MS = 250;
const LONGEST_RESTART_MS = 8_000;
/** One that ran this long was well: the next restart is quick again. */
const STABLE_MS = 10_000;

/** Tells the user. */
export type Say = (text: string) => void;

export class DriverProcess {
  readonly name: string;
  readonly #path: string;
  readonly #say: Say;
  readonly #stop = new AbortController();
  #life: Life | undefined;
  #lastLine = "";
  readonly #running: Promise<void>;

  /** Starts it. `failed` is called once when it ends before it ever ran for a while, with why. */
  constructor(name: string, path: string, say: Say, failed: (error: BridgeError) => void) {
    this.name = name;
    this.#path = path;
    this.#say = say;
    this.#running = this.#keepRunning(failed);
  }

  /** Undefined while it does not run. */
  get pid(): number | undefined {
    return this.#life?.pid;
  }

  /** Asks it to end, makes it end after 3 s, and resolves when it has. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#life?.stop(() => {
      this.#say(`${this.name} does not end; killing it`);
    });
    await this.#running;
  }

  /** Ends it at once. */
  kill(): void {
    this.#stop.abort();
    this.#life?.kill();
  }

  async #keepRunning(failed: (error: BridgeError) => void): Promise<void> {
    for (let restarts = 0; !this.#isStopped(); restarts++) {
      const started = performance.now();
      const how = await this.#run();
      if (this.#isStopped()) return;
      const livedMs = performance.now() - started;
      if (livedMs < STABLE_MS) {
        const said = this.#lastLine === "" ? "" : `: ${this.#lastLine}`;
        failed(new BridgeError("driver_failed", `the driver ${this.name} ended (${how})${said}`));
      } else {
        restarts = 0;
      }
      const pauseMs = Math.min(LONGEST_RESTART_MS, FIRST_RESTART_MS * 2 ** restarts);
      this.#say(`driver ${this.name} ended (${how}); starting it again in ${String(pauseMs / 1000)} s`);
      await sleep(pauseMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  #isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** One life; resolves with how it ended. Its standard input ends with us, whatever ends us, and the driver with it. */
  async #run(): Promise<string> {
    const life = new Life(this.#path, { args: ["--stdin-eof"] }, (line) => {
      this.#lastLine = line;
      this.#say(line.startsWith(`${this.name}:`) ? line : `${this.name}: ${line}`);
    });
    this.#life = life;
    const ending = await life.ended;
    this.#life = undefined;
    return life.error ?? describeEnding(ending);
  }
}

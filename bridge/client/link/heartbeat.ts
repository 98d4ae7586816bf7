// SPDX-License-Identifier: MIT
// Notices a bridge that is silent without having closed: asks it when nothing came for a while.

const QUIET_MS = 10_000;
const ANSWER_MS = 5_000;

/** What a heartbeat needs of its client. */
export interface HeartbeatWire {
  /** Asks the bridge for any answer; rejects after `timeoutMs`. */
  ping(timeoutMs: number): Promise<unknown>;
  /** It did not answer. */
  dead(): void;
}

/** Watches one connection after another. */
export class Heartbeat {
  readonly #wire: HeartbeatWire;
  #timer: ReturnType<typeof setInterval> | undefined;
  #heard = true;

  constructor(wire: HeartbeatWire) {
    this.#wire = wire;
  }

  /** A connection opened. Returns the timer, which should not keep a process alive. */
  start(): unknown {
    this.stop();
    this.#heard = true;
    const timer = setInterval(() => {
      this.#beat(timer);
    }, QUIET_MS);
    this.#timer = timer;
    return timer;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Something came. */
  heard(): void {
    this.#heard = true;
  }

  #beat(timer: unknown): void {
    if (!this.#heard) {
      this.#wire.ping(ANSWER_MS).catch(() => {
        if (this.#timer === timer && !this.#heard) this.#wire.dead();
      });
    }
    this.#heard = false;
  }
}

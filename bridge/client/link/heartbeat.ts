// SPDX-License-Identifier: MIT
// Notices a bridge that is silent without having closed: asks it when nothing came for a while.

/** What a heartbeat needs of its client. */
export interface HeartbeatWire {
  /** Asks the bridge for any answer; rejects after `timeoutMs`. */
  ping(timeoutMs: number): Promise<unknown>;
  /** It did not answer. */
  dead(): void;
}

/** When a bridge counts as silent. */
export interface HeartbeatTimes {
  /** Nothing came for so long, at most twice. */
  readonly quietMs: number;
  /** And then not even an answer for so long; less than `quietMs`. */
  readonly answerMs: number;
}

const TIMES: HeartbeatTimes = { quietMs: 10_000, answerMs: 5_000 };

/** Watches one connection after another. */
export class Heartbeat {
  readonly #wire: HeartbeatWire;
  readonly #times: HeartbeatTimes;
  #timer: ReturnType<typeof setInterval> | undefined;
  #heard = true;

  constructor(wire: HeartbeatWire, times: HeartbeatTimes = TIMES) {
    this.#wire = wire;
    this.#times = times;
  }

  /** A connection opened. Returns the timer, which should not keep a process alive. */
  start(): unknown {
    this.stop();
    this.#heard = true;
    const timer = setInterval(() => {
      this.#beat(timer);
    }, this.#times.quietMs);
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
      this.#wire.ping(this.#times.answerMs).catch(() => {
        if (this.#timer === timer && !this.#heard) this.#wire.dead();
      });
    }
    this.#heard = false;
  }
}

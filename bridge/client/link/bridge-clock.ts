// SPDX-License-Identifier: MIT
// How far the bridge's clock is from this program's, and how sure that is: asked by `ping` several times, the quickest answer tells best.
import { BridgeError } from "../../model/errors.ts";
import type { Pong } from "../../session/messages.ts";

/** How far the bridge's clock is ahead of ours. */
export interface ClockOffset {
  readonly offsetMs: number;
  /** The offset is at most so much off, whichever way the answer's two halves were spent. */
  readonly uncertaintyMs: number;
}

/** What asking the time needs. */
export interface ClockWire {
  /** Asks the bridge; its answer is read with `pongOf`. */
  ping(): Promise<unknown>;
  /** This program's clock: ms since 1970 with a fraction, which never jumps. */
  now(): number;
}

/** Questions of one measurement. */
const ROUNDS = 8;

/** Quartz drifts up to 50 ppm apart: 1.5 ms in this time, after which it is measured again. */
const FRESH_MS = 30_000;

/** This program's clock, set once at its start: the system's may be set while it runs. */
export function programClock(): number {
  return performance.timeOrigin + performance.now();
}

/** The clock of the bridge at the other end of one connection. */
export class BridgeClock {
  readonly #wire: ClockWire;
  #offset: ClockOffset | undefined;
  #measuredAt = -Infinity;
  #measuring: Promise<ClockOffset> | undefined;

  constructor(wire: ClockWire) {
    this.#wire = wire;
  }

  /** As last measured. */
  get offset(): ClockOffset | undefined {
    return this.#offset;
  }

  /** The bridge's time now, in ns since 1970; undefined while it is not known, and then asked for. */
  bridgeTimeNs(): bigint | undefined {
    this.refresh();
    if (this.#offset === undefined) return undefined;
    const ms = this.#wire.now() + this.#offset.offsetMs;
    return BigInt(Math.round(ms * 1000)) * 1000n;
  }

  /** Measures unless that was done lately. A failure is the connection's own, and leaves what is known. */
  refresh(): void {
    if (this.#measuring !== undefined || this.#wire.now() - this.#measuredAt < FRESH_MS) return;
    this.measure().catch(() => undefined);
  }

  /** Asks several times, one question after the other, and resolves with the surest answer. Rejects like any request. */
  measure(): Promise<ClockOffset> {
    this.#measuring ??= this.#measure().finally(() => {
      this.#measuring = undefined;
    });
    return this.#measuring;
  }

  async #measure(): Promise<ClockOffset> {
    this.#measuredAt = this.#wire.now();
    let best = await this.#ask();
    for (let i = 1; i < ROUNDS; i++) {
      const next = await this.#ask();
      if (next.uncertaintyMs < best.uncertaintyMs) best = next;
    }
    this.#offset = best;
    return best;
  }

  async #ask(): Promise<ClockOffset> {
    const asked = this.#wire.now();
    const { received, time } = pongOf(await this.#wire.ping());
    const answered = this.#wire.now();
    return {
      offsetMs: (received - asked + (time - answered)) / 2,
      uncertaintyMs: Math.max(0, (answered - asked - (time - received)) / 2),
    };
  }
}

function pongOf(result: unknown): Pong {
  if (typeof result === "object" && result !== null && "time" in result && "received" in result) {
    const { received, time } = result;
    if (typeof received === "number" && typeof time === "number") return { received, time };
  }
  throw new BridgeError("bad_message", "the bridge answered a ping without its time");
}

// SPDX-License-Identifier: MIT
// What the sensors of a device say, and how it stands in a sample.
import type { Quaternion } from "./quaternion.ts";

/** Three numbers along the device's own axes. */
export interface Vector {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** How the device moves; null: this device does not say. */
export interface Motion {
  /** In m/s², without gravity. */
  readonly acceleration: Vector | null;
  /** In degrees a second. */
  readonly rotation: Vector | null;
}

export const NO_MOTION: Motion = { acceleration: null, rotation: null };

/** What is published: `t` in ms since 1970 by the device's clock, the orientation, and the motion where there is one. */
export interface SensorSample extends Quaternion {
  readonly t: number;
  readonly acceleration?: Vector;
  readonly rotation?: Vector;
  /** Turned by hand on the screen, not by a sensor. */
  readonly simulated?: true;
}

/** The most samples a second. */
export const MAX_HZ = 60;

/** A tick may come so much early, in ms, and still count as the next one: timers of browsers are no finer. */
const EARLY_MS = 4;

/** Says which of many readings are sent, so that they are at most {@link MAX_HZ} a second. */
export class Pace {
  #nextMs = -Infinity;

  /** Whether one is due at `nowMs`; then the next is due a period later, without drift. */
  isDue(nowMs: number): boolean {
    if (nowMs < this.#nextMs - EARLY_MS) return false;
    const periodMs = 1000 / MAX_HZ;
    this.#nextMs = Math.max(this.#nextMs + periodMs, nowMs + periodMs - EARLY_MS);
    return true;
  }
}

/** The sample of a reading. */
export function sampleOf(t: number, orientation: Quaternion, motion: Motion, isSimulated: boolean): SensorSample {
  const { x, y, z, w } = orientation;
  return {
    t,
    x,
    y,
    z,
    w,
    ...(motion.acceleration === null ? {} : { acceleration: motion.acceleration }),
    ...(motion.rotation === null ? {} : { rotation: motion.rotation }),
    ...(isSimulated ? { simulated: true as const } : {}),
  };
}

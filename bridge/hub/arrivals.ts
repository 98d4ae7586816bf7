// SPDX-License-Identifier: MIT
// Who waits for what a driver has that is only just coming, and what ends that waiting.
import { BridgeError } from "../model/errors.ts";
import type { Waiting } from "./deadline.ts";
import type { Clock } from "./ports.ts";

/** A driver that was just started is waited for at most so long: as long as its hello may take. */
export const ARRIVAL_MS = 5000;

/** Waits by the name of the driver. Nobody outlives {@link ARRIVAL_MS}. */
export class Arrivals {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when {@link settle} is called for the driver, at the latest after `timeoutMs`; rejects with `cancelled` when it is given up. */
  wait(driver: string, timeoutMs: number): Waiting<void> {
    let giveUp = (): void => undefined;
    const answer = new Promise<void>((resolve, reject) => {
      const end = (): void => {
        cancelTimer();
        this.#remove(driver, arrived);
        giveUp = () => undefined;
      };
      const arrived = (): void => {
        end();
        resolve();
      };
      const cancelTimer = this.#clock.after(Math.min(timeoutMs, ARRIVAL_MS), arrived);
      giveUp = () => {
        end();
        reject(new BridgeError("cancelled"));
      };
      this.#add(driver, arrived);
    });
    return {
      answer,
      cancel: () => {
        giveUp();
      },
    };
  }

  /** The driver has said all that it has, or nobody was found where it should be: who waits goes on, in the order of coming. */
  settle(driver: string): void {
    for (const arrived of [...(this.#waiting.get(driver) ?? [])]) arrived();
  }

  #add(driver: string, arrived: () => void): void {
    const waiting = this.#waiting.get(driver) ?? new Set();
    waiting.add(arrived);
    this.#waiting.set(driver, waiting);
  }

  #remove(driver: string, arrived: () => void): void {
    const waiting = this.#waiting.get(driver);
    waiting?.delete(arrived);
    if (waiting?.size === 0) this.#waiting.delete(driver);
  }
}

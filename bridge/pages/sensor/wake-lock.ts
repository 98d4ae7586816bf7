// SPDX-License-Identifier: MIT
// Keeps the screen on while it is wanted, also after the page was hidden for a while; browsers that cannot do it go without.
import { signal, type ReadonlySignal, type Signal } from "@preact/signals";

/** One wish for a screen that stays on. */
export class WakeLock {
  readonly #isHeld: Signal<boolean> = signal(false);
  #isWanted = false;
  #sentinel: WakeLockSentinel | null = null;

  constructor() {
    document.addEventListener("visibilitychange", () => {
      // The browser has let go of it by itself when the page was hidden.
      if (this.#isWanted && document.visibilityState === "visible") void this.#ask();
    });
  }

  /** Whether the screen stays on now. */
  get isHeld(): ReadonlySignal<boolean> {
    return this.#isHeld;
  }

  hold(): void {
    this.#isWanted = true;
    void this.#ask();
  }

  release(): void {
    this.#isWanted = false;
    const sentinel = this.#sentinel;
    this.#sentinel = null;
    this.#isHeld.value = false;
    sentinel?.release().catch(() => undefined);
  }

  async #ask(): Promise<void> {
    // Not there without https.
    const lock: unknown = Reflect.get(navigator, "wakeLock");
    if (this.#sentinel !== null || !(lock instanceof Object)) return;
    try {
      const sentinel = await navigator.wakeLock.request("screen");
      if (!this.#isWanted) {
        await sentinel.release();
        return;
      }
      this.#sentinel = sentinel;
      this.#isHeld.value = true;
      sentinel.addEventListener("release", () => {
        if (this.#sentinel === sentinel) this.#sentinel = null;
        this.#isHeld.value = this.#sentinel !== null;
      });
    } catch {
      // Refused: low on power, say. The page works without.
    }
  }
}

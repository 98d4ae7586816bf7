// SPDX-License-Identifier: MIT
// All drivers of a bridge, each address once, whether given by hand or found in the folder.
import { parseAddress } from "./address.ts";
import { Dialer, type DialerParts, type DialerState } from "./dialer.ts";
import { DriverFolder } from "./folder.ts";

/** The drivers of one bridge. */
export class Fleet {
  readonly #parts: DialerParts;
  readonly #dialers = new Map<string, Dialer>();
  readonly #byHand = new Set<Dialer>();
  #folder: DriverFolder | undefined;

  constructor(parts: DialerParts) {
    this.#parts = parts;
  }

  get states(): DialerState[] {
    return [...this.#dialers.values()].map(({ state }) => state);
  }

  /** Dials an address from now on. Throws as `parseAddress` does. */
  add(url: string): void {
    const dialer = this.#open(url);
    this.#byHand.add(dialer);
    dialer.dial();
  }

  /** Dials what is and what comes into the folder. Resolves when it was read once. */
  watch(folder: string): Promise<void> {
    this.#folder = new DriverFolder({
      folder,
      open: (url) => this.#open(url),
      rest: (dialer) => {
        if (!this.#byHand.has(dialer)) dialer.rest();
      },
      drop: (dialer) => {
        if (this.#byHand.has(dialer)) return;
        this.#dialers.delete(dialer.address.url);
        void dialer.stop();
      },
      log: this.#parts.log,
    });
    return this.#folder.start();
  }

  /** Dials an address now, whatever its pause, if it is known and not connected. */
  seek(url: string): void {
    this.#dialers.get(url)?.dial();
  }

  /** Says an orderly end to all drivers. Resolves when every socket is closed. */
  async stop(): Promise<void> {
    await this.#folder?.stop();
    await Promise.all([...this.#dialers.values()].map((dialer) => dialer.stop()));
    this.#dialers.clear();
  }

  #open(url: string): Dialer {
    const address = parseAddress(url);
    let dialer = this.#dialers.get(address.url);
    if (dialer === undefined) {
      dialer = new Dialer(address, this.#parts);
      this.#dialers.set(address.url, dialer);
    }
    return dialer;
  }
}

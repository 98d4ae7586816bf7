// SPDX-License-Identifier: MIT
// Tells the bridge how much of what it sent has been taken, so that little is on its way and an answer never waits long.
import { writeAck } from "../../layout/link-records.ts";

/** The bridge is told after this part of the window. The protocol asks for a half; sooner, it hardly ever has to wait. */
const PART = 4;

/** Counts the bytes of one connection. */
export class Receipt {
  readonly #send: (record: Uint8Array) => void;
  #windowBytes = Infinity;
  #taken = 0;
  #told = 0;

  /** `send` gets ACK records. */
  constructor(send: (record: Uint8Array) => void) {
    this.#send = send;
  }

  /** The bridge named its window; before that nothing is told. A bridge without one needs no telling. */
  begin(windowBytes: number | undefined): void {
    this.#windowBytes = windowBytes ?? Infinity;
  }

  /** A message of so many bytes was taken: nothing of it has to wait for room in this program. */
  took(bytes: number): void {
    this.#taken += bytes;
    if ((this.#taken - this.#told) * PART < this.#windowBytes) return;
    this.#told = this.#taken;
    this.#send(writeAck(this.#taken));
  }
}

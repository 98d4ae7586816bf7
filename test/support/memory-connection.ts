// SPDX-License-Identifier: MIT
// A connection in memory: keeps what the session sends, and plays a client that reads or does not.
import type { Connection, Lent } from "../../bridge/session/connection.ts";

/** One message that the session sent. */
export type Sent = { readonly text: string } | { readonly records: readonly Uint8Array[] };

export class MemoryConnection implements Connection {
  readonly sent: Sent[] = [];
  /** Messages in memory that is used again once it is given back, which is for the test to do. */
  readonly lent: { readonly records: readonly Uint8Array[]; readonly loans: readonly Lent[] }[] = [];
  /** While false nothing is taken: what is sent piles up in `bufferedBytes`. */
  reads = true;
  bufferedBytes = 0;
  sentBytes = 0;
  takenBytes = 0;
  paused = false;
  closed: { readonly code: number; readonly reason: string } | undefined;
  #written: () => void = () => undefined;

  sendText(text: string): void {
    this.#take({ text }, Buffer.byteLength(text));
  }

  sendEncoded(text: Uint8Array): void {
    this.#take({ text: Buffer.from(text).toString() }, text.byteLength);
  }

  sendRecords(records: readonly Uint8Array[], loans: readonly Lent[] = []): void {
    if (loans.length > 0) this.lent.push({ records, loans });
    this.#take(
      { records },
      records.reduce((sum, record) => sum + record.byteLength, 0),
    );
  }

  onWritten(listener: () => void): void {
    this.#written = listener;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  close(code: number, reason: string): void {
    this.closed ??= { code, reason };
  }

  /** The client reads everything, or all but so many bytes. */
  drain(left = 0): void {
    this.takenBytes += this.bufferedBytes - left;
    this.bufferedBytes = left;
    this.#written();
  }

  /** The turn of the event loop ends in which something was sent. */
  endTurn(): void {
    this.#written();
  }

  /** The JSON messages since the last call. */
  texts(): Record<string, unknown>[] {
    const sent = this.sent.splice(0);
    return sent.flatMap((message) => ("text" in message ? [JSON.parse(message.text) as Record<string, unknown>] : []));
  }

  #take(message: Sent, bytes: number): void {
    if (this.closed !== undefined) return;
    this.sent.push(message);
    this.sentBytes += bytes;
    if (this.reads) this.takenBytes += bytes;
    else this.bufferedBytes += bytes;
  }
}

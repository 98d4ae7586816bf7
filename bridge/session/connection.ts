// SPDX-License-Identifier: MIT
// The raw duplex that carries one session: what a gateway must give.
import type { Loan } from "../hub/loans.ts";

/** Memory that is lent until what is sent from it has been sent. */
export type Lent = Pick<Loan, "giveBack">;

/** A connection to one client. Sending never blocks and never throws; after the end it does nothing. */
export interface Connection {
  sendText(text: string): void;
  /** A text message that is UTF-8 already; shared between connections, so nobody changes it. */
  sendEncoded(text: Uint8Array): void;
  /**
   * One binary message of these records. The array and its bytes are shared between connections: the same array comes to each reader of a stream. What they are in is given
   * back once the bytes are not read here any more, or never.
   */
  sendRecords(records: readonly Uint8Array[], lent?: readonly Lent[]): void;
  /** Bytes that were sent here and not yet taken by the system. */
  readonly bufferedBytes: number;
  /** Payload bytes of all messages that were sent here. */
  readonly sentBytes: number;
  /** A number that changes with every byte that the system takes, also when that is a part of a message; nothing else is said by it. */
  readonly takenBytes: number;
  /** `listener` runs when a turn of the event loop in which something was sent has ended, and whenever `bufferedBytes` has become less. */
  onWritten(listener: () => void): void;
  /** Stops and resumes the coming of messages. */
  pause(): void;
  resume(): void;
  /** Ends it with a WebSocket close code. What was sent before still goes out if the client reads it. */
  close(code: number, reason: string): void;
}

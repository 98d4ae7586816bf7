// SPDX-License-Identifier: MIT
// How a relay listens to a foreign publisher; what does it is the place's own.

/** What a foreign publisher brings. */
export interface RelayEvents {
  /** One message: its only frame, or the last of several, which follow a topic. */
  message(payload: Uint8Array): void;
  /** It cannot be listened to, or not any longer. */
  failed(error: unknown): void;
}

/** Which messages of which publisher: those that begin with `topic`. */
export interface RelaySource {
  readonly address: string;
  readonly topic: string;
}

/** Listens to a foreign publisher; returns what ends it. */
export type RelayListen = (source: RelaySource, events: RelayEvents) => () => void;

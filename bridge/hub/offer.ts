// SPDX-License-Identifier: MIT
// A stream that a program offers: a channel that it publishes by itself, and that can be started, stopped and paced from elsewhere.
import type { Provider } from "./provider.ts";

/** What its program says of a stream. */
export interface OfferState {
  readonly channel: string;
  readonly type: "periodic" | "manual" | "relay";
  /** Null where there is no rate to be set. */
  readonly hz: number | null;
  readonly enabled: boolean;
  readonly state: "running" | "stopped" | "failing";
  readonly encoding: string;
  readonly calls: number;
  readonly overruns: number;
  readonly error: { readonly name: string; readonly message: string } | null;
}

/** An offered stream; gone with its program. */
export interface Offer {
  readonly name: string;
  readonly provider: Provider;
  /** As its program said last; replaced, never changed in place. */
  state: OfferState;
}

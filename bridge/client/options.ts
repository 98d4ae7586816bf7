// SPDX-License-Identifier: MIT
// The options of the client's calls.
import type { Delivery as DeliveryMode } from "../session/messages.ts";

/** What a program knows of a driver. */
export interface DriverOptions {
  /**
   * The schema that the program was built for: the JSON that `structwire gen` wrote beside the types, parsed. Where the driver's own differs so that a field would be read
   * wrongly, using that field throws `schema_mismatch`; what else differs is told once, as a `notice`.
   */
  readonly schema?: object | undefined;
}

/** How to reach a bridge. With neither `url` nor `bridge`: `$STRUCTWIRE_URL`, else the only bridge that runs. */
export interface ConnectOptions {
  /** `http:`, `https:`, `ws:` or `wss:` URL of the bridge; a token may stand in its fragment (`#token=…`). */
  readonly url?: string | undefined;
  /** Name of a bridge of this machine and user (`structwire serve --name rig1`). Node only. */
  readonly bridge?: string | undefined;
  /** Token or ticket; goes before the one in the URL. */
  readonly token?: string | undefined;
  /** Whether a lost connection is opened again by itself (default true). The first one is tried once only. */
  readonly reconnect?: boolean | undefined;
  /** What the bridge's status shows this client as. */
  readonly client?: string | undefined;
  /** How long to wait for an answer, in ms (default 10 000). */
  readonly timeoutMs?: number | undefined;
  /** Whether what the bridge sends is compressed (default false). Only slow links gain by it: it costs time at both ends. */
  readonly compress?: boolean | undefined;
  /**
   * Whether the process may end although the connection is open; requests under way still keep it alive, loops over samples do not.
   * Default: true inside a Jupyter kernel, so that the kernel can be shut down; else false. Without effect in browsers.
   */
  readonly unref?: boolean | undefined;
}

/** What `connect()` takes beside the URL or name of a bridge. */
export type TargetOptions = Omit<ConnectOptions, "url" | "bridge">;

/** How a subscription delivers. */
export interface SubscribeOptions {
  /**
   * `queue` (default): every sample; `latest`: the newest ones only, older ones give way without being counted as lost; `minmax`: of every `columnMs` the samples with the
   * lowest and the highest value of a field, for drawing.
   */
  readonly delivery?: DeliveryMode | undefined;
  /** At most so many samples a second, above 0 and at most 10 000: with `queue` by their own times, with `latest` by the bridge's clock. */
  readonly maxHz?: number | undefined;
  /** With `minmax`: the width of a column in ms of the samples' times. */
  readonly columnMs?: number | undefined;
  /** Paths of leaf fields: the structs are cut down to these. With `minmax` also the fields whose extremes are kept. */
  readonly fields?: readonly string[] | undefined;
  /** Whether to get the newest sample at once (default false). */
  readonly last?: boolean | undefined;
  /** Whether to get also what this client publishes itself (default false). */
  readonly echo?: boolean | undefined;
  /** Whether a name that is not there yet is waited for instead of refused as `unknown_channel` (default false); patterns always wait. */
  readonly wait?: boolean | undefined;
  /** Closes the subscription when it aborts. */
  readonly signal?: AbortSignal | undefined;
  /** How many batches may wait for the reader (default 4096, and never more than 64 MiB); beyond, the oldest are dropped and told as lost. */
  readonly queueBatches?: number | undefined;
}

/** How long to wait for the answer of a request. */
export interface RequestOptions {
  /** In ms; default that of the connection. */
  readonly timeoutMs?: number | undefined;
}

/** How long to wait for the reply of a call, and how to give it up. */
export interface CallOptions extends RequestOptions {
  /** Arguments by name beside those by position. */
  readonly named?: object | undefined;
  /** Whether the result is to come with the time at which the bridge got it (default false). */
  readonly timestamp?: boolean | undefined;
  /** Cancels the call: it fails with `cancelled`, and the driver is told. */
  readonly signal?: AbortSignal | undefined;
}

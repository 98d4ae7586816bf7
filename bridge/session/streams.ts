// SPDX-License-Identifier: MIT
// Starts, stops and paces the streams that programs offer.
import { mapAnswer, type Waiting } from "../hub/deadline.ts";
import type { Hub } from "../hub/hub.ts";
import type { Offer } from "../hub/offer.ts";
import { BridgeError } from "../model/errors.ts";
import type { Json } from "../model/values.ts";
import type { Access } from "./access.ts";
import { streamEntry } from "./describe-program.ts";
import { STREAM_HZ, type StreamChange, type StreamEntry } from "./program-messages.ts";
import { readStream } from "./program-requests.ts";

/**
 * Has a stream changed by its program; the answer is the stream as it then is. Throws `unknown_stream`, `invalid_argument`, `out_of_range`, `refused` where there is
 * nothing to be set, `busy`; the answer rejects with the program's own refusal (`service_failed`), `timeout`, `cancelled` or `disconnected`.
 */
export function adjustStream(
  hub: Hub,
  access: Access,
  name: string,
  change: StreamChange,
  timeoutMs: number,
): Waiting<StreamEntry> {
  if (!access.stream(name)) throw new BridgeError("unknown_stream", `there is no stream "${name}"`);
  if (change.enabled === undefined && change.hz === undefined) {
    throw new BridgeError("invalid_argument", "adjust: name enabled or hz, or both");
  }
  if (change.hz !== undefined) checkHz(change.hz);
  const offer = hub.offer(name);
  return mapAnswer(hub.adjust(offer, change, timeoutMs), (answer) => {
    learn(hub, offer, answer);
    return streamEntry(offer);
  });
}

/** Throws `out_of_range`. */
export function checkHz(hz: number): void {
  if (hz >= STREAM_HZ.min && hz <= STREAM_HZ.max) return;
  throw new BridgeError("out_of_range", `hz must be from ${String(STREAM_HZ.min)} to ${String(STREAM_HZ.max)}`);
}

/** Its program answers with the stream as it now is. */
function learn(hub: Hub, offer: Offer, answer: Json): void {
  const said = readStream(answer);
  if (said?.stream !== offer.name) {
    throw new BridgeError("service_failed", `the program of the stream "${offer.name}" did not answer with the stream`);
  }
  const { stream, ...state } = said;
  // It may have been retracted meanwhile.
  if (hub.directory.streams.get(stream) === offer) offer.provider.offer(stream, state);
  else offer.state = state;
}

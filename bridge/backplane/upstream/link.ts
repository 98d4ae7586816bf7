// SPDX-License-Identifier: MIT
// What the parts of one upstream share: the conversation with the other bridge, and this one.
import type { Conversation } from "../../client/conversation.ts";
import type { Hub } from "../../hub/hub.ts";
import type { Codec } from "../../layout/codec.ts";

/** The parts share this; the conversation mends itself. */
export interface UpstreamLink {
  readonly hub: Hub;
  readonly codec: Codec;
  readonly conversation: Conversation;
  /** Tells people, in the log of the drivers. */
  complain(text: string): void;
}

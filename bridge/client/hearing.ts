// SPDX-License-Identifier: MIT
// Which part of a client gets which of the bridge's messages.
import type { ServerMessage } from "../session/messages.ts";

/** What a part does with the messages that are for it; those without an entry are for others. */
export type Hearing = {
  readonly [Op in ServerMessage["op"]]?: (message: Extract<ServerMessage, { readonly op: Op }>) => void;
};

/** Hands a message to its part; one that is for nobody is ignored. */
export function hear(hearing: Hearing, message: ServerMessage): void {
  const own = hearing[message.op] as ((told: ServerMessage) => void) | undefined;
  own?.(message);
}

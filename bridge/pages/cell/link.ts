// SPDX-License-Identifier: MIT
// An output's own connection to the bridge: open while it is seen, closed a while after it is not, over when its ticket is.
import { connect } from "../../browser.ts";
import type { Client } from "../../client/client.ts";
import { toBridgeError, type BridgeError } from "../../model/errors.ts";
import { watchPresence } from "./presence.ts";

/** What an output does with its connection. */
export interface LinkUser {
  /** A connection is open, for the first time or after it was given up. It mends itself until `left`. */
  joined(client: Client): Promise<void>;
  /** It was given up because nobody looks. */
  left(): void;
  /** What to tell the reader: empty when all is well. */
  told(text: string): void;
}

// Long enough to scroll past without losing the line, short enough not to feed a forgotten notebook for ever.
const LINGER_MS = 20_000;

/** Keeps a connection for as long as the element is seen. */
export function keepLink(element: HTMLElement, access: { url: string; ticket: string }, user: LinkUser): void {
  let client: Promise<Client> | null = null;
  let over = false;
  let leaving: ReturnType<typeof setTimeout> | undefined;

  const end = (error: BridgeError): void => {
    over = true;
    user.told(sentence(error, access.url));
  };
  const join = async (): Promise<Client> => {
    const opened = await connect({ url: access.url, token: access.ticket, client: "notebook cell" });
    opened.on("state", ({ state, error }) => {
      if (state === "open") user.told("");
      else if (state === "connecting") user.told("connection lost, trying again");
      else if (error !== undefined) end(error);
    });
    user.told("");
    await user.joined(opened);
    return opened;
  };
  const leave = async (): Promise<void> => {
    const leftClient = client;
    client = null;
    user.left();
    await (await leftClient)?.close();
  };

  watchPresence(element, (seen) => {
    clearTimeout(leaving);
    if (over) return;
    if (!seen) {
      leaving = setTimeout(() => void leave().catch(() => undefined), LINGER_MS);
    } else if (client === null) {
      client = join();
      client.catch((thrown: unknown) => {
        end(toBridgeError(thrown));
      });
    }
  });
}

function sentence(error: BridgeError, url: string): string {
  switch (error.code) {
    case "unauthorized":
      return "this output belongs to an earlier run of the bridge. To connect again, run the cell again";
    case "no_bridge":
    case "timeout":
    case "disconnected":
      return `no bridge answers at ${url}. To connect again, start it and run the cell again`;
    default:
      return `${error.message} (${error.code}). To connect again, run the cell again`;
  }
}

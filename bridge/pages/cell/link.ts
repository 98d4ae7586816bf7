// SPDX-License-Identifier: MIT
// An output's own connection to the bridge: open while it is seen, closed a while after it is not, over when its ticket is, and begun again when the reader asks.
import { connect } from "../../browser.ts";
import type { Client } from "../../client/client.ts";
import { toBridgeError, type BridgeError } from "../../model/errors.ts";
import { button } from "./elements.ts";
import { watchPresence } from "./presence.ts";

/** What an output does with its connection. */
export interface LinkUser {
  /** A connection is open, for the first time or after it was given up. It mends itself until `left`. */
  joined(client: Client): Promise<void>;
  /** It was given up because nobody looks, or for one with another ticket. */
  left(): void;
  /** What to tell the reader: empty when all is well. */
  told(text: string): void;
}

/** What opens the connection. */
export interface LinkAccess {
  readonly ticket: string;
}

/** `data-structwire-link` of an output's element: `live` while it is connected, by which the picture beside it is hidden; else `reaching`, or `apart` when that was given up. */
export const LINK_ATTRIBUTE = "data-structwire-link";

// Long enough to scroll past without losing the line, short enough not to feed a forgotten notebook for ever.
const LINGER_MS = 20_000;

// A connection that is mended within this was never away for the reader.
const MENDING_MS = 3000;

/** The connection of one output. */
export class Link {
  readonly #element: HTMLElement;
  readonly #user: LinkUser;
  readonly #again: HTMLButtonElement;
  readonly #unwatch: () => void;
  #access: LinkAccess;
  #client: Promise<Client> | null = null;
  /** Counts the connections: what an earlier one still says is not heard. */
  #attempt = 0;
  #isSeen = false;
  #isOver = false;
  #isClosed = false;
  #leaving: ReturnType<typeof setTimeout> | undefined;
  #mending: ReturnType<typeof setTimeout> | undefined;

  /** Keeps a connection for as long as the element is seen. */
  constructor(element: HTMLElement, access: LinkAccess, user: LinkUser) {
    this.#element = element;
    this.#access = access;
    this.#user = user;
    this.#again = button("Reconnect", () => {
      this.#begin();
    });
    this.#unwatch = watchPresence(element, (isSeen) => {
      this.#isSeen = isSeen;
      this.#look();
    });
  }

  /** Goes on with another ticket, also after the old one was over. */
  renew(access: LinkAccess): void {
    if (access.ticket === this.#access.ticket || this.#isClosed) return;
    this.#access = access;
    this.#leave();
    if (this.#isSeen) this.#begin();
    else this.#isOver = false;
  }

  /** Ends for good. */
  close(): void {
    this.#isClosed = true;
    this.#unwatch();
    this.#again.remove();
    this.#leave();
    this.#mark("apart");
    this.#user.told("closed");
  }

  #look(): void {
    clearTimeout(this.#leaving);
    if (this.#isOver || this.#isClosed) return;
    if (this.#isSeen) {
      if (this.#client === null) this.#begin();
    } else if (this.#client !== null) {
      this.#leaving = setTimeout(() => {
        this.#leave();
      }, LINGER_MS);
    }
  }

  #begin(): void {
    this.#isOver = false;
    this.#again.remove();
    this.#mark("reaching");
    const client = this.#join();
    this.#client = client;
    client.catch((thrown: unknown) => {
      if (this.#client === client) this.#end(toBridgeError(thrown));
    });
  }

  async #join(): Promise<Client> {
    const attempt = ++this.#attempt;
    const opened = await connect({ url: bridgeUrl(), token: this.#access.ticket, client: "notebook cell" });
    // Given up meanwhile: whoever did that closes it.
    if (attempt !== this.#attempt) return opened;
    opened.on("state", ({ state, error }) => {
      if (attempt !== this.#attempt) return;
      if (state === "open") this.#live();
      else if (state === "connecting") this.#mend();
      else if (error !== undefined) this.#end(error);
    });
    this.#live();
    try {
      await this.#user.joined(opened);
    } catch (error) {
      await opened.close();
      throw error;
    }
    return opened;
  }

  #live(): void {
    clearTimeout(this.#mending);
    this.#mark("live");
    this.#user.told("");
  }

  #mend(): void {
    clearTimeout(this.#mending);
    this.#mending = setTimeout(() => {
      this.#mark("reaching");
    }, MENDING_MS);
    this.#user.told("connection lost, trying again");
  }

  #end(error: BridgeError): void {
    clearTimeout(this.#mending);
    this.#leave();
    this.#isOver = true;
    this.#mark("apart");
    this.#user.told(sentence(error));
    this.#element.querySelector(".structwire-status")?.after(this.#again);
  }

  #leave(): void {
    clearTimeout(this.#leaving);
    clearTimeout(this.#mending);
    const left = this.#client;
    if (left === null) return;
    this.#client = null;
    this.#attempt++;
    this.#user.left();
    left.then((client) => client.close()).catch(() => undefined);
  }

  #mark(state: "reaching" | "live" | "apart"): void {
    this.#element.setAttribute(LINK_ATTRIBUTE, state);
  }
}

/** Where this module came from there is the bridge too: at its own address, or behind a proxy of the notebook's server. */
function bridgeUrl(): string {
  return new URL(".", import.meta.url).href;
}

function sentence(error: BridgeError): string {
  switch (error.code) {
    case "unauthorized":
      return "this output belongs to an earlier run of the bridge. To connect again, run the cell again";
    case "no_bridge":
    case "timeout":
    case "disconnected":
      return `no bridge answers at ${bridgeUrl()}. Start it and run the cell again, or reconnect`;
    default:
      return `${error.message} (${error.code}). To connect again, run the cell again`;
  }
}

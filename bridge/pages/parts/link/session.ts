// SPDX-License-Identifier: MIT
// The page's one connection: asks for a token, dials until a bridge answers, and says honestly how things stand.
import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { StateEvent } from "../../../client/events.ts";
import { toBridgeError, type BridgeError } from "../../../model/errors.ts";
import type { Connect, PageClient } from "./client-port.ts";

/** How the connection stands. `lost` means: it was open, and the client tries again by itself. */
export type Phase =
  | { readonly kind: "token"; readonly reason: string | null }
  | { readonly kind: "connecting"; readonly attempt: number; readonly reason: string | null }
  | { readonly kind: "open" }
  | { readonly kind: "lost"; readonly sinceMs: number; readonly reason: string };

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 2000;

/** How a page connects. */
export interface SessionOptions {
  /** Of the bridge. */
  readonly url: string;
  /** What the bridge's status shows the page as. */
  readonly name: string;
  /** Asked of every new connection before it counts as open. */
  begin(client: PageClient): Promise<unknown>;
}

/** Keeps one client, from the token to the end of the page. */
export class Session {
  readonly #connect: Connect;
  readonly #options: SessionOptions;
  readonly #wait: (ms: number) => Promise<void>;
  readonly #phase: Signal<Phase> = signal<Phase>({ kind: "token", reason: null });
  readonly #client: Signal<PageClient | null> = signal<PageClient | null>(null);
  /** Counts attempts to begin: what belongs to an earlier one ends itself. */
  #life = 0;

  /** `wait` passes the time between two attempts. */
  constructor(connect: Connect, options: SessionOptions, wait: (ms: number) => Promise<void> = waitMs) {
    this.#connect = connect;
    this.#options = options;
    this.#wait = wait;
  }

  get phase(): ReadonlySignal<Phase> {
    return this.#phase;
  }

  /** The client of the connection that is open or was open last; null before the first. */
  get client(): ReadonlySignal<PageClient | null> {
    return this.#client;
  }

  /** Says that a token is needed, and why. */
  askToken(reason: string | null): void {
    this.#life++;
    this.#phase.value = { kind: "token", reason };
  }

  /** Connects with `token`, again and again until a bridge answers or refuses it. */
  async start(token: string): Promise<void> {
    const life = ++this.#life;
    await this.#client.value?.close();
    this.#client.value = null;
    let reason: string | null = null;
    for (let attempt = 1; life === this.#life; attempt++) {
      this.#phase.value = { kind: "connecting", attempt, reason };
      try {
        await this.#open(life, token);
        return;
      } catch (thrown) {
        const error = toBridgeError(thrown);
        if (life !== this.#life) return;
        if (isFinal(error)) {
          this.askToken(refusalText(error));
          return;
        }
        reason = error.message;
      }
      await this.#wait(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt - 1, 5)));
    }
  }

  async #open(life: number, token: string): Promise<void> {
    const { url, name } = this.#options;
    const client = await this.#connect({ url, token, client: name });
    if (life !== this.#life) {
      await client.close();
      return;
    }
    client.on("state", (event) => {
      if (life === this.#life) this.#changed(event);
    });
    this.#client.value = client;
    try {
      await this.#options.begin(client);
    } catch (thrown) {
      // The caller dials anew: this one must not go on by itself beside it.
      this.#client.value = null;
      await client.close();
      throw thrown;
    }
    if (client.state === "open") this.#phase.value = { kind: "open" };
  }

  #changed(event: StateEvent): void {
    if (event.state === "open") {
      this.#phase.value = { kind: "open" };
    } else if (event.state === "closed") {
      this.askToken(event.error === undefined ? "The connection was closed." : refusalText(event.error));
    } else {
      const before = this.#phase.value;
      const sinceMs = before.kind === "lost" ? before.sinceMs : Date.now();
      this.#phase.value = { kind: "lost", sinceMs, reason: event.error?.message ?? "the bridge does not answer" };
    }
  }
}

/** Whether trying again with the same token cannot help. */
function isFinal(error: BridgeError): boolean {
  return error.code === "unauthorized" || error.code === "version_mismatch" || error.code === "forbidden";
}

function refusalText(error: BridgeError): string {
  if (error.code !== "unauthorized") return error.message;
  return "The bridge does not know this token. Take the link that it printed last.";
}

function waitMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

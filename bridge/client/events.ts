// SPDX-License-Identifier: MIT
// What a client tells its listeners.
import type { BridgeError, ErrorCode } from "../model/errors.ts";
import type { Applied, LogEvent, ParameterValue } from "../session/messages.ts";
import type { DirectoryChange } from "./directory-cache.ts";

export type ClientState = "open" | "connecting" | "closed";

/** The connection opened, was lost or is closed for good; `error` says why, `retryMs` when it is tried again. */
export interface StateEvent {
  readonly state: ClientState;
  readonly error?: BridgeError;
  readonly retryMs?: number;
}

/** What changed in the directory; `client.directory` has it already. */
export type DirectoryEvent = DirectoryChange;

/** A parameter has another value, whoever changed it; `set` says since when, null when nobody set it. */
export interface ParameterEvent extends ParameterValue {
  readonly set: Omit<Applied, "parameter" | "applied"> | null;
}

/** Something the user should know. */
export interface NoticeEvent {
  readonly code: ErrorCode;
  readonly message: string;
}

/** The events of a client and what their listeners get. `directory` and `parameter` come after `watch()`, `log` after `logs()`. */
export interface ClientEvents {
  readonly state: StateEvent;
  readonly directory: DirectoryEvent;
  readonly parameter: ParameterEvent;
  readonly log: LogEvent;
  readonly notice: NoticeEvent;
}

type Listener<E extends keyof ClientEvents> = (event: ClientEvents[E]) => void;
type ListenerSets = { readonly [E in keyof ClientEvents]: Set<Listener<E>> };

/** The listeners of one client. */
export class Listeners {
  readonly #sets: ListenerSets = {
    state: new Set(),
    directory: new Set(),
    parameter: new Set(),
    log: new Set(),
    notice: new Set(),
  };

  /** Adds a listener; returns what removes it. */
  add<E extends keyof ClientEvents>(event: E, listener: Listener<E>): () => void {
    // Wrapped, so that one function added twice is two listeners, and removing one leaves the other.
    const own: Listener<E> = (value) => {
      listener(value);
    };
    const set: Set<Listener<E>> = this.#sets[event];
    set.add(own);
    return () => {
      set.delete(own);
    };
  }

  /** Calls the listeners. What one throws is thrown again from the event loop: it is its own fault and must not harm the connection. */
  tell<E extends keyof ClientEvents>(event: E, value: ClientEvents[E]): void {
    const set: Set<Listener<E>> = this.#sets[event];
    for (const listener of [...set]) {
      try {
        listener(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

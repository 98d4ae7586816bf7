// SPDX-License-Identifier: MIT
// The directory as the bridge last told it: asked for once, or kept fresh across connections.
import type { Directory, ParameterEntry, RateLine, RequestBody } from "../session/messages.ts";
import { applyChange, compareDirectories, EMPTY_DIRECTORY, type DirectoryChange } from "./directory-cache.ts";
import type { Listeners, ParameterEvent } from "./events.ts";
import type { Hearing } from "./hearing.ts";
import type { Kept } from "./kept/kept.ts";
import type { Arrival } from "./link/requests.ts";

/** What the directory needs of its client. */
export interface DirectoryWire {
  readonly listeners: Listeners;
  ask(body: RequestBody, arrival: Arrival): Promise<unknown>;
}

/** The directory of one client. */
export class DirectoryWatch implements Kept {
  readonly #wire: DirectoryWire;
  #directory: Directory = EMPTY_DIRECTORY;
  #watching = false;

  constructor(wire: DirectoryWire) {
    this.#wire = wire;
  }

  get directory(): Directory {
    return this.#directory;
  }

  readonly hears: Hearing = {
    directory: ({ added, changed, removed }) => {
      this.#change({ added, changed, removed });
    },
    rates: ({ rates }) => {
      this.#rates(rates);
    },
    parameter: (message) => {
      this.#parameter(message);
    },
  };

  /** Asks for it; `watch` is kept. */
  list(op: "list" | "watch"): Promise<Directory> {
    return this.#list(op, () => undefined);
  }

  connected(): void {
    if (!this.#watching) return;
    const replaced = (before: Directory): void => {
      this.#wire.listeners.tell("directory", compareDirectories(before, this.#directory));
    };
    // A failure here is the connection's own, which is told and mended by itself.
    this.#list("watch", replaced).catch(() => undefined);
  }

  disconnected(): void {
    // What was known stays known.
  }

  finish(): void {
    this.#watching = false;
  }

  /** The directory is taken over as it arrives: a change that follows it at once is a change of it. */
  #list(op: "list" | "watch", replaced: (before: Directory) => void): Promise<Directory> {
    const arrived = (result: unknown): void => {
      const before = this.#directory;
      // A bridge of an earlier version has fewer lists.
      this.#directory = { ...EMPTY_DIRECTORY, ...(result as Partial<Directory>) };
      if (op === "watch") this.#watching = true;
      replaced(before);
    };
    return this.#wire.ask(op === "watch" ? { op, rates: true } : { op }, { arrived }) as Promise<Directory>;
  }

  #change(change: DirectoryChange): void {
    this.#directory = applyChange(this.#directory, change);
    this.#wire.listeners.tell("directory", change);
  }

  #rates(lines: readonly RateLine[]): void {
    const rates = new Map(lines.map(([stream, rate, published]) => [stream, { rate, published }]));
    const changed = this.#directory.channels.flatMap((entry) => {
      const found = rates.get(entry.stream);
      return found === undefined ? [] : [{ ...entry, ...found }];
    });
    this.#change({ added: [], changed, removed: [] });
  }

  #parameter({ parameter, value, set }: ParameterEvent): void {
    const known = this.#directory.parameters.find((entry) => entry.parameter === parameter);
    if (known !== undefined) {
      const changed: ParameterEntry = { ...known, value };
      this.#directory = applyChange(this.#directory, { added: [], changed: [changed], removed: [] });
    }
    this.#wire.listeners.tell("parameter", { parameter, value, set });
  }
}

// SPDX-License-Identifier: MIT
// A notebook that keeps what its places show.
import type { Notebook } from "../../bridge/client/notebook/notebook.ts";

/** Everything that one place has shown. */
interface Shown {
  readonly pages: string[];
  readonly pictures: Uint8Array[];
}

/** A notebook without a page: places by number, in the order in which they were taken. */
export class Pad implements Notebook {
  readonly #places: Shown[] = [];
  #changed: () => void = () => undefined;

  readonly display = {
    html: (html: string): void => {
      this.newDisplay().html(html);
    },
  };

  newDisplay(): { html(html: string): void; png(bytes: Uint8Array): void } {
    const shown: Shown = { pages: [], pictures: [] };
    this.#places.push(shown);
    return {
      html: (html) => void shown.pages.push(html),
      png: (bytes) => {
        shown.pictures.push(bytes);
        this.#changed();
      },
    };
  }

  /** How many places were taken. */
  get size(): number {
    return this.#places.length;
  }

  /** The HTML of a place, newest last. */
  pages(place: number): readonly string[] {
    return this.#places[place]?.pages ?? [];
  }

  /** The pictures of a place, newest last. */
  pictures(place: number): readonly Uint8Array[] {
    return this.#places[place]?.pictures ?? [];
  }

  /** Resolves when a place has shown so many pictures. */
  async picture(place: number, count: number): Promise<void> {
    while (this.pictures(place).length < count) await new Promise<void>((resolve) => (this.#changed = resolve));
  }
}

// SPDX-License-Identifier: MIT
// The files that browsers get: a fixed set of places in one folder, kept in memory once read.
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** A file as it is sent. */
export interface Page {
  readonly bytes: Uint8Array;
  readonly type: string;
  readonly etag: string;
}

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json",
  map: "application/json",
  svg: "image/svg+xml",
  png: "image/png",
  woff2: "font/woff2",
};

/** The pages by their paths. */
const PAGES: ReadonlyMap<string, string> = new Map([
  ["/", "page.html"],
  ["/plot", "plot.html"],
  ["/knob", "knob.html"],
  ["/sensor", "sensor.html"],
]);

/** The paths of a URL that name files. One level of plain names, so that no path leads out of the folder. */
const PLACES = [/^\/(?:browser|cell|plotly)\.mjs(?:\.map)?$/, /^\/assets\/[A-Za-z0-9_-][A-Za-z0-9_.-]*$/];

/** The files of one folder. */
export class Pages {
  readonly #folder: string;
  readonly #kept = new Map<string, Page>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Whether a path is one at which files may be. */
  has(path: string): boolean {
    return PAGES.has(path) || PLACES.some((place) => place.test(path));
  }

  /** The file at a path that {@link has}; undefined when it is not there. */
  async read(path: string): Promise<Page | undefined> {
    const name = PAGES.get(path) ?? path.slice(1);
    const type = TYPES[name.slice(name.lastIndexOf(".") + 1)];
    if (type === undefined) return undefined;
    try {
      const file = join(this.#folder, name);
      const { size, mtimeMs } = await stat(file);
      const etag = `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`;
      const kept = this.#kept.get(name);
      if (kept?.etag === etag) return kept;
      const page: Page = { bytes: await readFile(file), type, etag };
      this.#kept.set(name, page);
      return page;
    } catch {
      return undefined;
    }
  }
}

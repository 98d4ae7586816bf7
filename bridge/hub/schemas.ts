// SPDX-License-Identifier: MIT
// Gives each struct type of each schema one id for the bridge's life, and keeps a schema while a driver uses it or may soon again.
import type { Layout, Schema } from "../model/schema.ts";

/** Schemas that no driver uses are kept for their return up to so many, and so many bytes. */
export const MAX_IDLE_SCHEMAS = 64;
export const MAX_IDLE_SCHEMA_BYTES = 16_777_216;

/** A validated schema as a driver brings it. */
export interface SchemaSource {
  readonly schema: Schema;
  /** Of the blob. */
  readonly bytes: number;
  /** Throws `bad_schema` for a type that is not in the schema. Called at most once for each type. */
  compile(type: string): Layout;
}

/** One struct type of one schema. */
export interface SchemaEntry {
  /** 1 or more, never used again for another. */
  readonly id: number;
  readonly type: string;
  readonly layout: Layout;
  readonly schema: Schema;
}

/** The types of one schema, by name. Owned by {@link Schemas}. */
export class SchemaSet {
  users = 0;
  /** SHA-256 of the blob, in hex. */
  readonly hash: string;
  readonly bytes: number;
  readonly #source: SchemaSource;
  readonly #takeId: () => number;
  readonly #entries = new Map<string, SchemaEntry>();

  constructor(hash: string, source: SchemaSource, takeId: () => number) {
    this.hash = hash;
    this.bytes = source.bytes;
    this.#source = source;
    this.#takeId = takeId;
  }

  get schema(): Schema {
    return this.#source.schema;
  }

  /** The entry of a struct type; the same object every time. Throws `bad_schema`. */
  entry(type: string): SchemaEntry {
    const known = this.#entries.get(type);
    if (known !== undefined) return known;
    const layout = this.#source.compile(type);
    const entry: SchemaEntry = { id: this.#takeId(), type, layout, schema: this.#source.schema };
    this.#entries.set(type, entry);
    return entry;
  }
}

/** All schemas of a bridge, by the hash of their bytes. */
export class Schemas {
  #lastId = 0;
  readonly #sets = new Map<string, SchemaSet>();

  /**
   * The set of the schema with this hash, from `open` when it is new. To be given back with {@link release}. Passes on what `open` throws. `key` keeps a schema apart whose hash
   * was not counted here.
   */
  acquire(hash: string, open: () => SchemaSource, key: string = hash): SchemaSet {
    let set = this.#sets.get(key);
    if (set === undefined) {
      set = new SchemaSet(hash, open(), () => (this.#lastId += 1));
    } else {
      this.#sets.delete(key); // put back below as the most recently used
    }
    this.#sets.set(key, set);
    set.users += 1;
    return set;
  }

  /** An entry for a struct with only some fields of another, under an id of its own; kept by whoever asked. */
  derive({ type }: SchemaEntry, { layout, schema }: { readonly layout: Layout; readonly schema: Schema }): SchemaEntry {
    return { id: (this.#lastId += 1), type, layout, schema };
  }

  release(set: SchemaSet): void {
    set.users -= 1;
    if (set.users === 0) this.#trim();
  }

  #trim(): void {
    const idle = [...this.#sets].filter(([, set]) => set.users === 0);
    let bytes = idle.reduce((sum, [, set]) => sum + set.bytes, 0);
    let count = idle.length;
    for (const [hash, set] of idle) {
      if (count <= MAX_IDLE_SCHEMAS && bytes <= MAX_IDLE_SCHEMA_BYTES) return;
      this.#sets.delete(hash);
      count -= 1;
      bytes -= set.bytes;
    }
  }
}

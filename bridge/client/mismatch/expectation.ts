// SPDX-License-Identifier: MIT
// What a program was built for, held against what a driver has now: for each message once in each of the driver's schemas.
import { findType, parseSchema } from "../../layout/schema.ts";
import type { StructOf } from "../../layout/compat/compare-structs.ts";
import type { Layout, Schema, SchemaMessage } from "../../model/schema.ts";
import type { DriverSchema } from "../../session/messages.ts";
import type { Batch } from "../batch.ts";
import { mismatchOf, mustGuard, type Mismatch } from "./mismatch.ts";

type Role = SchemaMessage["role"];

/** What an {@link Expectation} needs of its client. */
export interface ExpectationWire {
  schema(driver: string, known?: string): Promise<DriverSchema>;
  /** Tells the user once how a message differs. */
  notice(text: string): void;
}

/** The expectation of one driver handle. Asks nothing until something of the driver is used. */
export class Expectation {
  readonly #driver: string;
  readonly #built: Schema;
  readonly #wire: ExpectationWire;
  readonly #told = new Set<string>();
  readonly #byLayout = new WeakMap<Layout, Mismatch | null>();
  #current:
    { readonly hash: string; readonly schema: Schema; readonly compared: Map<string, Mismatch | null> } | undefined;

  /** `built`: the JSON that `structwire gen` wrote, parsed. Throws `bad_schema`. */
  constructor(driver: string, built: object, wire: ExpectationWire) {
    this.#driver = driver;
    this.#built = parseSchema(built);
    this.#wire = wire;
  }

  /** A batch of one of the driver's channels, guarded by how its layout differs. `fields`: the only ones that were subscribed. */
  guard(batch: Batch, channel: string, fields?: readonly string[]): Batch {
    const { layout, schema } = batch;
    if (layout === null || schema === null) return batch;
    let mismatch = this.#byLayout.get(layout);
    if (mismatch === undefined) {
      const built = this.#find("channel", channel, layout.type);
      mismatch = built === undefined ? null : this.#compare(channel, built, { schema, type: layout.type }, fields);
      this.#byLayout.set(layout, mismatch);
    }
    return mismatch === null || !mustGuard(mismatch) ? batch : batch.guarded(mismatch);
  }

  /** How a message that does not travel in batches differs; null when nothing was expected of it. Rejects with what asking the bridge rejects with. */
  async mismatch(role: Role, name: string): Promise<Mismatch | null> {
    const { hash, schema } = await this.#wire.schema(this.#driver, this.#current?.hash);
    if (schema !== null) this.#current = { hash: hash ?? "", schema: parseSchema(schema), compared: new Map() };
    if (hash === null || this.#current === undefined) return null;
    const { compared, schema: current } = this.#current;
    const key = `${role} ${name}`;
    let mismatch = compared.get(key);
    if (mismatch === undefined) {
      const type = current.messages.find((message) => message.role === role && message.name === name)?.type;
      const built = this.#find(role, name, type ?? "");
      mismatch =
        built === undefined || type === undefined ? null : this.#compare(name, built, { schema: current, type });
      compared.set(key, mismatch);
    }
    return mismatch;
  }

  /** The struct that was expected: by the message's name, else by the type's. */
  #find(role: Role, name: string, type: string): StructOf | undefined {
    const schema = this.#built;
    const message = schema.messages.find((each) => each.role === role && each.name === name);
    if (message !== undefined) return { schema, type: message.type };
    return findType(schema, type)?.k === "struct" ? { schema, type } : undefined;
  }

  #compare(name: string, built: StructOf, now: StructOf, fields?: readonly string[]): Mismatch {
    const mismatch = mismatchOf(`${this.#driver}/${name}`, built, now, fields);
    if (mismatch.notice !== "" && !this.#told.has(mismatch.notice)) {
      this.#told.add(mismatch.notice);
      this.#wire.notice(mismatch.notice);
    }
    return mismatch;
  }
}

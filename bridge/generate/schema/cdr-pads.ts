// SPDX-License-Identifier: MIT
// Which pad fields would make a struct's bytes those of CDR, without moving any of its fields.
import { SCALARS, isScalar } from "../../layout/scalars.ts";
import { findType, MAX_CDR_PADS } from "../../layout/schema.ts";
import type { CdrPad, Schema, SchemaField, SchemaStruct } from "../../model/schema.ts";

/** Fields looked at for one struct before it is given up: nested arrays of nested structs double them at each level. */
const MAX_STEPS = 1_000_000;

/**
 * The pads that `type` and the structs inside of it would need: where C leaves a gap that CDR does not, a field of `uint8_t` over it. Empty
 * when there are none needed; undefined when pads cannot help (bitfields, unions, numbers that do not stand at a multiple of their size, big-endian bytes).
 */
export function cdrPads(schema: Schema, type: string): readonly CdrPad[] | undefined {
  if (schema.endian !== "le") return undefined;
  const pads = new Map<string, CdrPad>();
  const budget = { steps: MAX_STEPS };
  for (;;) {
    const missing = new Follower(schema, pads, budget).missing(type);
    if (missing === undefined) return undefined;
    if (missing.length === 0) return [...pads.values()];
    const known = pads.size;
    for (const pad of missing) pads.set(pad.join(" "), pad);
    if (pads.size === known || pads.size > MAX_CDR_PADS) return undefined;
  }
}

/** Follows both layouts field by field, with the pads that are known to be needed. */
class Follower {
  readonly #schema: Schema;
  readonly #pads: ReadonlyMap<string, CdrPad>;
  readonly #budget: { steps: number };
  /** Where CDR has got to, from the start of the message. */
  #position = 0;
  /** What C leaves free since the last number, innermost first: one can be filled only behind all before it. */
  #gap: CdrPad[] = [];
  readonly #missing: CdrPad[] = [];

  constructor(schema: Schema, pads: ReadonlyMap<string, CdrPad>, budget: { steps: number }) {
    this.#schema = schema;
    this.#pads = pads;
    this.#budget = budget;
  }

  missing(type: string): readonly CdrPad[] | undefined {
    const struct = findType(this.#schema, type);
    return struct?.k === "struct" && this.#struct(type, struct, 0) ? this.#missing : undefined;
  }

  /** False when pads cannot help. What is free at the struct's own end stays in the gap: it matters to what follows, if anything does. */
  #struct(name: string, struct: SchemaStruct, base: number): boolean {
    let end = 0;
    for (const field of struct.f) {
      if (field.b !== undefined || field.alt !== undefined || --this.#budget.steps < 0) return false;
      if (!this.#free([name, end, field.o - end], base) || !this.#field(field, base + field.o)) return false;
      end = field.o + this.#bytesOf(field);
    }
    return this.#free([name, end, struct.size - end], base);
  }

  /** What C leaves free: a pad, where one is known to be needed. */
  #free(gap: CdrPad, base: number): boolean {
    const [, offset, length] = gap;
    if (length <= 0) return true;
    if (this.#pads.has(gap.join(" "))) return this.#number(base + offset, 1, length);
    this.#gap.push(gap);
    return true;
  }

  #field(field: SchemaField, offset: number): boolean {
    const type = findType(this.#schema, field.t);
    const count = (field.d ?? []).reduce((product, length) => product * length, 1);
    if (type?.k !== "struct") return this.#number(offset, this.#bytesOf({ ...field, d: [] }), count);
    // What holds from the first element to the second holds for all that follow.
    for (let i = 0; i < Math.min(count, 2); i++) {
      if (!this.#struct(field.t, type, offset + i * type.size)) return false;
    }
    this.#position += Math.max(0, count - 2) * type.size;
    return true;
  }

  #number(offset: number, bytes: number, count: number): boolean {
    if (Math.ceil(this.#position / bytes) * bytes !== offset) {
      if (offset % bytes !== 0 || this.#position > offset) return false;
      let end = this.#position;
      for (const pad of this.#gap) {
        this.#missing.push(pad);
        end += pad[2];
        if (Math.ceil(end / bytes) * bytes === offset) break;
      }
    }
    this.#gap = [];
    this.#position = offset + count * bytes;
    return true;
  }

  #bytesOf(field: SchemaField): number {
    const type = findType(this.#schema, field.t);
    const scalar = type?.k === "enum" ? type.t : field.t;
    const element = type?.k === "struct" ? type.size : isScalar(scalar) ? SCALARS[scalar].bytes : 1;
    return (field.d ?? []).reduce((product, length) => product * length, element);
  }
}

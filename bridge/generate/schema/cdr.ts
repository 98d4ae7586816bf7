// SPDX-License-Identifier: MIT
// Whether a struct's bytes are also what CDR, the encoding of DDS and ROS 2, would write for its fields.
import { SCALARS, isScalar } from "../../layout/scalars.ts";
import { findType } from "../../layout/schema.ts";
import type { Schema, SchemaField } from "../../model/schema.ts";

/**
 * True when every field of the struct stands where little-endian CDR puts it: each number at the next multiple of its own size. Bytes
 * that C adds at the end of a nested struct but CDR does not are why a struct may fail; those at its own end do not matter.
 */
export function isCdr(schema: Schema, type: string): boolean {
  return schema.endian === "le" && new CdrWriter(schema).end(type, 0, 0) !== undefined;
}

/** Follows both layouts at once. Positions count from the start of the message. */
class CdrWriter {
  readonly #schema: Schema;
  /** What comes of a struct depends on where it begins, to the next multiple of 8, and on how far CDR has got by then. */
  readonly #known = new Map<string, number | undefined>();

  constructor(schema: Schema) {
    this.#schema = schema;
  }

  /** CDR's position behind the struct at `base` when it was `before` in front of it; undefined when the layouts differ. */
  end(type: string, base: number, before: number): number | undefined {
    const key = `${type} ${String(base % 8)} ${String(before - base)}`;
    if (!this.#known.has(key)) {
      const end = this.#follow(type, base, before);
      this.#known.set(key, end === undefined ? undefined : end - base);
    }
    const length = this.#known.get(key);
    return length === undefined ? undefined : base + length;
  }

  #follow(type: string, base: number, before: number): number | undefined {
    const struct = findType(this.#schema, type);
    if (struct?.k !== "struct") return undefined;
    let position: number | undefined = before;
    for (const field of struct.f) {
      // Neither bitfields nor alternatives have a CDR form.
      if (field.b !== undefined || field.alt !== undefined) return undefined;
      position = this.#field(field, base + field.o, position);
      if (position === undefined) return undefined;
    }
    return position;
  }

  #field(field: SchemaField, offset: number, before: number): number | undefined {
    const type = findType(this.#schema, field.t);
    const count = (field.d ?? []).reduce((product, length) => product * length, 1);
    if (type?.k !== "struct") {
      const scalar = type?.t ?? field.t;
      const bytes = isScalar(scalar) ? SCALARS[scalar].bytes : 1;
      return Math.ceil(before / bytes) * bytes === offset ? offset + count * bytes : undefined;
    }
    let position: number | undefined = before;
    // What holds from the first element to the second holds for all that follow: they stand a whole alignment apart.
    for (let i = 0; i < Math.min(count, 2) && position !== undefined; i++) {
      position = this.end(field.t, offset + i * type.size, position);
    }
    return position === undefined ? undefined : position + Math.max(0, count - 2) * type.size;
  }
}

// SPDX-License-Identifier: MIT
// What the annotations of a member mean for a field of its type; what they cannot mean is complained about and left out.
import { isScalar, SCALARS } from "../../layout/scalars.ts";
import type { JsonInteger, ScalarType, SchemaField } from "../../model/schema.ts";
import type { Annotations, Written } from "../notes/annotations.ts";
import type { Warn } from "../notes/notes.ts";
import type { Catalog, CEnum, CMember } from "../types/ctypes.ts";
import { readNumber, type NumberTarget, type Rounding } from "./literals.ts";

/** The numbers that a field can have beside its type. */
export type FieldNumbers = Pick<SchemaField, "min" | "max" | "step" | "def">;

/** A field, and what the header says of it. */
export interface AnnotatedField {
  readonly field: SchemaField;
  readonly member: CMember;
  readonly notes: Annotations;
}

/** Reads the annotations of members. */
export class FieldValues {
  readonly #catalog: Catalog;
  readonly #warn: Warn;

  constructor(catalog: Catalog, warn: Warn) {
    this.#catalog = catalog;
    this.#warn = warn;
  }

  /** Limits, step and default, brought to the type of the field. */
  numbers(member: CMember, notes: Annotations, target: NumberTarget): FieldNumbers {
    this.#refuseRoles(member, notes);
    const min = this.#number(member, "range", notes.min, target, "up");
    const max = this.#number(member, "range", notes.max, target, "down");
    const step = this.#number(member, "step", notes.step, target, "nearest");
    const def = this.#number(member, "default", notes.def, target, "nearest");
    if (isAbove(min, max)) {
      this.#complain(member, notes.min?.line, `[@range ${String(min)}, ${String(max)}] holds no value`);
      return {};
    }
    const outside = isAbove(min, def) || isAbove(def, max);
    if (outside) this.#complain(member, notes.def?.line, `[@default ${String(def)}] is outside of the range`);
    const still = step !== undefined && Number(step) <= 0;
    if (still) this.#complain(member, notes.step?.line, `[@step ${String(step)}] is no step`);
    return {
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
      ...(step === undefined || still ? {} : { step }),
      ...(def === undefined || outside ? {} : { def }),
    };
  }

  /** The enum whose labels an integer has by `[@enum NAME]`. */
  taggedEnum(member: CMember, { enumName: written }: Annotations, scalar: ScalarType): CEnum | undefined {
    if (written === undefined) return undefined;
    const name = written.text.replace(/^enum /, "");
    const found = [this.#catalog.find(`enum ${name}`), this.#catalog.find(name)].find((type) => type?.kind === "enum");
    if (found?.kind !== "enum") {
      this.#complain(member, written.line, `[@enum ${name}]: the header has no enum of that name`);
      return undefined;
    }
    if (!SCALARS[scalar].integer) {
      this.#complain(member, written.line, `[@enum ${name}]: "${nameOf(member)}" is no integer`);
      return undefined;
    }
    return found;
  }

  /** Whether an array is bytes by `[@bytes]`. */
  isBytes(member: CMember, { bytes }: Annotations, scalar: ScalarType, rank: number): boolean {
    if (bytes === undefined) return false;
    if ((scalar === "u8" || scalar === "c8") && rank > 0) return true;
    this.#complain(member, bytes.line, `[@bytes]: "${nameOf(member)}" is no array of bytes`);
    return false;
  }

  /** The tags that a reader knows: `time` and `invalid`, and `was`, which belongs to no type. */
  tags(member: CMember, notes: Annotations, target: NumberTarget, rank: number): Readonly<Record<string, string>> {
    const { time, was } = notes;
    const isTime = time !== undefined && rank === 0 && isPlainNumber(target);
    if (time !== undefined && !isTime) this.#complain(member, time.line, `[@time]: "${nameOf(member)}" is no number`);
    const invalid = this.#invalid(member, notes.invalid, target);
    return {
      ...(isTime ? { time: "" } : {}),
      ...(invalid === undefined ? {} : { invalid }),
      ...(was === undefined ? {} : { was: was.text }),
    };
  }

  /** Complains about what only a number can have, on a member that is a struct. */
  refuse(member: CMember, notes: Annotations): void {
    this.#refuseRoles(member, notes);
    const numbers = [
      notes.min,
      notes.max,
      notes.step,
      notes.def,
      notes.enumName,
      notes.bytes,
      notes.time,
      notes.invalid,
    ];
    const written = numbers.find((each) => each !== undefined);
    if (written === undefined) return;
    this.#complain(
      member,
      written.line,
      `"${nameOf(member)}" is a struct: limits, defaults and kinds belong on its members`,
    );
  }

  /** Takes the tags `count` and `was` off where they name no fitting member of the same struct. */
  checked(fields: readonly AnnotatedField[]): readonly SchemaField[] {
    const byName = new Map(fields.map(({ field }) => [field.n, field]));
    return fields.map(({ field, member, notes }) => {
      const kept = { ...field.tags };
      const { count, was } = notes;
      if (count !== undefined) {
        const reason = againstCount(field, byName.get(count.text));
        if (reason === undefined) kept["count"] = count.text;
        else this.#complain(member, count.line, `[@count ${count.text}]: ${reason}`);
      }
      if (was !== undefined && byName.has(was.text)) {
        delete kept["was"];
        this.#complain(member, was.line, `[@was ${was.text}]: the struct still has that member`);
      }
      const { tags: _, ...rest } = field;
      return { ...rest, ...(Object.keys(kept).length === 0 ? {} : { tags: kept }) };
    });
  }

  #invalid(member: CMember, written: Written | undefined, target: NumberTarget): string | undefined {
    if (written === undefined) return undefined;
    const isFloat = target.scalar !== "c8" && SCALARS[target.scalar].float;
    const special = /^([-+]?)(nan|inf|infinity)$/i.exec(written.text);
    if (isFloat && special !== null) {
      if (special[2]?.toLowerCase() === "nan") return "NaN";
      return special[1] === "-" ? "-Infinity" : "Infinity";
    }
    const value = target.scalar === "bool" ? undefined : readNumber(written.text, target, "nearest");
    if (value !== undefined && value !== null) return String(value);
    this.#complain(member, written.line, `[@invalid]: "${written.text}" is no value of "${nameOf(member)}"`);
    return undefined;
  }

  #refuseRoles(member: CMember, { roles }: Annotations): void {
    for (const { role, name } of roles) {
      this.#complain(
        member,
        undefined,
        `${role} "${name}" is said of the member "${nameOf(member)}": it belongs in the comment above a struct`,
      );
    }
  }

  #number(
    member: CMember,
    annotation: string,
    written: Written | undefined,
    target: NumberTarget,
    rounding: Rounding,
  ): JsonInteger | undefined {
    if (written === undefined) return undefined;
    const value = readNumber(written.text, target, rounding);
    if (value !== undefined) return value ?? undefined;
    const kind = target.bits === undefined ? target.scalar : `${target.scalar}:${String(target.bits)}`;
    this.#complain(
      member,
      written.line,
      `[@${annotation}]: "${written.text}" is no value of "${nameOf(member)}" (${kind})`,
    );
    return undefined;
  }

  #complain({ position }: CMember, line: number | undefined, text: string): void {
    this.#warn(position?.file ?? "", line ?? position?.line ?? 0, text);
  }
}

function isPlainNumber({ scalar, labels }: NumberTarget): boolean {
  return scalar !== "c8" && scalar !== "bool" && labels === undefined;
}

function againstCount(field: SchemaField, counter: SchemaField | undefined): string | undefined {
  if (field.d === undefined) return `"${field.n}" is no array`;
  if (counter === undefined) return "the struct has no such member";
  const isInteger = isScalar(counter.t) && SCALARS[counter.t].integer && counter.d === undefined;
  return isInteger && counter.n !== field.n ? undefined : `"${counter.n}" is no integer`;
}

function nameOf(member: CMember): string {
  return member.name ?? "(unnamed)";
}

/** Exact also for 64-bit integers, which are digits. */
function isAbove(a: JsonInteger | undefined, b: JsonInteger | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (typeof a === "string" && typeof b === "string") return BigInt(a) > BigInt(b);
  return Number(a) > Number(b);
}

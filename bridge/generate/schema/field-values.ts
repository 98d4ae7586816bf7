// SPDX-License-Identifier: MIT
// What the annotations of a member mean for a field of its type; what they cannot mean is complained about and left out.
import { SCALARS } from "../../layout/scalars.ts";
import type { JsonInteger, ScalarType, SchemaField } from "../../model/schema.ts";
import type { Annotations, Written } from "../notes/annotations.ts";
import type { Warn } from "../notes/notes.ts";
import type { Catalog, CEnum, CMember } from "../types/ctypes.ts";
import { readNumber, type NumberTarget, type Rounding } from "./literals.ts";

/** The numbers that a field can have beside its type. */
export type FieldNumbers = Pick<SchemaField, "min" | "max" | "step" | "def">;

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

  /** Complains about what only a number can have, on a member that is a struct. */
  refuse(member: CMember, notes: Annotations): void {
    this.#refuseRoles(member, notes);
    const numbers = [notes.min, notes.max, notes.step, notes.def, notes.enumName, notes.bytes];
    const written = numbers.find((each) => each !== undefined);
    if (written === undefined) return;
    this.#complain(
      member,
      written.line,
      `"${nameOf(member)}" is a struct: limits, defaults and kinds belong on its members`,
    );
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

function nameOf(member: CMember): string {
  return member.name ?? "(unnamed)";
}

/** Exact also for 64-bit integers, which are digits. */
function isAbove(a: JsonInteger | undefined, b: JsonInteger | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (typeof a === "string" && typeof b === "string") return BigInt(a) > BigInt(b);
  return Number(a) > Number(b);
}

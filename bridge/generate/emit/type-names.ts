// SPDX-License-Identifier: MIT
// TypeScript names for the types of a schema.

/** What the declarations themselves use of the language, and a type must not hide. */
const OF_THE_LANGUAGE = [
  ...["Record", "Uint8Array", "Uint16Array", "Uint32Array", "BigUint64Array", "Int8Array", "Int16Array", "Int32Array"],
  ...["BigInt64Array", "Float32Array", "Float64Array"],
];

/** Gives each schema type a name of its own: `motor_state` is `MotorState`, unless that is taken. */
export class TypeNames {
  readonly #names = new Map<string, string>();
  readonly #taken: Set<string>;

  constructor(taken: readonly string[]) {
    this.#taken = new Set([...taken, ...OF_THE_LANGUAGE]);
  }

  /** The name of a schema type; the same whenever it is asked. */
  of(type: string): string {
    const known = this.#names.get(type);
    if (known !== undefined) return known;
    const plain = pascalCase(type);
    let name = plain;
    // A value interface brings its columns along, so both names must be free.
    for (let i = 2; this.#taken.has(name) || this.#taken.has(`${name}Columns`); i++) name = `${plain}${String(i)}`;
    this.#taken.add(name).add(`${name}Columns`);
    this.#names.set(type, name);
    return name;
  }
}

/** `rtnl_link_stats64` → `RtnlLinkStats64`. */
export function pascalCase(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const text = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return /^[A-Za-z]/.test(text) ? text : `T${text}`;
}

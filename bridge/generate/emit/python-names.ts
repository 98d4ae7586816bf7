// SPDX-License-Identifier: MIT
// Python names for the types and labels of a schema.

const KEYWORDS =
  "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield";
/** What a generated module uses or defines for itself. */
const OWN =
  "Any Final IntEnum annotations bytes dict int list np npt range str text tuple BIG_ENDIAN CHANNELS LAYOUT_HASHES PARAMETERS SERVICES UNITS";
/** What a member of an IntEnum cannot be called: it has these itself. */
const OF_MEMBERS =
  "as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag is_integer mro name numerator real to_bytes value";

/** Gives each thing of one scope a name of its own. */
export class PythonNames {
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken);
  }

  /** The name of the file's own scope. */
  static ofModule(): PythonNames {
    return new PythonNames([...KEYWORDS.split(" "), ...OWN.split(" ")]);
  }

  /** The names of the members of an enum. */
  static ofMembers(): PythonNames {
    return new PythonNames([...KEYWORDS.split(" "), ...OF_MEMBERS.split(" ")]);
  }

  /** `wanted`, with `_` behind it as often as it takes. What no name of Python begins with, or means something there (`_`), gets an `n` in front. */
  take(wanted: string): string {
    const plain = wanted.replace(/[^\p{ID_Continue}]/gu, "_").replace(/^(?=[_\d])/, "n");
    let name = plain;
    while (this.#taken.has(name)) name += "_";
    this.#taken.add(name);
    return name;
  }
}

// SPDX-License-Identifier: MIT
// Writes a Python module for a schema: numpy dtypes that read the driver's bytes in place, enums, and functions for bitfields.
import { SCALARS } from "../../layout/scalars.ts";
import { findType } from "../../layout/schema.ts";
import type { ScalarType, Schema, SchemaEnum, SchemaField, SchemaStruct } from "../../model/schema.ts";
import { PythonNames } from "./python-names.ts";
import { bracketed, commentOf, dictOf, stringOf } from "./python-text.ts";
import { pascalCase } from "./type-names.ts";

const FORMATS: Readonly<Record<Exclude<ScalarType, "c8">, string>> = {
  u8: "u1",
  u16: "u2",
  u32: "u4",
  u64: "u8",
  i8: "i1",
  i16: "i2",
  i32: "i4",
  i64: "i8",
  f32: "f4",
  f64: "f8",
  bool: "?",
};

const RESULTS: Readonly<Record<ScalarType, string>> = {
  u8: "np.uint8",
  u16: "np.uint16",
  u32: "np.uint32",
  u64: "np.uint64",
  i8: "np.int8",
  i16: "np.int16",
  i32: "np.int32",
  i64: "np.int64",
  f32: "np.float32",
  f64: "np.float64",
  bool: "np.bool_",
  c8: "np.uint8",
};

/** The file name of the module for a header of that base name: something that Python can import. */
export function pythonFile(name: string): string {
  return `${name.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(?=\d)/, "_")}.py`;
}

/** `messages.py` for the header of file name `header`; needs Python 3.9 and numpy 1.21. */
export function emitPython(header: string, schema: Schema): string {
  return new Module(schema).text(header);
}

class Module {
  readonly #schema: Schema;
  readonly #names = new Map<string, string>();
  readonly #scope = PythonNames.ofModule();

  constructor(schema: Schema) {
    this.#schema = schema;
    for (const [name, type] of Object.entries(schema.types)) {
      this.#names.set(name, this.#scope.take(type.k === "enum" ? pascalCase(name) : name));
    }
  }

  text(header: string): string {
    const structs = this.#structs();
    const enums = Object.entries(this.#schema.types).flatMap(([name, type]) =>
      type.k === "enum" ? [[name, type] as const] : [],
    );
    const fields = structs.flatMap(([, struct]) => struct.f);
    const hasBits = fields.some(({ b }) => b !== undefined);
    const hasText = fields.some((field) => this.#scalar(field) === "c8" && !isBytes(field));
    const parts = [
      ...(hasText ? [TEXT] : []),
      ...enums.map(([name, type]) => this.#enum(name, type)),
      ...structs.map(([name, struct]) => this.#struct(name, struct)),
      ...(hasBits ? [BITS] : []),
      ...structs.flatMap(([name, struct]) =>
        struct.f.filter(({ b }) => b !== undefined).map((field) => this.#bitfield(name, field)),
      ),
    ];
    // Functions and classes stand two lines apart, as the formatters of Python want it.
    return `${this.#head(header, enums.length > 0, hasBits)}\n\n${parts.join("\n\n")}\n\n${this.#tables(structs)}`;
  }

  #head(header: string, hasEnums: boolean, hasBits: boolean): string {
    const big = this.#schema.endian === "be";
    return `# Written by structwire gen from ${header}; changes here are lost.
"""The structs of ${header} as numpy dtypes: \`np.frombuffer(data, dtype)\` reads what C wrote."""

from __future__ import annotations

${hasEnums ? "from enum import IntEnum\n" : ""}from typing import Any, Final

import numpy as np
${hasBits ? "import numpy.typing as npt\n" : ""}
${hasBits ? `BIG_ENDIAN: Final = ${big ? "True" : "False"}\n` : ""}
${STRUCT}`;
  }

  #enum(name: string, type: SchemaEnum): string {
    const members = PythonNames.ofMembers();
    const lines = Object.entries(type.v).map(([label, value]) => {
      const doc = type.vdoc !== undefined && Object.hasOwn(type.vdoc, label) ? type.vdoc[label] : undefined;
      return `${commentOf("    ", [doc])}    ${members.take(label)} = ${String(value)}\n`;
    });
    const body = lines.length === 0 ? "    pass\n" : lines.join("");
    return `${commentOf("", [type.doc])}class ${this.#name(name)}(IntEnum):\n${body}`;
  }

  #struct(name: string, struct: SchemaStruct): string {
    const rows = struct.f.map((field) => {
      const items = [stringOf(field.n), this.#format(field), String(field.o)];
      return `${commentOf("        ", this.#remarks(field))}${bracketed("        ", "(", items, ")", ",")}\n`;
    });
    return `${commentOf("", [struct.doc])}${this.#name(name)}: Final = _struct(\n    ${String(struct.size)},\n    [\n${rows.join("")}    ],\n)\n`;
  }

  /** What a comment says of a field: unit, limits, enum, text. */
  #remarks(field: SchemaField): readonly (string | undefined)[] {
    const { u, min, max, b, doc } = field;
    const type = findType(this.#schema, field.t)?.k === "enum" ? field.t : field.tags?.["enum"];
    const labels = type === undefined ? undefined : this.#names.get(type);
    return [
      u === undefined ? undefined : `[${u}]`,
      min === undefined && max === undefined ? undefined : `${String(min ?? "-inf")} to ${String(max ?? "inf")}.`,
      labels === undefined ? undefined : `${labels}.`,
      b === undefined ? undefined : `The bytes of a bitfield: ${this.#bitsName(field)}() reads it.`,
      doc,
    ];
  }

  #format(field: SchemaField): string {
    const dims = [...(field.d ?? [])];
    if (field.b !== undefined) return `("u1", (${String(field.b[0])},))`;
    const struct = findType(this.#schema, field.t);
    const scalar = this.#scalar(field);
    let element: string;
    if (struct?.k === "struct") element = this.#name(field.t);
    else if (scalar === "c8" && !isBytes(field)) element = `"S${String(dims.pop() ?? 1)}"`;
    else element = `"${this.#number(scalar)}"`;
    return dims.length === 0 ? element : `(${element}, (${dims.join(", ")}${dims.length === 1 ? "," : ""}))`;
  }

  #number(scalar: ScalarType): string {
    const format = FORMATS[scalar === "c8" ? "u8" : scalar];
    if (SCALARS[scalar].bytes === 1) return format;
    return `${this.#schema.endian === "le" ? "<" : ">"}${format}`;
  }

  readonly #bitNames = new Map<SchemaField, string>();

  /** The function that reads a bitfield. */
  #bitsName(field: SchemaField): string {
    const known = this.#bitNames.get(field);
    if (known !== undefined) return known;
    const owner = Object.entries(this.#schema.types).find(([, type]) => type.k === "struct" && type.f.includes(field));
    const name = this.#scope.take(`${this.#name(owner?.[0] ?? "")}_${field.n}`);
    this.#bitNames.set(field, name);
    return name;
  }

  #bitfield(struct: string, field: SchemaField): string {
    const [, shift, width] = field.b ?? [0, 0, 0];
    const scalar = this.#scalar(field);
    const call = bracketed(
      "    ",
      "return _bits(",
      [
        `samples[${stringOf(field.n)}]`,
        String(shift),
        String(width),
        SCALARS[scalar].signed ? "signed=True" : "signed=False",
      ],
      `).astype(${RESULTS[scalar]})`,
    );
    return `def ${this.#bitsName(field)}(\n    samples: npt.NDArray[np.void] | np.void,\n) -> npt.NDArray[${RESULTS[scalar]}]:\n    # ${this.#name(struct)}.${field.n}, one for each sample.\n${call}\n`;
  }

  #tables(structs: readonly (readonly [string, SchemaStruct])[]): string {
    const named = this.#schema.messages.filter(({ name }) => name !== "*");
    const dtypes = (role: string): string[] =>
      named.filter((each) => each.role === role).map(({ name, type }) => `${stringOf(name)}: ${this.#name(type)}`);
    const services = [...new Set(named.flatMap(({ name, role }) => (/^re/.test(role) ? [name] : [])))].map(
      (service) => {
        const part = (role: string): string => {
          const type = named.find((each) => each.name === service && each.role === role)?.type;
          return type === undefined ? "None" : this.#name(type);
        };
        return `${stringOf(service)}: (${part("request")}, ${part("reply")})`;
      },
    );
    const units = structs.flatMap(([name, struct]) => {
      const entries = struct.f.flatMap(({ n, u }) => (u === undefined ? [] : [`${stringOf(n)}: ${stringOf(u)}`]));
      if (entries.length === 0) return [];
      return [`${stringOf(name)}: ${bracketed("    ", "{", entries, "}", ",").trimStart().slice(0, -1)}`];
    });
    return [
      "# What a driver of this header has, by name.\n",
      dictOf("CHANNELS", "dict[str, np.dtype[np.void]]", dtypes("channel")),
      dictOf("PARAMETERS", "dict[str, np.dtype[np.void]]", dtypes("parameter")),
      "# Of each service its request and its reply; None is a struct without fields.\n",
      dictOf("SERVICES", "dict[str, tuple[Any, Any]]", services),
      "\n# Units of fields, by struct.\n",
      dictOf("UNITS", "dict[str, dict[str, str]]", units),
      "\n# Layouts of equal hash have the same bytes.\n",
      dictOf(
        "LAYOUT_HASHES",
        "dict[str, str]",
        structs.map(([name, { hash }]) => `${stringOf(name)}: ${stringOf(hash)}`),
      ),
    ].join("");
  }

  /** Each struct behind those that it holds, because Python reads from top to bottom. */
  #structs(): readonly (readonly [string, SchemaStruct])[] {
    const ordered = new Map<string, SchemaStruct>();
    const add = (name: string): void => {
      const type = findType(this.#schema, name);
      if (type?.k !== "struct" || ordered.has(name)) return;
      for (const field of type.f) add(field.t);
      ordered.set(name, type);
    };
    for (const name of Object.keys(this.#schema.types)) add(name);
    return [...ordered];
  }

  #name(type: string): string {
    return this.#names.get(type) ?? type;
  }

  #scalar(field: SchemaField): ScalarType {
    const type = findType(this.#schema, field.t);
    const scalar = type?.k === "enum" ? type.t : field.t;
    return Object.hasOwn(SCALARS, scalar) ? (scalar as ScalarType) : "u8";
  }
}

/** Whether an array of characters is bytes and not a text. */
function isBytes(field: SchemaField): boolean {
  return field.d !== undefined && Object.hasOwn(field.tags ?? {}, "bytes");
}

const STRUCT = `
def _struct(size: int, fields: list[tuple[str, Any, int]]) -> np.dtype[np.void]:
    # Fields are (name, format, offset); those of a union overlap.
    names, formats, offsets = zip(*fields)
    return np.dtype(
        {
            "names": list(names),
            "formats": list(formats),
            "offsets": list(offsets),
            "itemsize": size,
        }
    )
`;

const TEXT = `def text(value: bytes) -> str:
    """What C sees of a char array: up to the first NUL."""
    return value.split(b"\\0", 1)[0].decode("utf-8", "replace")
`;

const BITS = `def _bits(
    storage: npt.NDArray[np.uint8], shift: int, width: int, *, signed: bool
) -> npt.NDArray[Any]:
    # The last axis holds the bytes around the field; it may straddle nine of them.
    order = storage[..., ::-1] if BIG_ENDIAN else storage
    value = np.zeros(storage.shape[:-1], np.uint64)
    for at in range(storage.shape[-1]):
        byte, place = order[..., at].astype(np.uint64), 8 * at - shift
        if 0 <= place < 64:
            value |= byte << np.uint64(place)
        elif -8 < place < 0:
            value |= byte >> np.uint64(-place)
    unused = 64 - width
    top = np.asarray(value << np.uint64(unused))
    if signed:
        return np.asarray(top.view(np.int64) >> np.int64(unused))
    return np.asarray(top >> np.uint64(unused))
`;

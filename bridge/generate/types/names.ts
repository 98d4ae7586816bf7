// SPDX-License-Identifier: MIT
// Names of C++ types, which compilers write in different ways, and the names that they get in a schema.

const MAX_SCHEMA_NAME = 120;

/** One way to write a name: integer types and template arguments as short as they get, no spaces that mean nothing. */
export function canonicalName(name: string): string {
  if (!/[\s<]/.test(name)) return name;
  return name
    .replace(/\b(long long|long|short) (unsigned )int\b/g, "$2$1")
    .replace(/\b(long long|long|short) int\b/g, "$1")
    .replace(/\b(\d+)(?:[uU][lL]{0,2}|[lL]{1,2}[uU]?)\b/g, "$1")
    .replace(/\s*([,<>*&()])\s*/g, "$1")
    .trim();
}

/**
 * The name of a type in the schema, from its name in C or C++: what is no letter or digit becomes `_`, so that it can be part of an
 * identifier everywhere. `lab::Vec<double,3>` is `lab_Vec_double_3`.
 */
export function schemaName(name: string): string {
  return name
    .replace(/-(?=\d)/g, "minus_")
    .replace(/[^\w$]+$/, "")
    .replace(/[^\w$]+/g, "_")
    .slice(0, MAX_SCHEMA_NAME);
}

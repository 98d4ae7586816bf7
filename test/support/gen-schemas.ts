// SPDX-License-Identifier: MIT
// Schemas straight from a header and a compiler, without files.
import { readFileSync } from "node:fs";
import { compileHeader } from "../../bridge/generate/compile.ts";
import { readCatalog } from "../../bridge/generate/types/catalog.ts";
import { Notes, type ReadSource } from "../../bridge/generate/notes/notes.ts";
import { buildSchema, reasonAgainst, type BuiltSchema } from "../../bridge/generate/schema/schema.ts";

/** A schema, and why structs of the header are not in it. */
export interface WholeHeader extends BuiltSchema {
  readonly refused: readonly string[];
}

/** The schema of every struct that the header or, unless `ownOnly`, one of its includes defines and that can be sent. */
export function schemaOfAll(
  compiler: string,
  header: string,
  flags: readonly string[],
  ownOnly: boolean = false,
): WholeHeader {
  const object = compileHeader({ header, compiler, flags });
  return schemaOfObject(object, (file) => readFileSync(file, "utf8"), ownOnly ? header : undefined);
}

/** The same of an object file; comments are read with `readSource`. With `from`: only structs that this file defines. */
export function schemaOfObject(object: Uint8Array, readSource: ReadSource, from?: string): WholeHeader {
  const catalog = readCatalog(object);
  const notes = new Notes(readSource, () => undefined);
  const refused: string[] = [];
  const records = catalog.records.filter((record) => {
    if (from !== undefined && record.position?.file !== from) return false;
    const reason = reasonAgainst(record, catalog, notes);
    if (reason !== undefined) refused.push(reason);
    return reason === undefined;
  });
  const choices = records.map((record) => ({ record, role: { name: "*", role: "channel" } as const }));
  return { ...buildSchema(choices, catalog, notes, () => undefined), refused };
}

// SPDX-License-Identifier: MIT
// Schemas straight from a header and a compiler, without files.
import { readFileSync } from "node:fs";
import { compileHeader } from "../../bridge/generate/compile.ts";
import { readCatalog } from "../../bridge/generate/types/catalog.ts";
import type { Catalog } from "../../bridge/generate/types/ctypes.ts";
import { Notes } from "../../bridge/generate/notes/notes.ts";
import { buildSchema, reasonAgainst, type BuiltSchema } from "../../bridge/generate/schema/schema.ts";

/** A schema, and why structs of the header are not in it. */
export interface WholeHeader extends BuiltSchema {
  readonly refused: readonly string[];
}

/** The types of a header. */
export function catalogOf(compiler: string, header: string, flags: readonly string[]): Catalog {
  return readCatalog(compileHeader({ header, compiler, flags }));
}

/** The schema of every struct that the header or, unless `ownOnly`, one of its includes defines and that can be sent. */
export function schemaOfAll(
  compiler: string,
  header: string,
  flags: readonly string[],
  ownOnly: boolean = false,
): WholeHeader {
  const catalog = catalogOf(compiler, header, flags);
  const notes = new Notes(
    (file) => readFileSync(file, "utf8"),
    () => undefined,
  );
  const refused: string[] = [];
  const records = catalog.records.filter((record) => {
    if (ownOnly && record.position?.file !== header) return false;
    const reason = reasonAgainst(record, catalog, notes);
    if (reason !== undefined) refused.push(reason);
    return reason === undefined;
  });
  const choices = records.map((record) => ({ record, role: { name: "*", role: "channel" } as const }));
  return { ...buildSchema(choices, catalog, notes, () => undefined), refused };
}

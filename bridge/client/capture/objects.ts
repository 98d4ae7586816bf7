// SPDX-License-Identifier: MIT
// Columns as plain objects, one for each sample: for console.table, JSON files and libraries that draw rows.
import type { Columns } from "../../model/values.ts";
import type { ColumnSource } from "./column-source.ts";

/** A sample as one flat object. */
export type SampleObject = Readonly<Record<string, unknown>>;

/**
 * One object for each sample: `time` (ms since 1970 UTC), `seq` where the source has it, then the fields under their paths, arrays as lists; of a channel of JSON or bytes its whole `value`. 64-bit integers are
 * bigints, enums and booleans numbers. An object a sample costs far more than columns do. Takes time on the event loop in proportion to the cells.
 *
 * @example
 * console.table(toObjects(await motor.channel("state").take(5)));
 */
export function toObjects(source: ColumnSource): SampleObject[] {
  const { count, times, sequences } = source;
  const columns = Object.entries(source.columns as Columns);
  const values = columns.length === 0 ? source.values?.() : undefined;
  return Array.from({ length: count }, (_, i) => {
    const row: Record<string, unknown> = { time: times[i] };
    if (sequences !== undefined) row["seq"] = sequences[i];
    if (values !== undefined) row["value"] = values[i];
    for (const [field, column] of columns) {
      const size = column.length / count;
      const name = field === "time" || field === "seq" ? `${field}_` : field;
      row[name] = size === 1 ? column[i] : [...column.slice(i * size, (i + 1) * size)];
    }
    return row;
  });
}

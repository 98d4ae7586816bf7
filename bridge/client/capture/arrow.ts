// SPDX-License-Identifier: MIT
// Columns as an Apache Arrow table, for pandas, polars, DuckDB and whatever else reads Arrow.
import { BridgeError } from "../../model/errors.ts";
import type { Column, Columns } from "../../model/values.ts";
import type { ColumnSource } from "./column-source.ts";

/**
 * The bytes of an Arrow IPC stream. Its columns: `time` (timestamp in µs, UTC), `time_ns` and `seq` (int64, where the source has them), then the fields under their paths, in the types of
 * their columns; array fields are lists of fixed size, texts utf8. Read it with `pyarrow.ipc.open_stream(bytes).read_all()`, or with `tableFromIPC(bytes)` of an Arrow
 * library for JavaScript. Throws `invalid_argument` for no samples. Loads the Arrow library at its first use; takes time on the event loop in proportion to the cells.
 */
export async function toArrow(source: ColumnSource): Promise<Uint8Array> {
  const { columnFromArray, fixedSizeList, tableFromColumns, tableToIPC, timestamp, TimeUnit, utf8 } =
    await import("@uwdata/flechette");
  const { count, times, timesNs, sequences } = source;
  if (count === 0) throw new BridgeError("invalid_argument", "toArrow() needs at least one sample");
  const made = new Map([
    ["time", columnFromArray(Array.from(times, toWholeUs), timestamp(TimeUnit.MICROSECOND, "UTC"))],
  ]);
  if (timesNs !== undefined) made.set("time_ns", columnFromArray(timesNs));
  if (sequences !== undefined) made.set("seq", columnFromArray(BigInt64Array.from(sequences, BigInt)));
  for (const [field, column] of Object.entries(source.columns as Columns)) {
    const name = made.has(field) ? `${field}_` : field;
    const elements = isText(column) ? columnFromArray([...column], utf8()) : columnFromArray(column);
    const size = column.length / count;
    made.set(name, size === 1 ? elements : columnFromArray(rowsOf(column, size), fixedSizeList(elements.type, size)));
  }
  const bytes = tableToIPC(tableFromColumns([...made]), { format: "stream" });
  if (bytes === null) throw new BridgeError("internal", "the Arrow library gave no bytes");
  return bytes;
}

/** ms that come to a whole number of µs in the library's own arithmetic too: it refuses others. */
function toWholeUs(ms: number): number {
  const rounded = Math.round(ms * 1000) / 1000;
  return Number.isInteger(rounded * 1000) ? rounded : Math.round(ms);
}

function isText(column: Column): column is readonly string[] {
  return Array.isArray(column);
}

function rowsOf(column: Column, size: number): unknown[] {
  return Array.from({ length: column.length / size }, (_, i) => [...column.slice(i * size, (i + 1) * size)]);
}

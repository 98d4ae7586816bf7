// SPDX-License-Identifier: MIT
// The peer koffi, and through it the floor in C.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type koffiModule from "koffi";
import { ROOT } from "../../scripts/tools/paths.ts";
import { SCALARS } from "../../bridge/layout/scalars.ts";
import type { Columns } from "../../bridge/model/values.ts";
import type { Subject } from "./subjects.ts";

type Koffi = typeof koffiModule;

const C_TYPES = {
  ...{ u8: "uint8_t", u16: "uint16_t", u32: "uint32_t", u64: "uint64_t" },
  ...{ i8: "int8_t", i16: "int16_t", i32: "int32_t", i64: "int64_t" },
  ...{ f32: "float", f64: "double", bool: "bool", c8: "char" },
} as const;

/** koffi, or why it is not there. */
export async function loadKoffi(): Promise<Koffi | string> {
  try {
    return (await import("koffi")).default;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/** All structs of a subject as koffi reads them: a list of objects. */
export function koffiObjects(koffi: Koffi, { layout, batch, count }: Subject): () => unknown {
  const fields = layout.leaves.map(({ path, type, count: length }): [string, ReturnType<Koffi["array"]> | string] => [
    path,
    length === 1 ? C_TYPES[type] : koffi.array(C_TYPES[type], length),
  ]);
  const struct = koffi.struct(Object.fromEntries(fields));
  const structs = batch.subarray(40 + 8 * count);
  return (): unknown => koffi.decode(structs, struct, count) as unknown;
}

/** The per-column loop in C, compiled here as optimised as the addon is. Throws where there is no C compiler. */
export function columnLoop(koffi: Koffi, { layout, batch, count }: Subject, columns: Columns): () => unknown {
  const folder = join(ROOT, "build", "bench");
  mkdirSync(folder, { recursive: true });
  const library = join(folder, "column-loop.so");
  execFileSync("cc", ["-O2", "-shared", "-fPIC", "-o", library, join(ROOT, "bench", "layout", "column_loop.c")]);
  const run = koffi
    .load(library)
    .func(
      "void column_loop(const uint8_t *structs, size_t size, size_t count, const uint32_t *offsets, const uint32_t *widths, void **columns, size_t fields)",
    );
  const structs = batch.subarray(40 + 8 * count);
  const offsets = Uint32Array.from(layout.leaves, ({ offset }) => offset);
  const widths = Uint32Array.from(layout.leaves, ({ type }) => SCALARS[type].bytes);
  // The arrays stay where they are: their memory is not on JavaScript's heap.
  const addresses = BigUint64Array.from(layout.leaves, ({ path }) => koffi.address(columns[path]));
  return (): unknown => run(structs, layout.size, count, offsets, widths, addresses, addresses.length) as unknown;
}

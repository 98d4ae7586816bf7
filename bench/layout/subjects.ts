// SPDX-License-Identifier: MIT
// The structs that are decoded, each in a batch of numbers as they occur: a synthetic one of 64 bytes, the motor's and two of the kernel's.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compileLayout } from "../../bridge/layout/compile.ts";
import { elementOffset } from "../../bridge/layout/element.ts";
import { SCALARS } from "../../bridge/layout/scalars.ts";
import { parseSchema } from "../../bridge/layout/schema.ts";
import { BATCH_HEADER_BYTES, RECORD_BATCH } from "../../bridge/model/batch.ts";
import type { Layout, SchemaField } from "../../bridge/model/schema.ts";
import { ROOT } from "../../scripts/tools/paths.ts";

/** A struct and a batch of it. */
export interface Subject {
  readonly name: string;
  readonly layout: Layout;
  readonly batch: Uint8Array;
  readonly count: number;
}

/** `u64 t; u32 seq, fl; f32 a[12]`, and the same with twelve fields for the array. */
export function syntheticLayout(arrays: boolean): Layout {
  const head: SchemaField[] = [
    { n: "t", t: "u64", o: 0 },
    { n: "seq", t: "u32", o: 8 },
    { n: "fl", t: "u32", o: 12 },
  ];
  const tail = arrays
    ? [{ n: "a", t: "f32", o: 16, d: [12] }]
    : Array.from({ length: 12 }, (_, i): SchemaField => ({ n: `a${String(i)}`, t: "f32", o: 16 + 4 * i }));
  const struct = { k: "struct", size: 64, hash: "", f: [...head, ...tail] };
  return compileLayout(parseSchema({ v: 1, endian: "le", types: { synthetic: struct } }), "synthetic");
}

/** The structs of the built drivers that carry most: the motor's samples, the kernel's TCP state and network counters. */
export function realLayouts(): readonly Layout[] {
  const built = (driver: string, type: string): Layout => {
    const path = join(ROOT, "build", "native", "drivers", "structwire", driver, `${driver}.schema.json`);
    return compileLayout(parseSchema(JSON.parse(readFileSync(path, "utf8"))), type);
  };
  return [built("motor", "motor_state"), built("host", "tcp_info"), built("host", "rtnl_link_stats64")];
}

/** A batch of about so many bytes of structs, its samples 1 ms apart: floats are waves with noise, integers count. */
export function subjectOf(name: string, layout: Layout, bytes: number): Subject {
  const count = Math.max(16, Math.floor(bytes / layout.size));
  const structs = BATCH_HEADER_BYTES + 8 * count;
  const batch = new Uint8Array(structs + Math.ceil((count * layout.size) / 8) * 8);
  const view = new DataView(batch.buffer);
  view.setUint32(0, batch.length, true);
  view.setUint8(4, RECORD_BATCH);
  view.setUint32(8, 1, true);
  view.setUint32(12, 1, true);
  view.setBigUint64(16, 1n, true);
  view.setUint32(32, count, true);
  view.setUint32(36, layout.size, true);
  for (let i = 0; i < count; i++) {
    view.setBigInt64(BATCH_HEADER_BYTES + 8 * i, 1_700_000_000_000_000_000n + BigInt(i) * 1_000_000n, true);
    for (const leaf of layout.leaves) {
      for (let element = 0; element < leaf.count; element++) {
        const at = structs + i * layout.size + elementOffset(leaf, element);
        const value = Math.sin(i / 160 + leaf.offset + element) + Math.random() / 1000;
        if (leaf.type === "f64") view.setFloat64(at, value, true);
        else if (leaf.type === "f32") view.setFloat32(at, value, true);
        else if (SCALARS[leaf.type].bytes === 8) view.setBigUint64(at, BigInt(i * 1000 + leaf.offset), true);
        else if (SCALARS[leaf.type].bytes === 4)
          view.setUint32(at, leaf.labels === undefined ? i + leaf.offset : 0, true);
        else view.setUint8(at, i & 1);
      }
    }
  }
  return { name, layout, batch, count };
}

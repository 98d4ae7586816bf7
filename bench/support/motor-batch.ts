// SPDX-License-Identifier: MIT
// A batch of the motor's samples with numbers as they occur: the layout that the build made, waves and noise.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compileLayout } from "../../bridge/layout/compile.ts";
import { parseSchema } from "../../bridge/layout/schema.ts";
import { BATCH_HEADER_BYTES, RECORD_BATCH } from "../../bridge/model/batch.ts";
import type { Layout } from "../../bridge/model/schema.ts";
import { ROOT } from "../../scripts/tools/paths.ts";

const SCHEMA = join(ROOT, "build", "native", "drivers", "structwire", "motor", "motor.schema.json");

/** The layout of the motor's channel `state`. Throws when the drivers are not built. */
export function motorLayout(): Layout {
  return compileLayout(parseSchema(JSON.parse(readFileSync(SCHEMA, "utf8"))), "motor_state");
}

/** A record of `count` samples, 1 ms apart. */
export function motorBatch(layout: Layout, count: number): Uint8Array {
  const structs = BATCH_HEADER_BYTES + 8 * count;
  const record = new Uint8Array(structs + Math.ceil((count * layout.size) / 8) * 8);
  const view = new DataView(record.buffer);
  view.setUint32(0, record.length, true);
  view.setUint8(4, RECORD_BATCH);
  view.setUint32(8, 1, true);
  view.setUint32(12, 1, true);
  view.setBigUint64(16, 1n, true);
  view.setUint32(32, count, true);
  view.setUint32(36, layout.size, true);
  for (let i = 0; i < count; i++) {
    view.setBigInt64(BATCH_HEADER_BYTES + 8 * i, 1_700_000_000_000_000_000n + BigInt(i) * 1_000_000n, true);
    for (const { type, offset } of layout.leaves) {
      const at = structs + i * layout.size + offset;
      const value = Math.sin(i / 160 + offset) + Math.random() / 1000;
      if (type === "f64") view.setFloat64(at, value, true);
      else if (type === "f32") view.setFloat32(at, value, true);
    }
  }
  return record;
}

// SPDX-License-Identifier: MIT
// Writes the golden files of this folder: `npx tsx test/vectors/generate.ts`. A test fails when they are not what this writes.
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SAMPLES, type Endian } from "./generator/features.ts";
import { expectedColumns, expectedJson } from "./generator/features-expected.ts";
import { featuresHashText, featuresSchema } from "./generator/features-schema.ts";
import { link } from "./generator/link.ts";
import { BAD, FOREIGN } from "./generator/bad.ts";
import type { Vector } from "./generator/batches.ts";
import { GOOD } from "./generator/good.ts";

/** The files by their path below this folder. */
export function vectorFiles(): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const text = (path: string, content: string): unknown => files.set(path, new TextEncoder().encode(content));
  const json = (path: string, value: unknown): unknown => text(path, `${JSON.stringify(value, null, 1)}\n`);
  const record = (folder: string, { name, what, bytes }: Vector): object => {
    files.set(`${folder}/${name}.bin`, bytes);
    return { file: `${folder}/${name}.bin`, what, type: bytes[4], bytes: bytes.length };
  };
  const { bytes, ...expected } = link();
  files.set("streams/link.bin", bytes);
  const endians: readonly Endian[] = ["le", "be"];
  const hashes: object[] = [];
  for (const endian of endians) {
    const layout = featuresHashText(endian);
    const hash = createHash("sha256").update(layout).digest("hex").slice(0, 16);
    json(`structs/features-${endian}.schema.json`, featuresSchema(endian));
    json(`structs/features-${endian}.json`, {
      type: "features",
      hash,
      columns: expectedColumns(),
      json: SAMPLES.map(expectedJson),
    });
    const schema = `structs/features-${endian}.schema.json`;
    const blob = files.get(schema) ?? new Uint8Array(0);
    const schemaHash = createHash("sha256").update(blob).digest("hex");
    hashes.push({ schema, schemaHash, type: "features", layout, layoutHash: hash });
  }
  json("hashes.json", hashes);
  json("index.json", {
    good: GOOD.map((vector) => record("good", vector)),
    bad: BAD.map((vector) => ({ ...record("bad", vector), code: "bad_record" })),
    foreign: FOREIGN.map((vector) => ({ ...record("foreign", vector), code: "bad_record" })),
    streams: [{ file: "streams/link.bin", what: "the beginning of a driver link", ...expected }],
    structs: endians.map((endian) => ({
      batch: `good/batch-features-${endian}.bin`,
      schema: `structs/features-${endian}.schema.json`,
      expected: `structs/features-${endian}.json`,
    })),
  });
  return files;
}

const here = dirname(fileURLToPath(import.meta.url));
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const folder of ["good", "bad", "foreign", "streams", "structs"])
    rmSync(join(here, folder), { recursive: true, force: true });
  for (const [path, content] of vectorFiles()) {
    mkdirSync(dirname(join(here, path)), { recursive: true });
    writeFileSync(join(here, path), content);
  }
}

// SPDX-License-Identifier: MIT
// Both codecs, for suites that every one of them must pass; and what the suites share.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { addonCodec } from "../../bridge/layout/addon.ts";
import type { Codec } from "../../bridge/layout/codec.ts";
import { compileLayout } from "../../bridge/layout/compile.ts";
import { javascriptCodec } from "../../bridge/layout/javascript.ts";
import { parseSchema } from "../../bridge/layout/schema.ts";
import type { ErrorCode } from "../../bridge/model/errors.ts";
import type { Layout, SchemaField } from "../../bridge/model/schema.ts";
import type { Column } from "../../bridge/model/values.ts";

/** The codecs under test; fails when the addon is not built. */
export const CODECS: readonly Codec[] = [addonCodec(), javascriptCodec()];

/** A file of test/vectors. */
export function vector(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../vectors/${path}`, import.meta.url)));
}

/** A JSON file of test/vectors. */
export function vectorJson(path: string): unknown {
  return JSON.parse(new TextDecoder().decode(vector(path)));
}

/** A layout of one struct of these fields; `types` are further types by name. */
export function layoutOf(
  size: number,
  fields: readonly SchemaField[],
  { endian = "le", types = {} }: { endian?: "le" | "be"; types?: Readonly<Record<string, unknown>> } = {},
): Layout {
  const struct = { k: "struct", size, hash: "", f: fields };
  return compileLayout(parseSchema({ v: 1, endian, types: { ...types, message: struct } }), "message");
}

/** Asserts that something throws an error of that code. */
export function throwsCode(code: ErrorCode, run: () => unknown): void {
  assert.throws(run, { name: "BridgeError", code });
}

/** A column as something that compares bit by bit: NaNs differ by their payload. */
export function bits(column: Column | undefined): unknown {
  assert.ok(column !== undefined);
  if (!ArrayBuffer.isView(column)) return column;
  const { buffer, byteOffset, byteLength } = column;
  return [column.constructor.name, Buffer.from(buffer, byteOffset, byteLength).toString("hex")];
}

/** What a run came to: its result, or the code of its error. */
export function outcome<T>(run: () => T): { readonly result: T } | { readonly code: unknown } {
  try {
    return { result: run() };
  } catch (thrown) {
    return { code: thrown instanceof Error && "code" in thrown ? thrown.code : thrown };
  }
}

// SPDX-License-Identifier: MIT
// The peer "generated JavaScript": code written for one layout, as fast as JavaScript reads and writes struct bytes. For little-endian, aligned structs.
import { compileFunction } from "node:vm";
import { elementOffset } from "../../bridge/layout/element.ts";
import { SCALARS } from "../../bridge/layout/scalars.ts";
import type { Layout, Leaf } from "../../bridge/model/schema.ts";
import type { Columns } from "../../bridge/model/values.ts";
import type { Subject } from "./subjects.ts";

const VIEWS = {
  ...{ u8: "Uint8Array", u16: "Uint16Array", u32: "Uint32Array", u64: "BigUint64Array" },
  ...{ i8: "Int8Array", i16: "Int16Array", i32: "Int32Array", i64: "BigInt64Array" },
  ...{ f32: "Float32Array", f64: "Float64Array", bool: "Uint8Array", c8: "Uint8Array" },
} as const;

/** Views of all types over the structs, and the loop around `body`, in which `i` is the sample. */
function loop(layout: Layout, body: string): string {
  const types = [...new Set([...layout.leaves.map(({ type }) => type), "u8" as const])];
  const views = types.map(
    (type) =>
      `const v_${type} = new ${VIEWS[type]}(buffer, at, (count * ${String(layout.size)}) / ${String(SCALARS[type].bytes)});`,
  );
  return `${views.join("\n")}\nfor (let i = 0; i < count; i++) {\n${body}\n}`;
}

/** The expression of an element's place in the view of its type. */
function place(layout: Layout, leaf: Leaf, element: number): string {
  const { bytes } = SCALARS[leaf.type];
  return `v_${leaf.type}[i * ${String(layout.size / bytes)} + ${String(elementOffset(leaf, element) / bytes)}]`;
}

/** The value of an element that may be a bitfield of less than 32 bits. */
function value(layout: Layout, leaf: Leaf, element: number): string {
  if (leaf.bits === undefined) return place(layout, leaf, element);
  const [, shift, width] = leaf.bits;
  const byte = `v_u8[i * ${String(layout.size)} + ${String(leaf.offset)}]`;
  return `(${byte} >> ${String(shift)}) & ${String(2 ** width - 1)}`;
}

function elements<T>(leaf: Leaf, each: (element: number) => T): T[] {
  return Array.from({ length: leaf.count }, (_, element) => each(element));
}

/** Where the structs of a subject stand in its memory. */
function where({ batch, count }: Subject): [ArrayBufferLike, number, number] {
  return [batch.buffer, batch.byteOffset + 40 + 8 * count, count];
}

/** All fields into the arrays of `columns`. */
export function generatedColumns(subject: Subject, columns: Columns): () => unknown {
  const { layout } = subject;
  const body = layout.leaves.flatMap((leaf, l) =>
    elements(leaf, (k) => `c${String(l)}[i * ${String(leaf.count)} + ${String(k)}] = ${value(layout, leaf, k)};`),
  );
  const names = layout.leaves.map((_, l) => `c${String(l)}`);
  const run = compileFunction(loop(layout, body.join("\n")), ["buffer", "at", "count", ...names]) as (
    ...given: unknown[]
  ) => unknown;
  const arrays = layout.leaves.map(({ path }) => columns[path]);
  return () => run(...where(subject), ...arrays);
}

/** The samples as objects, as JSON.stringify takes them. */
export function generatedObjects(subject: Subject, times: Float64Array): () => object[] {
  const { layout } = subject;
  const fields = layout.leaves.map((leaf) => {
    const read = (element: number): string => {
      if (leaf.kind === "bool") return `${value(layout, leaf, element)} !== 0`;
      if (leaf.kind === "bigint") return `Number(${value(layout, leaf, element)})`;
      if (leaf.labels === undefined) return value(layout, leaf, element);
      return `(${JSON.stringify(Object.fromEntries([...leaf.labels].map(([label, n]) => [n.toString(), label])))})[${value(layout, leaf, element)}]`;
    };
    const list = elements(leaf, read);
    return `${leaf.path}: ${leaf.dims.length === 0 ? (list[0] ?? "0") : `[${list.join(", ")}]`}`;
  });
  const body = `list.push({ seq: i, time: times[i], value: { ${fields.join(", ")} } });`;
  const code = `const list = [];\n${loop(layout, body)}\nreturn list;`;
  const run = compileFunction(code, ["buffer", "at", "count", "times"]) as (...given: unknown[]) => object[];
  return () => run(...where(subject), times);
}

/** How many samples fulfil an expression over `f(path)`, which stands for the field. */
export function generatedFilter(
  subject: Subject,
  expression: (field: (path: string) => string) => string,
): () => unknown {
  const { layout } = subject;
  const field = (path: string): string => {
    const leaf = layout.leaves.find((each) => each.path === path);
    return leaf === undefined ? "undefined" : value(layout, leaf, 0);
  };
  const code = `const kept = [];\n${loop(layout, `if (${expression(field)}) kept.push(i);`)}\nreturn kept;`;
  const run = compileFunction(code, ["buffer", "at", "count"]) as (...given: unknown[]) => unknown;
  return () => run(...where(subject));
}

/** All structs from the arrays of `columns` into memory that is there. */
export function generatedStructs(subject: Subject, columns: Columns, into: Uint8Array): () => unknown {
  const { layout, count } = subject;
  const body = layout.leaves.flatMap((leaf, l) =>
    elements(leaf, (k) => `${place(layout, leaf, k)} = c${String(l)}[i * ${String(leaf.count)} + ${String(k)}];`),
  );
  const names = layout.leaves.map((_, l) => `c${String(l)}`);
  const code = `const at = 0;\n${loop(layout, body.join("\n"))}\nreturn buffer;`;
  const run = compileFunction(code, ["buffer", "count", ...names]) as (...given: unknown[]) => unknown;
  const arrays = layout.leaves.map(({ path }) => columns[path]);
  return () => run(into.buffer, count, ...arrays);
}

/** One struct from an object of its fields, in new memory. */
export function generatedEncode({ layout }: Subject, values: Readonly<Record<string, unknown>>): () => unknown {
  const body = layout.leaves.map((leaf) => `${place(layout, leaf, 0)} = values.${leaf.path};`);
  const code = `const buffer = new ArrayBuffer(${String(layout.size)});\nconst at = 0, count = 1;\n${loop(layout, body.join("\n"))}\nreturn buffer;`;
  const run = compileFunction(code, ["values"]) as (...given: unknown[]) => unknown;
  return () => run(values);
}

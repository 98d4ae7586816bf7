// SPDX-License-Identifier: MIT
// Writes the TypeScript declarations of a schema: values, columns, and the driver's channels, parameters and services.
import { compileLayout } from "../../layout/compile.ts";
import { SCALARS } from "../../layout/scalars.ts";
import { findType } from "../../layout/schema.ts";
import type {
  JsonInteger,
  Leaf,
  ScalarType,
  Schema,
  SchemaEnum,
  SchemaField,
  SchemaStruct,
} from "../../model/schema.ts";
import { pascalCase, TypeNames } from "./type-names.ts";

const COLUMNS: Readonly<Record<ScalarType, string>> = {
  u8: "Uint8Array",
  u16: "Uint16Array",
  u32: "Uint32Array",
  u64: "BigUint64Array",
  i8: "Int8Array",
  i16: "Int16Array",
  i32: "Int32Array",
  i64: "BigInt64Array",
  f32: "Float32Array",
  f64: "Float64Array",
  bool: "Uint8Array",
  c8: "Uint8Array",
};

/** `messages.d.ts` for the header of base name `name`; its first line says who wrote it: `gen from messages.h`. */
export function emitTypes(name: string, origin: string, schema: Schema): string {
  const names = new TypeNames([pascalCase(name)]);
  const roots = [...new Set(schema.messages.map((message) => message.type))];
  const parts: string[] = [`// Written by structwire ${origin}; changes here are lost.\n`];
  for (const [type, described] of Object.entries(schema.types)) {
    if (described.k === "enum") parts.push(enumType(names.of(type), described));
  }
  for (const [type, described] of Object.entries(schema.types)) {
    if (described.k === "struct") parts.push(valueInterface(schema, names, type, described));
  }
  for (const type of roots) parts.push(columnsInterface(schema, names, type));
  parts.push(driverInterface(name, schema, names));
  return parts.join("\n");
}

function enumType(name: string, type: SchemaEnum): string {
  const labels = Object.keys(type.v).map((label) => `\n  | ${JSON.stringify(label)}`);
  const union = labels.length === 0 ? " never" : labels.join("");
  return `${docComment("", [type.doc])}export type ${name} =${union};\n`;
}

function valueInterface(schema: Schema, names: TypeNames, type: string, struct: SchemaStruct): string {
  const layout = compileLayout(schema, type);
  const lines = struct.f.map((field, at) => {
    const member = layout.members[at];
    const leaf = member !== undefined && "leaf" in member ? layout.leaves[member.leaf] : undefined;
    const element = leaf === undefined ? names.of(field.t) : leafType(leaf, () => enumName(schema, field, names));
    const rank = member?.dims.length ?? 0;
    return `${docComment("  ", leaf === undefined ? structTexts(field) : leafTexts(leaf))}  ${field.n}: ${element.includes("|") && rank > 0 ? `(${element})` : element}${"[]".repeat(rank)};\n`;
  });
  return `${docComment("", [struct.doc])}export interface ${names.of(type)} {\n${lines.join("")}}\n`;
}

/** The TypeScript name of the enum whose labels a field has, if any. */
function enumName(schema: Schema, field: SchemaField, names: TypeNames): string {
  const type = findType(schema, field.t)?.k === "enum" ? field.t : (field.tags?.["enum"] ?? field.t);
  return names.of(type);
}

function leafType(leaf: Leaf, labels: () => string): string {
  switch (leaf.kind) {
    case "number":
    case "bigint":
      return leaf.kind;
    case "bool":
      return "boolean";
    case "text":
      return "string";
    case "bytes":
      return "Uint8Array";
    case "enum":
      // A value without a label stays a number.
      return `${labels()} | ${SCALARS[leaf.type].bytes === 8 ? "bigint" : "number"}`;
  }
}

function columnsInterface(schema: Schema, names: TypeNames, type: string): string {
  const lines = compileLayout(schema, type).leaves.map((leaf) => {
    return `${docComment("  ", [leaf.doc, leaf.unit === undefined ? undefined : `Unit: ${leaf.unit}.`])}  ${propertyName(leaf.path)}: ${leaf.kind === "text" ? "readonly string[]" : COLUMNS[leaf.type]};\n`;
  });
  return `/** Columns of {@link ${names.of(type)}} by the path of their field. */\nexport interface ${names.of(type)}Columns {\n${lines.join("")}}\n`;
}

function driverInterface(name: string, schema: Schema, names: TypeNames): string {
  const named = schema.messages.filter((message) => message.name !== "*");
  const channels = named
    .filter(({ role }) => role === "channel")
    .map(
      ({ name: channel, type }) =>
        `    ${propertyName(channel)}: { value: ${names.of(type)}; columns: ${names.of(type)}Columns };\n`,
    );
  const parameters = named
    .filter(({ role }) => role === "parameter")
    .map(({ name: parameter, type }) => `    ${propertyName(parameter)}: ${names.of(type)};\n`);
  const services = [
    ...new Set(named.filter(({ role }) => role === "request" || role === "reply").map((message) => message.name)),
  ].map((service) => {
    const part = (role: "request" | "reply"): string => {
      const type = named.find((message) => message.name === service && message.role === role)?.type;
      return type === undefined ? "Record<string, never>" : names.of(type);
    };
    return `    ${propertyName(service)}: { request: ${part("request")}; reply: ${part("reply")} };\n`;
  });
  const block = (key: string, lines: readonly string[]): string =>
    lines.length === 0 ? `  ${key}: {};\n` : `  ${key}: {\n${lines.join("")}  };\n`;
  return `/** What a driver of this header has: channels, parameters and services by name. */
export interface ${pascalCase(name)} {
${block("channels", channels)}${block("parameters", parameters)}${block("services", services)}}
`;
}

function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/** What people see of a field when they point at it. */
function leafTexts(leaf: Leaf): (string | undefined)[] {
  const text = (value: JsonInteger): string => numberText(value, leaf);
  const limits =
    leaf.min === undefined && leaf.max === undefined
      ? undefined
      : `Range: ${text(leaf.min ?? "-∞")} to ${text(leaf.max ?? "∞")}.`;
  return [
    leaf.doc,
    leaf.unit === undefined ? undefined : `Unit: ${leaf.unit}.`,
    limits,
    leaf.step === undefined ? undefined : `Step: ${text(leaf.step)}.`,
    leaf.def === undefined ? undefined : `Default: ${text(leaf.def)}.`,
    ...tagTexts(leaf.tags),
  ];
}

function structTexts({ doc, u, tags }: SchemaField): (string | undefined)[] {
  return [doc, u === undefined ? undefined : `Unit: ${u}.`, ...tagTexts(tags)];
}

/** A label where the value has one; a float of 4 bytes in the digits that it has. */
function numberText(value: JsonInteger, { labels, type }: Leaf): string {
  const label = [...(labels ?? [])].find(([, number]) => String(number) === String(value))?.[0];
  return label ?? String(type === "f32" && typeof value === "number" ? Number(value.toPrecision(7)) : value);
}

function tagTexts(tags: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries(tags).map(([tag, text]) => {
    if (tag === "time") return "A time.";
    if (tag === "invalid") return `No value: ${text}.`;
    if (tag === "count") return `Used: the first \`${text}\`.`;
    if (tag === "was") return `Formerly \`${text}\`.`;
    return text === "" ? `${tag}.` : `${tag}: ${text}.`;
  });
}

function docComment(indent: string, texts: readonly (string | undefined)[]): string {
  const lines = texts.filter((text) => text !== undefined).map((text) => text.replaceAll("*/", "*\\/"));
  if (lines.length === 0) return "";
  if (lines.length === 1) return `${indent}/** ${lines.join("")} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join(`${indent} *\n`)}${indent} */\n`;
}

// SPDX-License-Identifier: MIT
// The rows of `ls`: one for each channel, parameter and service.
import { counted } from "../model/counted.ts";
import type { JsonInteger } from "../model/schema.ts";
import type { ChannelEntry, FieldEntry, ParameterEntry, ServiceEntry } from "../session/messages.ts";
import type { Output } from "./output.ts";
import { formatRate, formatValue, programText, table } from "./text.ts";

/** A row of the table, and below it the lines of its fields. */
export interface Row {
  readonly cells: readonly string[];
  readonly below: readonly string[];
}

/** A heading and its rows. */
export function section(title: string, columns: readonly string[], rows: readonly Row[], output: Output): string[] {
  if (rows.length === 0) return [];
  const [head = "", ...body] = table([[title, ...columns], ...rows.map(({ cells }) => cells)]);
  const out = [output.style("bold", output.fit(head))];
  body.forEach((line, i) => {
    out.push(output.fit(line), ...(rows[i]?.below ?? []).map((below) => output.style("dim", below)));
  });
  return out;
}

/** A channel: who publishes there, and its fields or what its bytes are. */
export function channelRow(entry: ChannelEntry, long: boolean): Row {
  const { channel, kind, rate, contentType, fields } = entry;
  const from = publishersText(entry);
  const what = kind === "struct" ? fieldNames(fields) : (contentType ?? "");
  if (!long) return { cells: [channel, kind, formatRate(rate), from, what], below: [] };
  const below = contentType === null ? fieldTable(fields) : [`    ${contentType}`];
  return { cells: [channel, kind, formatRate(rate), from], below };
}

function publishersText({ driver, publishers }: ChannelEntry): string {
  if (driver !== null) return driver;
  if (publishers === 0) return "-";
  return counted(publishers, "program");
}

/** A parameter and its value. */
export function parameterRow({ parameter, value, fields }: ParameterEntry, long: boolean): Row {
  return { cells: [parameter, formatValue(value)], below: long ? fieldTable(fields) : [] };
}

/** A service: of a driver its fields, of a program its parameters; what a program's service gives nobody knows beforehand. */
export function serviceRow(entry: ServiceEntry, long: boolean): Row {
  const { service, driver, request, reply } = entry;
  if (driver === null) return programServiceRow(entry, long);
  if (!long) {
    return { cells: [service, driver, fieldNames(request.fields) || "-", fieldNames(reply.fields) || "-"], below: [] };
  }
  const below = [...labelled("takes", request.fields), ...labelled("gives", reply.fields)];
  return { cells: [service, driver], below };
}

function programServiceRow({ service, params, target, client, provider, doc }: ServiceEntry, long: boolean): Row {
  const takes = params === undefined || params === null ? "…" : params.join(", ") || "-";
  const by = programText({ name: provider ?? "", client: client ?? "" });
  const from = target === undefined ? by : `${by}, as ${target}`;
  if (!long) return { cells: [service, from, takes, "…"], below: [] };
  return { cells: [service, from], below: [`    takes ${takes}`, ...(doc === undefined ? [] : [`    ${doc}`])] };
}

function labelled(label: string, fields: readonly FieldEntry[]): string[] {
  return fields.length === 0 ? [] : [`    ${label}`, ...fieldTable(fields)];
}

function fieldNames(fields: readonly FieldEntry[]): string {
  return fields.map(({ name, unit }) => (unit === undefined ? name : `${name} [${unit}]`)).join(", ");
}

function fieldTable(fields: readonly FieldEntry[]): string[] {
  const rows = fields.map((field) => {
    const [name, dims] = shapeOf(field);
    return [`    ${name}`, `${field.type}${dims}`, field.unit ?? "", limitsOf(field), textOf(field)];
  });
  return table(rows);
}

/** The name, and behind the type what dimensions it has; those of structs around it stand where they belong in the name. */
function shapeOf({ name, dims = [], levels }: FieldEntry): readonly [name: string, dims: string] {
  if (levels === undefined) return [name, indexText(dims)];
  const parts = name.split(".").map((part, level, all) => {
    return level === all.length - 1 ? part : part + indexText(levels[level] ?? []);
  });
  return [parts.join("."), indexText(levels.at(-1) ?? [])];
}

function indexText(dims: readonly number[]): string {
  return dims.map((length) => `[${String(length)}]`).join("");
}

function limitsOf({ type, min, max, labels }: FieldEntry): string {
  if (labels !== undefined) return Object.keys(labels).join(" | ");
  if (min === undefined && max === undefined) return "";
  const text = (limit: JsonInteger | undefined): string => shortNumber(limit ?? "", type);
  return `${text(min)} … ${text(max)}`;
}

/** What the header says of a field, and its annotations that have no column of their own. */
function textOf({ doc, type, step, default: initial, labels, tags = {} }: FieldEntry): string {
  const label = Object.entries(labels ?? {}).find(([, value]) => value === initial)?.[0];
  const parts = [
    ...(step === undefined ? [] : [`step ${shortNumber(step, type)}`]),
    ...(initial === undefined ? [] : [`default ${label ?? shortNumber(initial, type)}`]),
    ...Object.entries(tags).map(([tag, text]) => (text === "" ? tag : `${tag} ${text}`)),
  ];
  return [...(doc === undefined ? [] : [doc]), ...(parts.length === 0 ? [] : [`(${parts.join(", ")})`])].join(" ");
}

/** A float of 4 bytes in the digits that it has. */
function shortNumber(value: JsonInteger, type: string): string {
  return String(type === "f32" && typeof value === "number" ? Number(value.toPrecision(7)) : value);
}

// SPDX-License-Identifier: MIT
// The command `ls`: what there is to see, to set and to call.
import { Command } from "commander";
import { BridgeError } from "../model/errors.ts";
import { compilePattern } from "../model/names.ts";
import type { JsonInteger } from "../model/schema.ts";
import type { ChannelEntry, Directory, FieldEntry, ParameterEntry, ServiceEntry } from "../session/messages.ts";
import { flagsOf, outputOf, withBridgeFlags, type BridgeFlags } from "./flags.ts";
import type { Output } from "./output.ts";
import { withBridge } from "./session.ts";
import { formatRate, formatValue, table } from "./text.ts";

interface LsFlags extends BridgeFlags {
  readonly long?: boolean;
}

const EXAMPLES = `
Examples:
  $ structwire ls                     channels, parameters and services with their fields and units
  $ structwire ls --long 'motor/**'   one line for each field: type, unit, limits, what it is
  $ structwire ls --json              one JSON object for each
`;

/** Makes the command. */
export function lsCommand(): Command {
  const command = new Command("ls")
    .summary("list channels, parameters and services")
    .description("Lists channels, parameters and services.")
    .argument("[pattern]", "only these: a name or pattern")
    .option("-l, --long", "one line for each field");
  return withBridgeFlags(command)
    .addHelpText("after", EXAMPLES)
    .action(async (pattern: string | undefined) => {
      const flags = flagsOf(command, command.opts<LsFlags>());
      const output = outputOf(flags);
      await withBridge(flags, async (client) => {
        await print(select(await client.list(), pattern), flags, output);
      });
    });
}

function select(directory: Directory, pattern: string | undefined): Directory {
  if (pattern === undefined) return directory;
  const wants = compilePattern(pattern);
  const found = {
    drivers: directory.drivers,
    channels: directory.channels.filter(({ channel }) => wants(channel)),
    parameters: directory.parameters.filter(({ parameter }) => wants(parameter)),
    services: directory.services.filter(({ service }) => wants(service)),
    streams: directory.streams.filter(({ stream }) => wants(stream)),
  };
  if (found.channels.length + found.parameters.length + found.services.length > 0) return found;
  throw new BridgeError("unknown_channel", `nothing is called "${pattern}"; structwire ls shows what there is`);
}

async function print(directory: Directory, flags: LsFlags, output: Output): Promise<void> {
  for (const { driver, state, address, error } of directory.drivers) {
    if (state !== "up") output.note(`driver ${driver} at ${address} is ${state}${error ? `: ${error.message}` : ""}`);
  }
  if (output.json) await printJson(directory, output);
  else
    await output.write(
      lines(directory, flags.long === true, output)
        .map((line) => `${line}\n`)
        .join(""),
    );
}

async function printJson(directory: Directory, output: Output): Promise<void> {
  for (const { channel, kind, rate, driver, type, contentType, published, fields } of directory.channels) {
    await output.object({ channel, kind, rate, driver, type, contentType, published, fields });
  }
  for (const { parameter, driver, channel, type, value, fields } of directory.parameters) {
    await output.object({ parameter, driver, channel, type, value, fields });
  }
  for (const { service, driver, request, reply } of directory.services) {
    await output.object({ service, driver, request, reply });
  }
}

function lines(directory: Directory, long: boolean, output: Output): string[] {
  const { channels, parameters, services } = directory;
  const sections = [
    section(
      "CHANNEL",
      ["KIND", "RATE", "FIELDS"],
      channels.map((entry) => channelRow(entry, long)),
      output,
    ),
    section(
      "PARAMETER",
      ["VALUE"],
      parameters.map((entry) => parameterRow(entry, long)),
      output,
    ),
    section(
      "SERVICE",
      ["TAKES", "GIVES"],
      services.map((entry) => serviceRow(entry, long)),
      output,
    ),
  ];
  const shown = sections.filter((each) => each.length > 0);
  if (shown.length === 0) return ["nothing yet: no driver is connected"];
  return shown.flatMap((each, i) => (i === 0 ? each : ["", ...each]));
}

/** A row of the table, and below it the lines of its fields. */
interface Row {
  readonly cells: readonly string[];
  readonly below: readonly string[];
}

function section(title: string, columns: readonly string[], rows: readonly Row[], output: Output): string[] {
  if (rows.length === 0) return [];
  const [head = "", ...body] = table([[title, ...columns], ...rows.map(({ cells }) => cells)]);
  const out = [output.style("bold", output.fit(head))];
  body.forEach((line, i) => {
    out.push(output.fit(line), ...(rows[i]?.below ?? []).map((below) => output.style("dim", below)));
  });
  return out;
}

function channelRow(entry: ChannelEntry, long: boolean): Row {
  const { channel, kind, rate, contentType, fields } = entry;
  const what = kind === "struct" ? fieldNames(fields) : (contentType ?? "");
  return long
    ? { cells: [channel, kind, formatRate(rate)], below: fieldTable(fields) }
    : { cells: [channel, kind, formatRate(rate), what], below: [] };
}

function parameterRow({ parameter, value, fields }: ParameterEntry, long: boolean): Row {
  return { cells: [parameter, formatValue(value)], below: long ? fieldTable(fields) : [] };
}

function serviceRow({ service, request, reply }: ServiceEntry, long: boolean): Row {
  if (!long) return { cells: [service, fieldNames(request.fields) || "-", fieldNames(reply.fields) || "-"], below: [] };
  const below = [...labelled("takes", request.fields), ...labelled("gives", reply.fields)];
  return { cells: [service], below };
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

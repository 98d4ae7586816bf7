// SPDX-License-Identifier: MIT
// The command `ls`: what there is to see, to set and to call.
import { Command } from "commander";
import { BridgeError } from "../model/errors.ts";
import { compilePattern } from "../model/names.ts";
import type { Directory } from "../session/messages.ts";
import { flagsOf, outputOf, withBridgeFlags, type BridgeFlags } from "./flags.ts";
import { channelRow, parameterRow, section, serviceRow } from "./ls-rows.ts";
import type { Output } from "./output.ts";
import { streamLines } from "./programs/streams.ts";
import { withBridge } from "./session.ts";

interface LsFlags extends BridgeFlags {
  readonly long?: boolean;
}

const EXAMPLES = `
Examples:
  $ structwire ls                     channels, parameters, services with their fields and units; streams
  $ structwire ls --long 'motor/**'   one line for each field: type, unit, limits, what it is
  $ structwire ls --json              one JSON object for each
`;

/** Makes the command. */
export function lsCommand(): Command {
  const command = new Command("ls")
    .summary("list channels, parameters, services and streams")
    .description("Lists channels, parameters, services and streams, of drivers and of programs.")
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
  const { channels, parameters, services, streams } = found;
  if (channels.length + parameters.length + services.length + streams.length > 0) return found;
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
  for (const { channel, kind, rate, driver, publishers, type, contentType, published, fields } of directory.channels) {
    await output.object({ channel, kind, rate, driver, publishers, type, contentType, published, fields });
  }
  for (const { parameter, driver, channel, type, value, fields } of directory.parameters) {
    await output.object({ parameter, driver, channel, type, value, fields });
  }
  for (const { service, driver, request, reply, ...program } of directory.services) {
    await output.object({ service, driver, request, reply, ...program });
  }
  for (const stream of directory.streams) await output.object(stream);
}

function lines(directory: Directory, long: boolean, output: Output): string[] {
  const { channels, parameters, services, streams } = directory;
  const sections = [
    section(
      "CHANNEL",
      ["KIND", "RATE", "FROM", ...(long ? [] : ["FIELDS"])],
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
      ["FROM", ...(long ? [] : ["TAKES", "GIVES"])],
      services.map((entry) => serviceRow(entry, long)),
      output,
    ),
    streamLines(streams, output),
  ];
  const shown = sections.filter((each) => each.length > 0);
  if (shown.length === 0) return ["nothing yet: no driver is connected, and no program offers anything"];
  return shown.flatMap((each, i) => (i === 0 ? each : ["", ...each]));
}

// SPDX-License-Identifier: MIT
// The command `streams`: which streams programs offer, started, stopped and given another rate from here.
import { Argument, Command } from "commander";
import type { Client } from "../../client/client.ts";
import { BridgeError } from "../../model/errors.ts";
import type { StreamEntry, StreamOffer } from "../../session/program-messages.ts";
import { flagsOf, outputOf, withBridgeFlags, type BridgeFlags } from "../flags.ts";
import type { Output } from "../output.ts";
import { withBridge } from "../session.ts";
import { formatNumber, programText, table } from "../text.ts";

const EXAMPLES = `
A stream is a channel that a program fills by itself: by a function that it calls so many times a second, or with what it relays. Starting, stopping
and the rate hold for all readers.

Examples:
  $ structwire streams ls
  $ structwire streams stop sine
  $ structwire streams start sine cosine
  $ structwire streams rate sine 100         calls a second
  $ structwire sub sine                      its samples
`;

/** Makes the command. */
export function streamsCommand(): Command {
  const command = new Command("streams")
    .summary("list, start and stop the streams of programs")
    .description(
      "Lists the streams of programs, starts and stops them, sets their rate: one object for each stream with --json.",
    )
    .addArgument(new Argument("<action>", "what to do").choices(["ls", "start", "stop", "rate"]))
    .argument("[name...]", "of the streams; of rate one name and the calls a second");
  return withBridgeFlags(command)
    .addHelpText("after", EXAMPLES)
    .action(async (action: string, args: readonly string[]) => {
      const flags = flagsOf(command, command.opts<BridgeFlags>());
      const output = outputOf(flags);
      const run = actionOf(action, args);
      await withBridge(flags, async (client) => {
        await print(await run(client), output, action === "ls");
      });
    });
}

type Run = (client: Client) => Promise<readonly StreamOffer[]>;

/** Throws `usage`. */
function actionOf(action: string, args: readonly string[]): Run {
  if (action === "ls") return (client) => listed(client, args);
  if (action === "rate") return rated(args);
  if (args.length === 0)
    throw new BridgeError("usage", `which stream is to ${action}? structwire streams ls lists them`);
  return async (client) => {
    const all: StreamOffer[] = [];
    for (const name of args) {
      all.push(action === "start" ? await client.streams.start(name) : await client.streams.stop(name));
    }
    return all;
  };
}

async function listed(client: Client, names: readonly string[]): Promise<readonly StreamOffer[]> {
  const all = await client.streams.list();
  const missing = names.find((name) => all.every(({ stream }) => stream !== name));
  if (missing !== undefined) throw new BridgeError("unknown_stream", `no stream is called "${missing}"`);
  return names.length === 0 ? all : all.filter(({ stream }) => names.includes(stream));
}

function rated([name, rate, ...more]: readonly string[]): Run {
  const hz = rate === undefined || rate.trim() === "" ? NaN : Number(rate);
  if (name === undefined || Number.isNaN(hz) || more.length > 0) {
    throw new BridgeError("usage", "rate needs the name of a stream and how often a second it is to be called");
  }
  return async (client) => [await client.streams.rate(name, hz)];
}

async function print(streams: readonly StreamOffer[], output: Output, isList: boolean): Promise<void> {
  if (output.json) {
    for (const stream of streams) await output.object(stream);
    return;
  }
  if (streams.length === 0 && isList) output.note("no program offers a stream");
  else for (const line of streamLines(streams, output)) await output.line(line);
}

/** A table of streams; below each its channel where that has another name, and why it fails. Whose they are is told where it is known. */
export function streamLines(streams: readonly (StreamOffer | StreamEntry)[], output: Output): readonly string[] {
  if (streams.length === 0) return [];
  const [head = "", ...rows] = table([
    ["STREAM", "TYPE", "RATE", "STATE", "CALLS", "OVERRUNS", "ENCODING", "FROM"],
    ...streams.map((each) => {
      const { stream, type, hz, state, calls, overruns, encoding } = each;
      const rate = hz === null ? "-" : `${formatNumber(hz)} Hz`;
      const from = "provider" in each ? programText({ name: each.provider, client: each.client }) : "-";
      return [stream, type, rate, state, String(calls), String(overruns), encoding, from];
    }),
  ]);
  const lines = rows.flatMap((row, i) => {
    const { stream = "", channel = stream, error = null } = streams[i] ?? {};
    return [
      output.fit(row),
      ...(channel === stream ? [] : [output.style("dim", `    in the channel ${channel}`)]),
      ...(error === null ? [] : [output.style("red", `    ${error.name}: ${error.message}`)]),
    ];
  });
  return [output.style("bold", output.fit(head)), ...lines];
}

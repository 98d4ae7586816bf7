// SPDX-License-Identifier: MIT
// The command `preset`: values of parameters that the bridge keeps by a name, saved, loaded and compared from here.
import { Argument, Command } from "commander";
import type { Client } from "../../client/client.ts";
import { compareValues } from "../../client/presets/compare.ts";
import { BridgeError } from "../../model/errors.ts";
import { flagsOf, outputOf, withBridgeFlags, type BridgeFlags } from "../flags.ts";
import type { Output } from "../output.ts";
import { withBridge } from "../session.ts";
import { differenceLines, presetLines, valueLines } from "./lines.ts";
import { isFileName, readPresetFile } from "./preset-file.ts";

interface PresetFlags extends BridgeFlags {
  readonly from?: string;
}

const EXAMPLES = `
The bridge keeps presets over its restarts, for all its clients. Loading one sets each parameter whole or not at all.

Examples:
  $ structwire preset save soft motor/gains 'arm/**'   what these are now
  $ structwire preset diff soft                        what differs from now
  $ structwire preset diff soft hard                   or from another preset, or a file: ./hard.json
  $ structwire preset load soft                        or only some: load soft 'arm/**'
  $ structwire preset show soft --json > soft.json     as a file
  $ structwire preset save soft --from soft.json       and back
  $ structwire preset ls
  $ structwire preset rm soft
`;

/** Makes the command. */
export function presetCommand(): Command {
  const command = new Command("preset")
    .summary("keep values of parameters by a name")
    .description("Saves what parameters are now by a name, loads it, and shows what differs: objects with --json.")
    .addArgument(new Argument("<action>", "what to do").choices(["ls", "save", "load", "diff", "show", "rm"]))
    .argument("[name]", "of the preset")
    .argument("[more...]", "of save and load parameters, by name or pattern; of diff another preset or a file")
    .option("--from <file>", "of save: the values of a file that show --json wrote");
  return withBridgeFlags(command)
    .addHelpText("after", EXAMPLES)
    .action(async (action: string, name: string | undefined, more: readonly string[]) => {
      const flags = flagsOf(command, command.opts<PresetFlags>());
      const run = actionOf(action, name, more, flags.from);
      const output = outputOf(flags);
      await withBridge(flags, (client) => run(client, output));
    });
}

type Run = (client: Client, output: Output) => Promise<void>;

/** Throws `usage`. */
function actionOf(action: string, name: string | undefined, more: readonly string[], from: string | undefined): Run {
  if (from !== undefined && action !== "save") throw new BridgeError("usage", "--from belongs to save");
  if (action === "ls" && name === undefined) return list;
  if (name === undefined)
    throw new BridgeError("usage", `which preset is to ${action}? structwire preset ls lists them`);
  const most = action === "save" || action === "load" ? Infinity : action === "diff" ? 1 : 0;
  if (action === "ls" || more.length > most) throw new BridgeError("usage", `${action} takes fewer names`);
  switch (action) {
    case "save":
      return saving(name, more, from);
    case "load":
      return loading(name, more);
    case "diff":
      return comparing(name, more[0]);
    case "show":
      return showing(name);
    default:
      return removing(name);
  }
}

async function list(client: Client, output: Output): Promise<void> {
  const presets = await client.presets.list();
  if (output.json) for (const preset of presets) await output.object(preset);
  else if (presets.length === 0) output.note("no preset is kept");
  else for (const line of presetLines(presets, output)) await output.line(line);
}

function saving(name: string, parameters: readonly string[], from: string | undefined): Run {
  if (parameters.length > 0 === (from !== undefined)) {
    throw new BridgeError("usage", "save needs the parameters to keep, by name or pattern ('**': all), or --from FILE");
  }
  const values = from === undefined ? undefined : readPresetFile(from);
  return async (client, output) => {
    const { presets } = client;
    const saved = await (values === undefined ? presets.save(name, parameters) : presets.put(name, values));
    if (output.json) await output.object(saved);
    else await output.line(`${output.style("bold", name)} keeps ${saved.parameters.join(", ")}`);
  };
}

function loading(name: string, parameters: readonly string[]): Run {
  return async (client, output) => {
    const loaded = await client.presets.load(name, parameters.length === 0 ? {} : { parameters });
    if (output.json) {
      await output.object(loaded);
      return;
    }
    for (const { parameter, applied, channel, seq } of loaded.applied) {
      const since = seq === null ? "" : ` from sample #${String(seq)} of ${String(channel)} on`;
      const lines = valueLines(applied);
      await output.line([output.style("bold", `${parameter} is now${since}`), ...lines].join("\n"));
    }
    for (const left of loaded.leftOut) output.note(`left out, as it is not there any more: ${left}`);
  };
}

function comparing(name: string, other: string | undefined): Run {
  const file = other !== undefined && isFileName(other) ? readPresetFile(other) : undefined;
  return async ({ presets }, output) => {
    const differences =
      file === undefined ? await presets.compare(name, other) : compareValues((await presets.get(name)).values, file);
    if (output.json) for (const difference of differences) await output.object(difference);
    else if (differences.length === 0) output.note("nothing differs");
    else for (const line of differenceLines(differences, name, other ?? "now", output)) await output.line(line);
  };
}

function showing(name: string): Run {
  return async (client, output) => {
    const preset = await client.presets.get(name);
    if (output.json) {
      await output.object(preset);
      return;
    }
    for (const [parameter, value] of Object.entries(preset.values)) {
      await output.line([output.style("bold", parameter), ...valueLines(value)].join("\n"));
    }
  };
}

function removing(name: string): Run {
  return async (client, output) => {
    await client.presets.remove(name);
    if (output.json) await output.object({ preset: name });
    else await output.line(`${name} is removed`);
  };
}

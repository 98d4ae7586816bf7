// SPDX-License-Identifier: MIT
// The command `set`: changes fields of a parameter, all or nothing.
import { Command } from "commander";
import { parseArguments } from "./field-values.ts";
import { flagsOf, outputOf, parseNumber, withBridgeFlags, type BridgeFlags } from "./flags.ts";
import { withBridge } from "./session.ts";
import { fieldLines } from "./text.ts";

interface SetFlags extends BridgeFlags {
  readonly timeout?: number;
}

const EXAMPLES = `
The fields that are not named keep what they have. The answer is what now holds, and the first sample after; a value
outside its limits changes nothing.

Examples:
  $ structwire set motor/gains kp=4
  $ structwire set motor/reference mode=SQUARE amplitude=0.5
  $ structwire set arm/limits 'joint[2].max=1.5' name=elbow
  $ structwire set motor/gains '{"kp":4,"ki":1}' --json
`;

/** Makes the command. */
export function setCommand(): Command {
  const command = new Command("set")
    .summary("change fields of a parameter")
    .description("Changes fields of a parameter: {parameter, applied, channel, epoch, seq, time} with --json.")
    .argument("<parameter>", "its name")
    .argument("<field=value...>", "the fields to change, or one JSON object")
    .option("--timeout <seconds>", "how long the driver may take (default: 10)", parseNumber({ min: 0.001 }));
  return withBridgeFlags(command)
    .addHelpText("after", EXAMPLES)
    .action(async (parameter: string, assignments: readonly string[]) => {
      const flags = flagsOf(command, command.opts<SetFlags>());
      const output = outputOf(flags);
      await withBridge(flags, async (client) => {
        const fields = (await client.entry("parameter", parameter))?.fields ?? [];
        const timeoutMs = flags.timeout === undefined ? undefined : flags.timeout * 1000;
        const applied = await client.set(parameter, parseArguments(assignments, fields), { timeoutMs });
        if (output.json) {
          await output.object(applied);
          return;
        }
        const since =
          applied.seq === null ? "" : ` from sample #${String(applied.seq)} of ${String(applied.channel)} on`;
        const head = output.style("bold", `${parameter} is now${since}`);
        await output.line([head, ...fieldLines(applied.applied, fields)].join("\n"));
      });
    });
}

// SPDX-License-Identifier: MIT
// The command `status`: how the bridge is.
import { Command } from "commander";
import type { Value } from "../model/values.ts";
import { flagsOf, outputOf, withBridgeFlags, type BridgeFlags } from "./flags.ts";
import { withBridge } from "./session.ts";
import { flatten, formatValue, table } from "./text.ts";

const EXAMPLES = `
Examples:
  $ structwire status
  $ structwire status --bridge rig1 --json
`;

/** Makes the command. */
export function statusCommand(): Command {
  const command = new Command("status")
    .summary("show how the bridge is")
    .description("Shows how the bridge is: its drivers, sessions, queues and counters.");
  return withBridgeFlags(command)
    .addHelpText("after", EXAMPLES)
    .action(async () => {
      const flags = flagsOf(command, command.opts<BridgeFlags>());
      const output = outputOf(flags);
      await withBridge(flags, async (client) => {
        const status = await client.status();
        if (output.json) await output.object(status);
        else for (const line of statusLines(status)) await output.line(line);
      });
    });
}

/** The parts of the state as `path value`; the entries of a list below each other. */
function statusLines(status: Value): string[] {
  const rows = flatten(status).flatMap(([path, value]): string[][] => {
    if (!Array.isArray(value) || value.length === 0) return [[path, formatValue(value)]];
    return value.map((entry: Value, i) => [i === 0 ? path : "", formatValue(entry)]);
  });
  return table(rows);
}

// SPDX-License-Identifier: MIT
// The command `status`: how the bridge is.
import { Command } from "commander";
import { flagsOf, outputOf, withBridgeFlags, type BridgeFlags } from "./flags.ts";
import { withBridge } from "./session.ts";
import { statusLines } from "./status-lines.ts";

const EXAMPLES = `
Examples:
  $ structwire status
  $ structwire status --bridge rig1 --json
`;

/** Makes the command. */
export function statusCommand(): Command {
  const command = new Command("status")
    .summary("show how the bridge is")
    .description(
      "Shows how the bridge is: what it costs, its delays, its queues, and for every driver, channel and session whether samples were lost.",
    );
  return withBridgeFlags(command)
    .addHelpText("after", EXAMPLES)
    .action(async () => {
      const flags = flagsOf(command, command.opts<BridgeFlags>());
      const output = outputOf(flags);
      await withBridge(flags, async (client) => {
        const status = await client.status();
        if (output.json) await output.object(status);
        else for (const line of statusLines(status, output)) await output.line(line);
      });
    });
}

// SPDX-License-Identifier: MIT
// The command `get`: what parameters are now.
import { Command } from "commander";
import { flagsOf, outputOf, withBridgeFlags, type BridgeFlags } from "./flags.ts";
import { withBridge } from "./session.ts";
import { fieldLines } from "./text.ts";

const EXAMPLES = `
Examples:
  $ structwire get motor/gains
  $ structwire get --json          every parameter, one JSON object a line
`;

/** Makes the command. */
export function getCommand(): Command {
  const command = new Command("get")
    .summary("show what parameters are now")
    .description("Shows what parameters are now: {parameter, value} each with --json.")
    .argument("[parameter...]", "their names (default: all)");
  return withBridgeFlags(command)
    .addHelpText("after", EXAMPLES)
    .action(async (names: readonly string[]) => {
      const flags = flagsOf(command, command.opts<BridgeFlags>());
      const output = outputOf(flags);
      await withBridge(flags, async (client) => {
        const { parameters } = await client.list();
        const wanted = names.length > 0 ? names : parameters.map(({ parameter }) => parameter);
        for (const name of wanted) {
          const { parameter, value } = await client.get(name);
          if (output.json) {
            await output.object({ parameter, value });
            continue;
          }
          const fields = parameters.find((entry) => entry.parameter === parameter)?.fields ?? [];
          await output.line([output.style("bold", parameter), ...fieldLines(value, fields)].join("\n"));
        }
      });
    });
}

// SPDX-License-Identifier: MIT
// The command `call`: calls a service and prints its reply.
import { Command } from "commander";
import { parseArguments } from "./field-values.ts";
import { flagsOf, outputOf, parseNumber, withBridgeFlags, type BridgeFlags } from "./flags.ts";
import { whenAskedToEnd, withBridge } from "./session.ts";
import { fieldLines } from "./text.ts";

interface CallFlags extends BridgeFlags {
  readonly timeout?: number;
}

const EXAMPLES = `
Ctrl-C gives the call up, and the driver is told.

Examples:
  $ structwire call motor/reset
  $ structwire call tally/count value=3
  $ structwire call motor/step_response '{"amplitude":1}' --json
`;

/** Makes the command. */
export function callCommand(): Command {
  const command = new Command("call")
    .summary("call a service")
    .description("Calls a service and prints its reply: the reply's fields as one object with --json.")
    .argument("<service>", "its name")
    .argument("[argument...]", "one JSON object, or field=value each")
    .option("--timeout <seconds>", "how long the service may take (default: 10)", parseNumber({ min: 0.001 }));
  return withBridgeFlags(command)
    .addHelpText("after", EXAMPLES)
    .action(async (service: string, args: readonly string[]) => {
      const flags = flagsOf(command, command.opts<CallFlags>());
      const output = outputOf(flags);
      await withBridge(flags, async (client) => {
        const entry = await client.entry("service", service);
        const timeoutMs = flags.timeout === undefined ? undefined : flags.timeout * 1000;
        const end = whenAskedToEnd();
        try {
          const values = parseArguments(args, entry?.request.fields ?? []);
          const reply = await client.call(service, values, { timeoutMs, signal: end.asked });
          if (output.json) await output.object(reply);
          else for (const line of fieldLines(reply, entry?.reply.fields ?? [])) await output.line(line);
        } finally {
          end.release();
        }
      });
    });
}

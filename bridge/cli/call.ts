// SPDX-License-Identifier: MIT
// The command `call`: calls a service and prints its reply.
import { Command } from "commander";
import type { Json, ServiceEntry } from "../session/messages.ts";
import { parseCall } from "./field-values.ts";
import { flagsOf, outputOf, parseNumber, withBridgeFlags, type BridgeFlags } from "./flags.ts";
import { whenAskedToEnd, withBridge } from "./session.ts";
import { fieldLines, formatValue } from "./text.ts";

interface CallFlags extends BridgeFlags {
  readonly timeout?: number;
  readonly timestamp?: boolean;
}

const EXAMPLES = `
Values stand in the order of the service's arguments, or behind a name: JSON, or a text as it is. One JSON object gives all by name. Ctrl-C gives the
call up, and who carries it out is told.

Examples:
  $ structwire call motor/reset
  $ structwire call tally/count 3
  $ structwire call tally/count value=3
  $ structwire call camera/snap 0.5 gain=2 --timeout 60
  $ structwire call motor/step_response '{"amplitude":1}' --json
`;

/** Makes the command. */
export function callCommand(): Command {
  const command = new Command("call")
    .summary("call a service")
    .description("Calls a service and prints its reply: the reply's fields as one object with --json.")
    .argument("<service>", "its name")
    .argument("[argument...]", "values in their order, name=value, or one JSON object")
    .option("--timeout <seconds>", "how long the service may take (default: 10)", parseNumber({ min: 0.001 }))
    .option("--timestamp", "also when the bridge had the reply: {value, time} with --json");
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
          const { args: list, named } = parseCall(args, entry?.request.fields ?? []);
          const options = { timeoutMs, signal: end.asked };
          const given = list.length === 0 ? named : list;
          const beside = list.length === 0 ? {} : { named };
          if (flags.timestamp === true) {
            const timed = await client.call(service, given, { ...options, ...beside, timestamp: true });
            if (output.json) await output.object(timed);
            else
              await output.line(
                [`at ${new Date(timed.time).toISOString()}`, ...replyLines(timed.value, entry)].join("\n"),
              );
          } else {
            const reply = await client.call(service, given, { ...options, ...beside });
            if (output.json) await output.object(reply);
            else for (const line of replyLines(reply, entry)) await output.line(line);
          }
        } finally {
          end.release();
        }
      });
    });
}

/** Fields on lines of their own, anything else as it is; nothing of a reply without a value. */
function replyLines(reply: Json, entry: ServiceEntry | undefined): readonly string[] {
  if (reply === null) return [];
  if (typeof reply === "string") return [reply];
  if (typeof reply !== "object" || Array.isArray(reply)) return [formatValue(reply)];
  return fieldLines(reply, entry?.reply.fields ?? []);
}

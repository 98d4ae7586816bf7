// SPDX-License-Identifier: MIT
// The command `status`: how the bridge is.
import { Command } from "commander";
import type { Value } from "../model/values.ts";
import { flagsOf, outputOf, withBridgeFlags, type BridgeFlags } from "./flags.ts";
import type { Output } from "./output.ts";
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
        else for (const line of statusLines(status, output)) await output.line(line);
      });
    });
}

/** The state as lines: single values as `path value`, then each list as a table. */
export function statusLines(status: Value, output: Pick<Output, "style" | "fit">): string[] {
  const parts = flatten(status);
  const single = parts.filter(([, value]) => !isTable(value));
  const lines = table(single.map(([path, value]) => [path, formatValue(value)]));
  for (const [path, list] of parts) {
    if (!isTable(list)) continue;
    const [head = "", ...rows] = tableOf(list).map((line) => output.fit(line));
    lines.push("", output.style("bold", path), output.style("dim", head), ...rows);
  }
  return lines;
}

function isTable(value: unknown): value is readonly object[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === "object" && entry !== null)
  );
}

function tableOf(list: readonly object[]): string[] {
  const rows = list.map((entry) => new Map(flatten(entry)));
  const columns = [...new Set(rows.flatMap((row) => [...row.keys()]))].filter((column) =>
    rows.some((row) => (row.get(column) ?? null) !== null),
  );
  const cells = rows.map((row) => columns.map((column) => formatCell(row.get(column))));
  return table([columns, ...cells]);
}

function formatCell(value: unknown): string {
  return value === undefined || value === null ? "-" : formatValue(value);
}

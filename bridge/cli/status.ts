// SPDX-License-Identifier: MIT
// The command `status`: how the bridge is.
import { Command } from "commander";
import { lossText, lostOf, type Losses } from "../client/account.ts";
import { LOSS_REASONS, type Value } from "../model/values.ts";
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
  const parts = flatten(withWords(status));
  const single = parts.filter(([, value]) => !isTable(value));
  const lines = table(single.map(([path, value]) => [path, formatCell(path, value)]));
  for (const [path, list] of parts) {
    if (!isTable(list)) continue;
    const [head = "", ...rows] = tableOf(list).map((line) => output.fit(line));
    lines.push("", output.style("bold", path), output.style("dim", head), ...rows);
  }
  return lines;
}

/** Counts of lost samples by reason, wherever they stand, in the words of `sub` and of the page. */
function withWords(value: Value): Value {
  if (Array.isArray(value)) return value.map((each: Value) => withWords(each));
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  const fields = Object.entries(value).map(([name, inner]: [string, Value]): [string, Value] => {
    if (name !== "lost" || !isLosses(inner)) return [name, withWords(inner)];
    const total = lostOf(inner);
    return [name, total === 0 ? "complete" : `${String(total)}: ${lossText(inner)}`];
  });
  return Object.fromEntries(fields);
}

function isLosses(value: unknown): value is Losses {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).every(
    ([reason, count]) => (LOSS_REASONS as readonly string[]).includes(reason) && typeof count === "number",
  );
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
  const cells = rows.map((row) => columns.map((column) => formatCell(column, row.get(column))));
  return table([columns, ...cells]);
}

function formatCell(path: string, value: unknown): string {
  if (value === undefined || value === null) return "-";
  return typeof value === "string" && /(?:^|\.)lost$/.test(path) ? value : formatValue(value);
}

// SPDX-License-Identifier: MIT
// The command `compat`: what a program that was built for one schema meets in another.
import { Command } from "commander";
import { compareSchemas, type MessageComparison } from "../layout/compat/compare-schemas.ts";
import { worst, type Difference, type Verdict } from "../layout/compat/verdict.ts";
import { MAX_SCHEMA_BYTES, parseSchemaText } from "../layout/schema.ts";
import { BridgeError, toBridgeError } from "../model/errors.ts";
import type { Schema } from "../model/schema.ts";
import { schemaOfDriver } from "./driver-schema.ts";
import { flagsOf, outputOf, withBridgeFlags, type BridgeFlags } from "./flags.ts";
import type { Output } from "./output.ts";
import { readFileOfAtMost } from "./read-file.ts";
import { withBridge } from "./session.ts";
import { table } from "./text.ts";

interface CompatFlags extends BridgeFlags {
  readonly type?: string;
}

const EXAMPLES = `
ok     nothing to do: a field is new, or stands elsewhere
note   worth knowing: a field has another name, a wider type, other limits
warn   may surprise: a narrower type, another length, a label that is gone
break  what was written for OLD reads NEW wrongly: a field is gone, has another unit, is of another kind
Exit code 0 when nothing breaks, 1 when something does or a driver cannot be asked, 2 when used wrongly.

Examples:
  $ structwire compat old/motor.schema.json motor.schema.json
  $ structwire compat motor.schema.json driver:motor            what runs now, against what was built for
  $ structwire compat old.json new.json --type motor_state      one struct, whatever it is used for
  $ structwire compat old.json new.json --json                  one JSON object for each difference
`;

const STYLES = { ok: "dim", note: "cyan", warn: "yellow", break: "red" } as const satisfies Record<Verdict, string>;
const DRIVER = "driver:";

/** Makes the command. */
export function compatCommand(): Command {
  const command = new Command("compat")
    .summary("compare two schemas: what breaks for readers of the first")
    .description("Compares two schemas: what a program that was built for OLD meets in NEW.")
    .argument("<old>", "schema JSON that gen wrote, or driver:NAME for that of a running driver")
    .argument("<new>", "likewise")
    .option("--type <name>", "compare only this struct");
  return withBridgeFlags(command)
    .addHelpText("after", EXAMPLES)
    .action(async (before: string, now: string, own: CompatFlags) => {
      const flags = flagsOf(command, own);
      const output = outputOf(flags);
      const [first, second] = await readSchemas([before, now], flags);
      const messages = compare(first, second, flags.type);
      await (output.json ? printJson(messages, output) : printText(messages, output));
      if (messages.some(({ differences }) => worst(differences) === "break")) process.exitCode = 1;
    });
}

/** What cannot be compared is a wrong use: exit code 1 means that something breaks. */
function compare(before: Schema, now: Schema, type: string | undefined): readonly MessageComparison[] {
  try {
    return compareSchemas(before, now, type);
  } catch (thrown) {
    throw asUsage(thrown);
  }
}

async function readSchemas(sources: readonly [string, string], flags: CompatFlags): Promise<[Schema, Schema]> {
  const names = sources.filter((source) => source.startsWith(DRIVER)).map((source) => source.slice(DRIVER.length));
  if (names.includes("")) throw new BridgeError("usage", "name the driver: driver:NAME");
  const running = new Map<string, Schema>();
  if (names.length > 0) {
    await withBridge(flags, async (client) => {
      for (const name of names) running.set(name, await schemaOfDriver(client, name));
    });
  }
  const read = (source: string): Schema =>
    (source.startsWith(DRIVER) ? running.get(source.slice(DRIVER.length)) : undefined) ?? readFile(source);
  return [read(sources[0]), read(sources[1])];
}

function readFile(path: string): Schema {
  try {
    return parseSchemaText(readFileOfAtMost(path, MAX_SCHEMA_BYTES));
  } catch (thrown) {
    throw asUsage(thrown, `${path}: `);
  }
}

function asUsage(thrown: unknown, where = ""): BridgeError {
  const { message } = toBridgeError(thrown);
  return new BridgeError("usage", where + message, { cause: thrown });
}

async function printJson(messages: readonly MessageComparison[], output: Output): Promise<void> {
  for (const { role, name, type, differences } of messages) {
    for (const { path, now, verdict, why } of differences) {
      await output.object({ role, name, type, field: path, ...(now === undefined ? {} : { now }), verdict, why });
    }
  }
}

async function printText(messages: readonly MessageComparison[], output: Output): Promise<void> {
  for (const { role, name, type, differences } of messages) {
    const what = [role, name, ...(name === type ? [] : [`(${type})`])].filter((word) => word !== null).join(" ");
    const same = differences.length === 0 ? ": nothing differs" : "";
    await output.line(output.style("bold", what) + same);
    for (const line of differenceLines(differences, output)) await output.line(line);
  }
  await output.line(summary(messages));
}

function differenceLines(differences: readonly Difference[], output: Output): readonly string[] {
  const lines = table(differences.map(({ verdict, path, why }) => [`  ${verdict.padEnd(5)}`, path, why]));
  return lines.map((line, at) => {
    const style = STYLES[differences[at]?.verdict ?? "ok"];
    return output.style(style, output.fit(line));
  });
}

function summary(messages: readonly MessageComparison[]): string {
  const verdicts = messages.flatMap(({ differences }) => differences.map(({ verdict }) => verdict));
  const count = (wanted: Verdict): number => verdicts.filter((verdict) => verdict === wanted).length;
  if (verdicts.length === 0) return "nothing differs";
  const [breaks, warns, notes] = [count("break"), count("warn"), count("note")];
  return breaks === 0
    ? `nothing breaks: ${String(warns)} warn, ${String(notes)} note`
    : `${String(breaks)} break, ${String(warns)} warn, ${String(notes)} note`;
}

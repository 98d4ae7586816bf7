#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// The command line's entry: runs it and reports what goes wrong.
import { CommanderError } from "commander";
import { BridgeError, toBridgeError } from "../model/errors.ts";
import { makeProgram } from "./program.ts";
import { forTerminal } from "./text.ts";

/** Commander's own outcomes that are no wrong use: the help and the version were asked for. */
function isAskedFor(error: CommanderError): boolean {
  return error.exitCode === 0;
}

function report(error: BridgeError, asJson: boolean): void {
  const { code, message, name, detail } = error;
  // Of a failed service its own words too.
  const own = name === "BridgeError" ? {} : { name, ...(detail === undefined ? {} : { detail }) };
  const text = [
    ...(name === "BridgeError" ? [] : [`${name}:`]),
    message,
    ...(detail === undefined ? [] : [`(${detail})`]),
  ];
  process.stderr.write(
    asJson
      ? `${JSON.stringify({ error: { code, message, ...own } })}\n`
      : `structwire: ${code}: ${forTerminal(text.join(" "))}\n`,
  );
}

const args = process.argv.slice(2);
const asJson = args.includes("--json");
const program = await makeProgram(args);
if (asJson) {
  const quiet = { writeErr: (): void => undefined };
  for (const command of [program, ...program.commands]) command.configureOutput(quiet);
}

// A reader that goes (`| head`) is no fault; of the help nobody else takes note.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") process.exitCode = 1;
});

try {
  await program.parseAsync(args, { from: "user" });
} catch (thrown) {
  if (!(thrown instanceof CommanderError)) {
    const error = toBridgeError(thrown);
    report(error, asJson);
    process.exitCode = error.code === "usage" ? 2 : 1;
  } else if (!isAskedFor(thrown)) {
    if (asJson) report(new BridgeError("usage", thrown.message.replace(/^error: /, "")), true);
    process.exitCode = 2;
  }
}

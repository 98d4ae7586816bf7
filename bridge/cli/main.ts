#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// The command line's entry: runs it and reports what goes wrong.
import { CommanderError } from "commander";
import { BridgeError, toBridgeError } from "../model/errors.ts";
import { makeProgram } from "./program.ts";

/** Commander's own outcomes that are no wrong use: the help and the version were asked for. */
function isAskedFor(error: CommanderError): boolean {
  return error.exitCode === 0;
}

function report(error: BridgeError, asJson: boolean): void {
  const { code, message } = error;
  process.stderr.write(
    asJson ? `${JSON.stringify({ error: { code, message } })}\n` : `structwire: ${code}: ${message}\n`,
  );
}

const asJson = process.argv.includes("--json");
const program = makeProgram();
if (asJson) {
  const quiet = { writeErr: (): void => undefined };
  for (const command of [program, ...program.commands]) command.configureOutput(quiet);
}

try {
  await program.parseAsync();
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

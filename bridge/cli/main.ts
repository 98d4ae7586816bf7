#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// The command line: registers the commands and reports what goes wrong.
import { Command, CommanderError } from "commander";
import { toBridgeError } from "../model/errors.ts";
import { genCommand } from "./gen.ts";

const program = new Command("structwire").exitOverride();
for (const command of [genCommand()]) program.addCommand(command.copyInheritedSettings(program));

try {
  await program.parseAsync();
} catch (thrown) {
  if (thrown instanceof CommanderError) {
    process.exitCode = thrown.exitCode === 0 ? 0 : 2;
  } else {
    const { code, message } = toBridgeError(thrown);
    const asJson = process.argv.includes("--json");
    process.stderr.write(asJson ? `${JSON.stringify({ error: { code, message } })}\n` : `structwire: ${code}: ${message}\n`);
    process.exitCode = code === "usage" ? 2 : 1;
  }
}

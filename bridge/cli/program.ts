// SPDX-License-Identifier: MIT
// The command line as a whole: its commands and what they have together.
import { Command } from "commander";
import { VERSION } from "../daemon/version.ts";
import { callCommand } from "./call.ts";
import { demoCommand } from "./demo.ts";
import { withBridgeFlags } from "./flags.ts";
import { genCommand } from "./gen.ts";
import { getCommand } from "./get.ts";
import { lsCommand } from "./ls.ts";
import { serveCommand } from "./serve.ts";
import { setCommand } from "./set.ts";
import { statusCommand } from "./status.ts";
import { subCommand } from "./sub.ts";

const EXAMPLES = `
Examples:
  $ structwire demo                      three drivers, a bridge and a page, for a first look
  $ structwire serve                     a bridge for your own drivers
  $ structwire ls                        what there is
  $ structwire sub motor/state           what it does
  $ structwire set motor/gains kp=4      what it should do
  $ structwire help sub                  more about one command

Data goes to standard output, everything else to standard error. Exit codes: 0 done, 1 failed, 2 used wrongly.
`;

/** Makes the whole command line; parsing it throws a CommanderError or BridgeError instead of ending the process. */
export function makeProgram(): Command {
  const program = new Command("structwire")
    .description("Your C structs, live: watch them, set them, call their functions.")
    .version(VERSION, "--version", "print the version")
    .enablePositionalOptions()
    .showHelpAfterError("(--help says more)")
    .configureOutput({
      outputError: (text, write) => {
        write(text.replace(/^error: /, "structwire: usage: "));
      },
    })
    .exitOverride();
  withBridgeFlags(program).addHelpText("after", EXAMPLES);
  const commands = [
    demoCommand(),
    serveCommand(),
    lsCommand(),
    subCommand(),
    getCommand(),
    setCommand(),
    callCommand(),
    statusCommand(),
    genCommand(),
  ];
  for (const command of commands) program.addCommand(command.copyInheritedSettings(program));
  return program;
}

// SPDX-License-Identifier: MIT
// The command line as a whole: its commands and what they have together.
import { Command } from "commander";
import { VERSION } from "../daemon/version.ts";
import { withBridgeFlags } from "./flags.ts";

/** The commands in the order of the help. Each is loaded only when it is asked for, or when all are listed: one does not wait for the parts of the others. */
const COMMANDS: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ["demo", async () => (await import("./demo.ts")).demoCommand()],
  ["notebook", async () => (await import("./notebook.ts")).notebookCommand()],
  ["serve", async () => (await import("./serve.ts")).serveCommand()],
  ["ls", async () => (await import("./ls.ts")).lsCommand()],
  ["sub", async () => (await import("./sub.ts")).subCommand()],
  ["pub", async () => (await import("./programs/pub.ts")).pubCommand()],
  ["get", async () => (await import("./get.ts")).getCommand()],
  ["set", async () => (await import("./set.ts")).setCommand()],
  ["preset", async () => (await import("./presets/preset.ts")).presetCommand()],
  ["call", async () => (await import("./call.ts")).callCommand()],
  ["expose", async () => (await import("./programs/expose.ts")).exposeCommand()],
  ["streams", async () => (await import("./programs/streams.ts")).streamsCommand()],
  ["status", async () => (await import("./status.ts")).statusCommand()],
  ["gen", async () => (await import("./gen.ts")).genCommand()],
  ["types", async () => (await import("./types.ts")).typesCommand()],
  ["compat", async () => (await import("./compat.ts")).compatCommand()],
]);

/** The names of all commands. */
export const COMMAND_NAMES: readonly string[] = [...COMMANDS.keys()];

const EXAMPLES = `
Examples:
  $ structwire demo                      three drivers, a bridge and a page, for a first look
  $ structwire notebook                  a JupyterLab with the TypeScript kernel
  $ structwire serve                     a bridge for your own drivers
  $ structwire ls                        what there is
  $ structwire sub motor/state           what it does
  $ structwire set motor/gains kp=4      what it should do
  $ structwire pub data '{"x":1}'        a message of your own
  $ structwire help sub                  more about one command

Data goes to standard output, everything else to standard error. Exit codes: 0 done, 1 failed, 2 used wrongly.
`;

/** Makes the command line for these arguments; parsing them throws a CommanderError or BridgeError instead of ending the process. */
export async function makeProgram(args: readonly string[]): Promise<Command> {
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
    .exitOverride()
    .helpCommand(false);
  withBridgeFlags(program).addHelpText("after", EXAMPLES);
  for (const load of loadersFor(args)) program.addCommand((await load()).copyInheritedSettings(program));
  return program.addCommand(helpCommand(program).copyInheritedSettings(program));
}

/** That of the command that is named, or all where the help or a mistake needs them. */
function loadersFor(args: readonly string[]): readonly (() => Promise<Command>)[] {
  const at = args.findIndex((arg, i) => !arg.startsWith("-") && args[i - 1] !== "--bridge");
  const named = COMMANDS.get(args[at] ?? "");
  if (named !== undefined) return [named];
  return at < 0 && args.includes("--version") ? [] : [...COMMANDS.values()];
}

/** Commander's own shows the whole help for a name that it does not know, and does not say why. */
function helpCommand(program: Command): Command {
  return new Command("help")
    .summary("more about one command")
    .description("Shows the help of a command.")
    .argument("[command]", "its name")
    .action((name: string | undefined) => {
      const command = program.commands.find((each) => each.name() === name);
      if (name !== undefined && command === undefined) {
        program.error(`error: there is no command '${name}'; these are: ${COMMAND_NAMES.join(", ")}`);
      }
      (command ?? program).outputHelp();
    });
}

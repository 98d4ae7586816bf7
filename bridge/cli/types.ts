// SPDX-License-Identifier: MIT
// The command `types`: TypeScript declarations of what a running driver has.
import { Command } from "commander";
import { emitTypes } from "../generate/emit/type-declarations.ts";
import { schemaOfDriver } from "./driver-schema.ts";
import { flagsOf, outputOf, withBridgeFlags, type BridgeFlags } from "./flags.ts";
import { withBridge } from "./session.ts";

interface TypesFlags extends BridgeFlags {
  readonly name?: string;
}

const EXAMPLES = `
The declarations are those that gen writes from the driver's header: names of channels, parameters, services and fields complete in an editor, which shows
units, ranges and texts.

Examples:
  $ structwire types motor > motor.d.ts
  $ structwire types rig1.motor --name motor > motor.d.ts   the interface is called Motor
`;

/** Makes the command. */
export function typesCommand(): Command {
  const command = new Command("types")
    .summary("write TypeScript types of a running driver")
    .description("Writes TypeScript types of a running driver: {driver, types} with --json.")
    .argument("<driver>", "its name")
    .option("--name <name>", "what to call the interface of the whole (default: as the driver)");
  return withBridgeFlags(command)
    .addHelpText("after", EXAMPLES)
    .action(async (driver: string, own: TypesFlags) => {
      const flags = flagsOf(command, own);
      const output = outputOf(flags);
      await withBridge(flags, async (client) => {
        const schema = await schemaOfDriver(client, driver);
        const types = emitTypes(flags.name ?? driver, `types from the driver ${driver}`, schema);
        await (output.json ? output.object({ driver, types }) : output.write(types));
      });
    });
}

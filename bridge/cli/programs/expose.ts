// SPDX-License-Identifier: MIT
// The command `expose`: makes what a module exports callable, until it is ended.
import { once } from "node:events";
import { Command } from "commander";
import type { Client } from "../../client/client.ts";
import type { Exposure } from "../../client/services/exposure.ts";
import { BridgeError } from "../../model/errors.ts";
import { flagsOf, outputOf, withBridgeFlags, type BridgeFlags } from "../flags.ts";
import type { Output } from "../output.ts";
import { whenAskedToEnd, withBridge } from "../session.ts";
import { tellState } from "../tell-state.ts";
import { loadProviders, type Provider } from "./providers.ts";
import { serviceText } from "./service-text.ts";

interface ExposeFlags extends BridgeFlags {
  readonly name?: string;
}

const EXAMPLES = `
Each exported object is a provider: its methods are called as NAME/METHOD, with arguments by position or by name. An exported function is a
service by itself. What a method throws reaches its caller; standard error says it too. It runs until Ctrl-C.

Examples:
  $ structwire expose ./camera.js                export const camera = { snap(exposure, gain = 1) { … } }
  $ structwire call camera/snap 0.5 gain=2       … from another terminal
  $ structwire expose ./lab.ts --name lab1       lab1/camera/snap
`;

/** Makes the command. */
export function exposeCommand(): Command {
  const command = new Command("expose")
    .summary("make the functions of a module callable")
    .description("Makes the exports of a module callable: {service, params, doc} each with --json.")
    .argument("<module>", "a JavaScript file, or TypeScript where this version of Node reads it")
    .option("--name <name>", "stands before the names of the exports; the default export has it alone");
  return withBridgeFlags(command)
    .addHelpText("after", EXAMPLES)
    .action(async (module: string) => {
      const flags = flagsOf(command, command.opts<ExposeFlags>());
      const output = outputOf(flags);
      const providers = await loadProviders(module, flags.name);
      await withBridge(flags, (client) => serve(client, providers, output));
    });
}

async function serve(client: Client, providers: readonly Provider[], output: Output): Promise<void> {
  tellState(client, output);
  const end = whenAskedToEnd();
  try {
    const failed = (service: string, error: unknown): void => {
      output.note(`${service} failed: ${textOf(error)}`);
    };
    const exposures = providers.map(({ name, target }) => client.expose(name, target, { failed }));
    await Promise.all(exposures.map(({ ready }) => ready));
    await print(client, exposures, output);
    if (!end.asked.aborted) await Promise.race([once(end.asked, "abort"), lostForGood(client)]);
  } finally {
    end.release();
  }
}

async function print(client: Client, exposures: readonly Exposure[], output: Output): Promise<void> {
  const own = new Set(exposures.flatMap(({ services }) => services));
  const { services } = await client.list();
  for (const entry of services.filter(({ service }) => own.has(service))) {
    const { service, params = null, doc } = entry;
    if (output.json) await output.object({ service, params, ...(doc === undefined ? {} : { doc }) });
    else await output.line(serviceText(entry));
  }
  if (!output.json) output.note("these can be called until Ctrl-C");
}

/** Rejects when the client will not connect again. */
function lostForGood(client: Client): Promise<never> {
  return new Promise((_, reject) => {
    client.on("state", ({ state, error }) => {
      if (state === "closed" && error !== undefined) reject(error);
    });
  });
}

function textOf(error: unknown): string {
  if (error instanceof BridgeError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

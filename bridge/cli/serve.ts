// SPDX-License-Identifier: MIT
// The command `serve`: runs a bridge in the foreground until it is asked to end.
import { once } from "node:events";
import { isatty } from "node:tty";
import { Command } from "commander";
import {
  collect,
  flagsOf,
  outputOf,
  withGatewayFlag,
  withOutputFlags,
  withTlsFlags,
  withUpstreamFlag,
  type OutputFlags,
  type TlsFlags,
} from "./flags.ts";
import type { Bridge } from "../daemon/bridge.ts";
import { tellGateways } from "./gateways.ts";
import { colorsWanted, type Output } from "./output.ts";
import { whenAskedToEnd } from "./session.ts";

interface ServeFlags extends OutputFlags, TlsFlags {
  readonly name?: string;
  readonly host?: string;
  readonly port?: string;
  readonly driver?: readonly string[];
  readonly watch: boolean;
  readonly origin?: readonly string[];
  readonly gateway?: readonly string[];
  readonly upstream?: readonly string[];
  readonly logLevel?: string;
  readonly config?: string;
  readonly newToken?: boolean;
  readonly phone?: boolean;
}

const EXAMPLES = `
Drivers that listen in the runtime folder are found by themselves. Once the bridge is up, one line stands on standard
output: "ready" and the link of its page, with the token, which stays the same from start to start. The log goes to standard error. SIGINT and SIGTERM end it.
Flags go before environment variables (STRUCTWIRE_PORT and so on), these before the configuration file.

Examples:
  $ structwire serve
  $ structwire serve --name rig1 --port 0
  $ structwire serve --no-watch --driver unix:/run/rig/motor.sock
  $ structwire serve --name lab --upstream http://rig1.local:8720,prefix=rig1,token-file=rig1.token
  $ structwire serve --origin https://lab.example.org
  $ structwire serve --phone
  $ structwire serve --gateway socket-io,open=data,open=action
`;

/** Makes the command. */
export function serveCommand(): Command {
  const command = new Command("serve")
    .summary("run a bridge")
    .description("Runs a bridge in the foreground until it is asked to end.")
    .option("--name <name>", "the bridge's name, by which clients find it (default: default)")
    .option("--port <n>", "the port to listen on, 0 for any free one (default: 8720)")
    .option("--host <address>", "the address to listen on; another than 127.0.0.1 opens it to the network")
    .option("--driver <address>", "connect to this driver, unix:/path (repeatable)", collect)
    .option("--no-watch", "do not connect to the drivers in the runtime folder")
    .option("--origin <origin>", "accept web pages of this origin too (repeatable)", collect)
    .option("--log-level <level>", "silent, error, warn, info, debug or trace (default: info)")
    .option("--config <file>", "this file instead of $XDG_CONFIG_HOME/structwire/config.json")
    .option("--phone", "listen on the local network too, with TLS, and show a QR code for a phone's sensors")
    .option("--new-token", "make another token: links that were given away open nothing any more");
  return withOutputFlags(withUpstreamFlag(withGatewayFlag(withTlsFlags(command))))
    .addHelpText("after", EXAMPLES)
    .action(async () => {
      const flags = flagsOf(command, command.opts<ServeFlags>());
      await serve(flags);
    });
}

async function serve(flags: ServeFlags): Promise<void> {
  // Loaded here, so that the other commands do not wait for all of the bridge.
  const { loadConfig } = await import("../daemon/config.ts");
  const { startBridge } = await import("../daemon/bridge.ts");
  const {
    name,
    host,
    port,
    driver: drivers,
    origin: origins,
    gateway: gateways,
    upstream: upstreams,
    logLevel,
  } = flags;
  const watch = flags.watch ? undefined : false;
  const { tls, tlsCert, tlsKey, phone } = flags;
  const given = {
    name,
    host,
    port,
    drivers,
    watch,
    origins,
    gateways,
    upstreams,
    logLevel,
    tls,
    tlsCert,
    tlsKey,
    phone,
  };
  const config = loadConfig(given, process.env, flags.config);
  const end = whenAskedToEnd();
  try {
    const bridge = await startBridge(config, { newToken: flags.newToken === true });
    const output = outputOf(flags);
    tellGateways(bridge, output);
    await output.line(`ready ${bridge.pageUrl}`);
    const endPhone = await startPhone(bridge, flags, output);
    if (!end.asked.aborted) await once(end.asked, "abort");
    endPhone();
    await bridge.stop();
  } finally {
    end.release();
  }
}

/** The code is drawn only where it is wanted. */
async function startPhone(bridge: Bridge, flags: ServeFlags, output: Output): Promise<() => void> {
  if (bridge.phone === null) return () => undefined;
  const { tellPhone } = await import("./phone.ts");
  return tellPhone(bridge, output, isatty(2) && colorsWanted(flags.color !== false, process.env));
}

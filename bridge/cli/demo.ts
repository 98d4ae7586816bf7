// SPDX-License-Identifier: MIT
// The command `demo`: three drivers, a bridge and its page, for a first look.
import { once } from "node:events";
import { Command } from "commander";
import type { Client } from "../client/client.ts";
import type { Bridge } from "../daemon/bridge.ts";
import { BridgeError } from "../model/errors.ts";
import { hasDesktop, openPage } from "./demo/browser.ts";
import { buildDrivers, DRIVERS, driverPath, type BuildProgress } from "./demo/build.ts";
import { DriverProcess } from "./demo/driver-process.ts";
import {
  flagsOf,
  outputOf,
  withGatewayFlag,
  withOutputFlags,
  withTlsFlags,
  withUpstreamFlag,
  type OutputFlags,
  type TlsFlags,
} from "./flags.ts";
import { tellGateways } from "./gateways.ts";
import type { Output } from "./output.ts";
import { packageFolder } from "./package.ts";
import { whenAskedToEnd, withBridge } from "./session.ts";

interface DemoFlags extends OutputFlags, TlsFlags {
  readonly port?: string;
  readonly gateway?: readonly string[];
  readonly upstream?: readonly string[];
  readonly open: boolean;
}

/** How long the drivers may take until the bridge has them. */
const UP_MS = 20_000;

const EXAMPLES = `
Builds the drivers first where that was not done yet, which needs CMake and a C and C++ compiler. Starts host (this
machine's metrics), motor (a simulated motor at 1 kHz) and tally (the smallest one), and again what dies. Ctrl-C ends all.

Examples:
  $ structwire demo
  $ structwire demo --port 9000 --no-open
`;

/** Makes the command. */
export function demoCommand(): Command {
  const command = new Command("demo")
    .summary("run three drivers and a bridge, for a first look")
    .description("Runs three drivers and a bridge, and opens its page.")
    .option("--port <n>", "the port to listen on, 0 for any free one (default: 8720)")
    .option("--no-open", "do not open a browser");
  return withOutputFlags(withUpstreamFlag(withGatewayFlag(withTlsFlags(command))))
    .addHelpText("after", EXAMPLES)
    .action(async () => {
      const flags = flagsOf(command, command.opts<DemoFlags>());
      await demo(flags, outputOf(flags));
    });
}

async function demo(flags: DemoFlags, output: Output): Promise<void> {
  const { loadConfig } = await import("../daemon/config.ts");
  const { startBridge } = await import("../daemon/bridge.ts");
  const { tls, tlsCert, tlsKey } = flags;
  const config = loadConfig({
    port: flags.port,
    gateways: flags.gateway,
    upstreams: flags.upstream,
    tls,
    tlsCert,
    tlsKey,
    logLevel: "error",
  });
  const processes: DriverProcess[] = [];
  const end = whenAskedToEnd(() => {
    for (const process of processes) process.kill();
  });
  let closePage: () => void = () => undefined;
  // The bridge comes first: a port that is taken is told at once, not after a long build.
  const bridge = await startBridge(config);
  try {
    const root = packageFolder();
    const progress = progressOn(output);
    await buildDrivers(root, progress, end.asked).finally(progress.end);
    await startDrivers(root, processes, bridge, end.asked, output);
    tellGateways(bridge, output);
    await output.line(`ready ${bridge.pageUrl}`);
    output.note("open that link, or try in another terminal: structwire sub motor/state");
    if (flags.open && hasDesktop(process.env, process.platform)) {
      closePage = openPage(bridge.pageUrl, config.runtimeFolder);
    }
    if (!end.asked.aborted) await once(end.asked, "abort");
  } catch (error) {
    // Whatever broke because it was to end is no failure.
    if (!end.asked.aborted) throw error;
  } finally {
    closePage();
    await Promise.all(processes.map((process) => process.stop()));
    await bridge.stop();
    end.release();
  }
}

/** Starts all drivers and waits until the bridge has them. Rejects with `driver_failed`. */
async function startDrivers(
  root: string,
  processes: DriverProcess[],
  bridge: Bridge,
  asked: AbortSignal,
  output: Output,
): Promise<void> {
  const say = (text: string): void => {
    output.note(text);
  };
  const early = new Promise<never>((_, reject) => {
    for (const name of DRIVERS) processes.push(new DriverProcess(name, driverPath(root, name), say, reject));
    asked.addEventListener("abort", () => {
      reject(new BridgeError("cancelled"));
    });
  });
  // Once all are up, a driver that ends is started again instead.
  early.catch(() => undefined);
  await withBridge({ bridge: bridge.pageUrl }, (client) => Promise.race([early, untilUp(client, processes)]));
}

/** Waits until the bridge has these processes, and not others that run under their names, with what each declares last: its services. */
async function untilUp(client: Client, processes: readonly DriverProcess[]): Promise<void> {
  const missing = (): string[] => {
    const { drivers, services } = client.directory;
    const names = processes.filter(({ name, pid }) => {
      const isUp = drivers.some((each) => each.driver === name && each.state === "up" && each.pid === pid);
      return !isUp || !services.some(({ driver }) => driver === name);
    });
    return names.map(({ name }) => name);
  };
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      const reason = `${missing().join(", ")} did not connect within ${String(UP_MS / 1000)} s`;
      reject(new BridgeError("driver_failed", reason));
    }, UP_MS).unref();
    const look = (): void => {
      if (missing().length > 0) return;
      clearTimeout(timer);
      resolve();
    };
    client.on("directory", look);
    client.watch().then(look, (error: unknown) => {
      clearTimeout(timer);
      reject(error instanceof Error ? error : new Error(String(error)));
    });
  });
}

/** Shows a build on standard error: on a terminal as one line that counts, elsewhere by its beginning and end. */
function progressOn(output: Output): BuildProgress & { readonly end: () => void } {
  let shown = -1;
  const end = (): void => {
    if (shown >= 0) process.stderr.write("\n");
    shown = -1;
  };
  return {
    end,
    step: (text) => {
      end();
      output.note(text);
    },
    percent: (done) => {
      if (!process.stderr.isTTY || done === shown) return;
      shown = done;
      process.stderr.write(`\rstructwire: compiling ${String(done)} %`);
    },
  };
}

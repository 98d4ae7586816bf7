// SPDX-License-Identifier: MIT
// The drivers that the build made, run as programs in folders of a test's own.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { until } from "./until.ts";

const DRIVERS = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "build", "native", "drivers");

/** Where the build put a driver. */
export function driverPath(program: string): string {
  return join(DRIVERS, program);
}

/** A runtime folder that nobody else uses; short, because socket paths are. */
export class RuntimeFolder {
  readonly path: string = mkdtempSync(join(tmpdir(), "sw-"));

  /** For the processes that are to use it. */
  get env(): NodeJS.ProcessEnv {
    return { ...process.env, STRUCTWIRE_RUNTIME_DIR: this.path };
  }

  socketOf(driver: string): string {
    return join(this.path, "drivers", `${driver}.sock`);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 20 });
  }
}

/** How a program ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A driver that runs. It ends with this process at the latest, because its standard input ends then. */
export class DriverProgram {
  readonly process: ChildProcess;
  readonly ended: Promise<Ending>;

  /** `before`: a command that runs the driver, such as `unshare`. */
  constructor(runtime: RuntimeFolder, program: string, args: readonly string[] = [], before: readonly string[] = []) {
    const [command = "", ...rest] = [...before, driverPath(program), "--stdin-eof", ...args];
    const child = spawn(command, rest, { env: runtime.env, stdio: "pipe" });
    this.process = child;
    this.ended = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]).then(
      ([stdout, stderr]) => ({ code: child.exitCode, signal: child.signalCode, stdout, stderr }),
    );
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** Ends it as a user would and waits for it. */
  stop(signal: NodeJS.Signals = "SIGTERM"): Promise<Ending> {
    this.process.kill(signal);
    return this.ended;
  }
}

/** Starts a driver and waits until it listens. Rejects with what it said when it ended instead. */
export async function startDriver(
  runtime: RuntimeFolder,
  program: string,
  args: readonly string[] = [],
  before: readonly string[] = [],
): Promise<DriverProgram> {
  const name = args[args.indexOf("--name") + 1] ?? "";
  const driver = new DriverProgram(runtime, program, args, before);
  const failed = driver.ended.then((ending) => {
    throw new Error(`${program} ended: ${JSON.stringify(ending)}`);
  });
  failed.catch(() => undefined);
  await Promise.race([whenDriverListens(runtime, args.includes("--name") ? name : program), failed]);
  return driver;
}

/** Resolves once a driver of that name takes connections, whoever started it: between two system calls it has bound its socket and does not listen yet. */
export function whenDriverListens(runtime: RuntimeFolder, name: string): Promise<void> {
  const socket = runtime.socketOf(name);
  return until(() => existsSync(socket) && takesConnections(socket));
}

function takesConnections(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket, () => {
      connection.destroy();
      resolve(true);
    });
    connection.on("error", () => {
      resolve(false);
    });
  });
}

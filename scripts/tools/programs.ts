// SPDX-License-Identifier: MIT
// Finds programs of the machine that some suites need, and installs the missing ones where that is allowed.
import { accessSync, constants, mkdirSync, readdirSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Outcome, run, type RunOptions } from "./run.ts";

/** Another apt that installs is waited for, and a mirror that fails or is slow is asked again. */
const APT_PATIENCE: readonly string[] = [
  ...["-q", "-o", "DPkg::Lock::Timeout=600"],
  ...["-o", "Acquire::Retries=3", "-o", "Acquire::http::Timeout=60", "-o", "Acquire::https::Timeout=60"],
];

/** Before apt is run again: because another one holds the lists of packages, for which it does not wait itself, or because it failed. */
const PAUSE_MS = 10_000;
const LOCKED_RUNS = 60;
const INSTALL_RUNS = 2;

/** The first of the named programs that is on the PATH, as an absolute path. */
export function findProgram(...names: readonly string[]): string | undefined {
  for (const name of names) {
    for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
      const path = join(folder, name);
      if (folder !== "" && isExecutable(path)) return path;
    }
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Installs packages of the system with apt, as root or by a sudo that asks for no password. Tells why not when it could not.
 * `$STRUCTWIRE_INSTALL=0` forbids it.
 */
export async function installPackages(packages: readonly string[]): Promise<string | undefined> {
  if (process.env["STRUCTWIRE_INSTALL"] === "0") return "STRUCTWIRE_INSTALL=0 forbids installing";
  const apt = findProgram("apt-get");
  if (apt === undefined) return "this system has no apt-get";
  const prefix = process.getuid?.() === 0 ? [] : await passwordlessSudo();
  if (prefix === undefined) return "installing needs root or sudo without a password";
  const env = ["env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C"];
  for (let runs = 1; ; runs++) {
    // A list that could not be renewed may be one of which nothing is needed.
    await runApt([...prefix, ...env, apt, "update", ...APT_PATIENCE]);
    const install = ["install", "-y", "--no-install-recommends", ...APT_PATIENCE, ...packages];
    const { status, text } = await runApt([...prefix, ...env, apt, ...install]);
    if (status === 0) return undefined;
    if (runs === INSTALL_RUNS) return `apt-get install failed: ${lastLine(text)}`;
    await pause(PAUSE_MS);
  }
}

/** Runs apt once nobody else holds its files. */
async function runApt([command = "", ...args]: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  for (let runs = 1; ; runs++) {
    const outcome = await run(command, args, options);
    const isLocked = outcome.status !== 0 && /^E: Could not get lock/m.test(outcome.text);
    if (!isLocked || runs === LOCKED_RUNS) return outcome;
    await pause(PAUSE_MS);
  }
}

/** Downloads a package of the system and unpacks it in a folder, without installing it. Tells why not when it could not. Needs no rights. */
export async function unpackPackage(name: string, folder: string): Promise<string | undefined> {
  if (process.env["STRUCTWIRE_INSTALL"] === "0") return "STRUCTWIRE_INSTALL=0 forbids installing";
  const apt = findProgram("apt-get");
  if (apt === undefined) return "this system has no apt-get";
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const env = { LC_ALL: "C" };
  const download = ["download", ...APT_PATIENCE, name];
  let outcome = await run(apt, download, { cwd: folder, env });
  for (let runs = 0; outcome.status !== 0 && runs < INSTALL_RUNS; runs++) {
    await runApt([apt, "update", ...APT_PATIENCE], { env }); // a new machine has no lists of packages
    outcome = await run(apt, download, { cwd: folder, env });
  }
  const file = readdirSync(folder).find((each) => each.endsWith(".deb"));
  if (file === undefined) return `apt-get download failed: ${lastLine(outcome.text)}`;
  outcome = await run("dpkg", ["-x", file, "."], { cwd: folder });
  return outcome.status === 0 ? undefined : `dpkg -x failed: ${lastLine(outcome.text)}`;
}

async function passwordlessSudo(): Promise<readonly string[] | undefined> {
  const sudo = findProgram("sudo");
  if (sudo === undefined) return undefined;
  return (await run(sudo, ["-n", "true"])).status === 0 ? [sudo, "-n"] : undefined;
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

// SPDX-License-Identifier: MIT
// Finds programs of the machine that some suites need, and installs the missing ones where that is allowed.
import { accessSync, constants, mkdirSync, readdirSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "./run.ts";

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
  const options = ["-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=600"];
  for (const step of [
    ["update", "-q", "-o", "DPkg::Lock::Timeout=600"],
    ["install", ...options, ...packages],
  ]) {
    const [command = apt, ...args] = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive", apt, ...step];
    const outcome = await run(command, args);
    if (outcome.status !== 0) return `apt-get ${step[0] ?? ""} failed: ${lastLine(outcome.text)}`;
  }
  return undefined;
}

/** Downloads a package of the system and unpacks it in a folder, without installing it. Tells why not when it could not. Needs no rights. */
export async function unpackPackage(name: string, folder: string): Promise<string | undefined> {
  if (process.env["STRUCTWIRE_INSTALL"] === "0") return "STRUCTWIRE_INSTALL=0 forbids installing";
  const apt = findProgram("apt-get");
  if (apt === undefined) return "this system has no apt-get";
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  let outcome = await run(apt, ["download", name], { cwd: folder });
  if (outcome.status !== 0) {
    await run(apt, ["update", "-q", "-o", "DPkg::Lock::Timeout=600"]); // a new machine has no lists of packages
    outcome = await run(apt, ["download", name], { cwd: folder });
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

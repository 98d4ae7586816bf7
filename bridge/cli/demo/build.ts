// SPDX-License-Identifier: MIT
// Builds the drivers of the demo where they are missing or older than their sources.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync, utimesSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { BridgeError } from "../../model/errors.ts";

/** The drivers of the demo, in the order in which they are started. */
export const DRIVERS = ["host", "motor", "tally"] as const;

/** Lines of a failed build that are told. */
const TAIL_LINES = 30;

/** Told how the building goes: a line of its own, or `percent` of the compiling. */
export interface BuildProgress {
  step(text: string): void;
  percent(done: number): void;
}

/** Where the programs are. */
export function driverPath(root: string, name: string): string {
  return join(root, "build", "native", "drivers", name);
}

/** Builds what is missing; resolves at once when nothing is. Rejects with `build_failed`, the end of the log and what to install. */
export async function buildDrivers(root: string, progress: BuildProgress, signal: AbortSignal): Promise<void> {
  if (isFresh(root)) return;
  const [source, folder] = [join(root, "native"), join(root, "build", "native")];
  progress.step("building the drivers; the first time takes about a minute");
  await run(["-S", source, "-B", folder, "-DCMAKE_BUILD_TYPE=RelWithDebInfo"], progress, signal);
  const jobs = String(availableParallelism());
  await run(["--build", folder, "--parallel", jobs, "--target", ...DRIVERS], progress, signal);
  const missing = DRIVERS.filter((name) => !existsSync(driverPath(root, name)));
  if (missing.length > 0) {
    throw new BridgeError("build_failed", `the build made no ${missing.join(", ")} in ${join(folder, "drivers")}`);
  }
  // What needed no new program is still up to date now; else every start would look again.
  const now = new Date();
  for (const name of DRIVERS) utimesSync(driverPath(root, name), now, now);
  progress.step("built the drivers");
}

function isFresh(root: string): boolean {
  const built = DRIVERS.map((name) => modified(driverPath(root, name)));
  return Math.min(...built) > newestSource(join(root, "native"));
}

function modified(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity;
}

function newestSource(folder: string): number {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestSource(path) : modified(path));
  }
  return newest;
}

/** Runs cmake to its end, or until `signal`: then everything that it started is ended too, else make would go on without it. */
function run(args: readonly string[], progress: BuildProgress, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) throw new BridgeError("cancelled");
    const tail: string[] = [];
    let built = 0;
    const child = spawn("cmake", args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
    const stop = (): void => {
      endGroup(child.pid);
      reject(new BridgeError("cancelled"));
    };
    signal.addEventListener("abort", stop, { once: true });
    const read = (line: string): void => {
      if (signal.aborted) return;
      tail.push(line);
      if (tail.length > TAIL_LINES) tail.shift();
      // make counts each target from 0 to 100, ninja all of them together.
      const percent = /^\[\s*(\d+)%\]/.exec(line)?.[1];
      if (percent !== undefined) progress.percent(Math.floor((built * 100 + Number(percent)) / DRIVERS.length));
      if (DRIVERS.some((name) => line.endsWith(`Built target ${name}`)))
        built = Math.min(built + 1, DRIVERS.length - 1);
      const done = ninjaPercent(line);
      if (done !== undefined) progress.percent(done);
    };
    createInterface({ input: child.stdout }).on("line", read);
    createInterface({ input: child.stderr }).on("line", read);
    child.on("error", (cause: NodeJS.ErrnoException) => {
      const why = cause.code === "ENOENT" ? "cmake is not installed" : cause.message;
      reject(buildFailed(why, tail, cause));
    });
    child.on("close", (code) => {
      signal.removeEventListener("abort", stop);
      if (code === 0) resolve();
      else reject(buildFailed(`cmake ended with ${String(code)}`, tail));
    });
  });
}

function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, "SIGTERM");
  } catch {
    // It ended by itself.
  }
}

function ninjaPercent(line: string): number | undefined {
  const [, done, all] = /^\[(\d+)\/(\d+)\]/.exec(line) ?? [];
  return done === undefined ? undefined : Math.floor((Number(done) * 100) / Number(all));
}

/** What CMake says when there is no make, no compiler or no compiler that works, or when it is too old itself. */
const TOOL_MISSING =
  /CMAKE_MAKE_PROGRAM|No CMAKE_\w+_COMPILER|CMAKE_\w+_COMPILER not set|is not able to compile a simple test program|will not be able to correctly generate this project|CMake [\d.]+ or higher is required/;

function buildFailed(why: string, tail: readonly string[], cause?: NodeJS.ErrnoException): BridgeError {
  const log = tail.length === 0 ? "" : `${tail.join("\n")}\n`;
  const isToolMissing = cause?.code === "ENOENT" || TOOL_MISSING.test(log.replaceAll(/\s+/g, " "));
  const advice = isToolMissing
    ? "CMake 3.16, make, and a C and C++ compiler are needed: apt-get install cmake make g++ (or what your system calls them)"
    : "What stands above says where";
  return new BridgeError("build_failed", `${log}building the drivers failed: ${why}. ${advice}`, { cause });
}

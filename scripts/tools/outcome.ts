// SPDX-License-Identifier: MIT
// Runs one suite and counts what passed, failed and was left out.
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { packageProgram, ROOT } from "./paths.ts";
import { buildNative } from "./parts.ts";
import { type Outcome, run } from "./run.ts";
import { type MochaSuite, type NativeSuite, type Suite, suiteFiles } from "./suites.ts";

/** How a suite ended. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** Tests that left themselves out. */
  readonly pending: number;
  /** What the runner said of the failed ones; empty when none failed. */
  readonly report: string;
}

// A suite that hangs is a fault of its own; the slowest takes a few minutes on two cores, and some machines are far slower.
const SUITE_TIMEOUT_MS = 45 * 60_000;

/** As native/test/CMakeLists.txt has it: under sanitizers, on a slow machine. */
const NATIVE_TEST_TIMEOUT_S = 900;

/** Runs a suite with its output shown. Never rejects: what breaks counts as one failure. */
export async function runSuite(suite: Suite): Promise<Counts> {
  return suite.kind === "mocha" ? runMocha(suite) : runNative(suite);
}

async function runMocha(suite: MochaSuite): Promise<Counts> {
  const files = suiteFiles(suite);
  if (files.length === 0) {
    process.stdout.write("there are no files of this suite\n");
    return { passed: 0, failed: 1, pending: 0, report: "there are no files of this suite" };
  }
  const outcome = await run(packageProgram("mocha"), ["--no-color", "--reporter", suite.reporter, ...files], {
    cwd: ROOT,
    output: "both",
    timeoutMs: suite.timeoutMs ?? SUITE_TIMEOUT_MS,
  });
  return complete(outcome, {
    passed: count(outcome.text, /^ {2}(\d+) passing/m),
    failed: count(outcome.text, /^ {2}(\d+) failing/m),
    pending: count(outcome.text, /^ {2}(\d+) pending/m),
    report: /^ {2}\d+ failing$[^]*/m.exec(outcome.text)?.[0].trimEnd() ?? "",
  });
}

/** Builds a native suite and returns its folder. Throws with the compiler's output. */
export async function buildSuite(suite: NativeSuite): Promise<string> {
  const folder = join("build", "test", suite.name);
  await buildNative(folder, ["-DSTRUCTWIRE_TESTS=ON", ...suite.settings], availableParallelism(), "keep");
  return folder;
}

async function runNative(suite: NativeSuite): Promise<Counts> {
  let folder: string;
  try {
    folder = await buildSuite(suite);
  } catch (error) {
    const report = error instanceof Error ? error.message : String(error);
    process.stdout.write(`${report}\n`);
    return { passed: 0, failed: 1, pending: 0, report };
  }
  const outcome = await run(
    "ctest",
    ["--test-dir", folder, "--output-on-failure", "--timeout", String(NATIVE_TEST_TIMEOUT_S)],
    {
      cwd: ROOT,
      output: "both",
      timeoutMs: SUITE_TIMEOUT_MS,
    },
  );
  const failed = count(outcome.text, /tests passed, (\d+) tests? failed out of \d+/);
  const total = count(outcome.text, /tests passed, \d+ tests? failed out of (\d+)/);
  const report = /^The following tests FAILED:$[^]*/m.exec(outcome.text)?.[0].trimEnd() ?? "";
  return complete(outcome, { passed: total - failed, failed, pending: 0, report });
}

function count(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.[1] ?? 0);
}

/** A runner that failed without counting a failed test (a crash, a hang) failed once. */
function complete(outcome: Outcome, counts: Counts): Counts {
  if (outcome.status === 0 || counts.failed > 0) return counts;
  return { ...counts, failed: 1, report: `the runner itself failed (${String(outcome.status)})` };
}

// SPDX-License-Identifier: MIT
// `npm run fuzz -- [SECONDS]`: every fuzzer for so long (300), the native ones under sanitizers. What they find new stays in build/fuzz.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { bring, NEEDS } from "./tools/needs.ts";
import { buildSuite } from "./tools/outcome.ts";
import { packageProgram, ROOT } from "./tools/paths.ts";
import { run } from "./tools/run.ts";
import { SUITES } from "./tools/suites.ts";

/** The native fuzzers with the folders of their seeds. */
const VECTORS = ["test/vectors/streams", "test/vectors/good", "test/vectors/bad"];
const FUZZERS: Readonly<Record<string, readonly string[]>> = {
  inbox: ["native/fuzz/inbox"],
  split: VECTORS,
  decode: VECTORS,
  plan: ["native/fuzz/plan"],
};
const MAX_INPUT_BYTES = 8192;
/** Beside the time that was asked for. */
const SPARE_MS = 120_000;

const seconds = Number(process.argv[2] ?? 300);
if (Number.isFinite(seconds) && seconds > 0) await main();
else {
  process.stderr.write("usage: npm run fuzz -- [SECONDS]\n");
  process.exitCode = 2;
}

async function main(): Promise<void> {
  const native = await fuzzNative();
  const hostile = await fuzzTypeScript();
  const failed = [...native, hostile].filter((isWell) => !isWell).length;
  process.stdout.write(`${String(native.length + 1 - failed)} passed, ${String(failed)} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

async function fuzzNative(): Promise<readonly boolean[]> {
  const clang = await bring(NEEDS.libfuzzer);
  if ("reason" in clang) {
    process.stdout.write(`the native fuzzers are left out: ${clang.reason}\n`);
    return [false];
  }
  const suite = SUITES.find(({ name }) => name === "native-fuzz");
  if (suite?.kind !== "native") throw new Error("there is no suite native-fuzz");
  const folder = await buildSuite(suite);
  const results: boolean[] = [];
  for (const [name, seeds] of Object.entries(FUZZERS)) {
    const corpus = join("build", "fuzz", name);
    mkdirSync(join(ROOT, corpus), { recursive: true });
    process.stdout.write(`\n== ${name}\n`);
    const limits = [
      `-max_total_time=${String(seconds)}`,
      `-max_len=${String(MAX_INPUT_BYTES)}`,
      "-print_final_stats=1",
    ];
    const { status } = await run(
      join(ROOT, folder, "fuzz", `structwire_fuzz_${name}`),
      [...limits, `-artifact_prefix=build/fuzz/${name}-`, corpus, ...seeds],
      { cwd: ROOT, output: "show", timeoutMs: seconds * 1000 + SPARE_MS },
    );
    results.push(status === 0);
  }
  return results;
}

async function fuzzTypeScript(): Promise<boolean> {
  process.stdout.write("\n== hostile input\n");
  const { status } = await run(packageProgram("mocha"), ["test/fuzz/hostile-input.test.ts"], {
    cwd: ROOT,
    env: { STRUCTWIRE_FUZZ_SECONDS: String(seconds) },
    output: "show",
    timeoutMs: 10 * (seconds * 1000 + SPARE_MS),
  });
  return status === 0;
}

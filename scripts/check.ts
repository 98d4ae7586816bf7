// SPDX-License-Identifier: MIT
// `npm run check`: everything that can be said of the code without running it. Prints one line a check, and what failed.
import { availableParallelism } from "node:os";
import { type Check, CHECKS } from "./tools/checks.ts";
import { buildPart, PARTS } from "./tools/parts.ts";

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const names = process.argv.slice(2);
await main(names.length === 0 ? CHECKS : CHECKS.filter((check) => names.includes(check.name)));

async function main(wanted: readonly Check[]): Promise<void> {
  let failed = 0;
  const broken = wanted.some((check) => check.built) ? await build() : undefined;
  for (const check of wanted) {
    const started = performance.now();
    const complaint = check.built && broken !== undefined ? broken : await complain(check);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    say(`${check.name.padEnd(14)} ${complaint === undefined ? "ok" : "FAILED"} (${seconds} s)`);
    if (complaint === undefined) continue;
    failed++;
    say(complaint);
  }
  say(`${String(wanted.length - failed)} passed, ${String(failed)} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

/** Builds what the checks read: the C linter needs what `gen` writes. */
async function build(): Promise<string | undefined> {
  return thrown(async () => {
    for (const part of PARTS) await buildPart(part, { show: false, jobs: availableParallelism(), say });
    return undefined;
  });
}

async function complain(check: Check): Promise<string | undefined> {
  return thrown(() => check.complain());
}

async function thrown(work: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await work();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

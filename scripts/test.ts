// SPDX-License-Identifier: MIT
// `npm test`: brings what the suites need where it may, builds everything, runs the suites, and says what was left out and why.
// With names of suites it runs those only; with CI=true a missing part is a failure.
import { availableParallelism } from "node:os";
import { bring, NEEDS } from "./tools/needs.ts";
import { type Counts, runSuite } from "./tools/outcome.ts";
import { buildPart, PARTS } from "./tools/parts.ts";
import { type Suite, SUITES } from "./tools/suites.ts";

const strict = process.env["CI"] === "true";
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const suites = chosen(process.argv.slice(2));
if (suites === undefined) process.exitCode = 2;
else await main(suites);

function chosen(names: readonly string[]): readonly Suite[] | undefined {
  if (names.length === 0) return SUITES;
  const unknown = names.filter((name) => !SUITES.some((suite) => isNamed(suite, name)));
  if (unknown.length === 0) return SUITES.filter((suite) => names.some((name) => isNamed(suite, name)));
  process.stderr.write(
    `no such suite: ${unknown.join(", ")}; there are ${SUITES.map(({ name }) => name).join(", ")}\n`,
  );
  return undefined;
}

/** `native` names its sanitized builds too. */
function isNamed(suite: Suite, name: string): boolean {
  return suite.name === name || suite.name.startsWith(`${name}-`);
}

async function main(wanted: readonly Suite[]): Promise<void> {
  const missing = await bringNeeds(wanted);
  const rows: string[] = [];
  const reports: string[] = [];
  const sum = { passed: 0, failed: 0 };
  const parts = wanted.some((suite) => suite.built) ? PARTS : [];
  try {
    for (const part of parts) await buildPart(part, { show: false, jobs: availableParallelism(), say });
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    say("0 passed, 1 failed");
    process.exitCode = 1;
    return;
  }
  for (const suite of wanted) {
    const reasons = suite.needs.flatMap((name) => missing.get(name) ?? []);
    const regrets = suite.wants?.flatMap((name) => missing.get(name) ?? []) ?? [];
    if (strict && reasons.length + regrets.length > 0) sum.failed++;
    if (reasons.length > 0) {
      rows.push(`${suite.name.padEnd(12)} ${strict ? "FAILED" : "skipped"}: ${reasons.join("; ")}`);
      continue;
    }
    say(`\n== ${suite.name}`);
    const started = performance.now();
    const counts = await runSuite(suite);
    sum.passed += counts.passed;
    sum.failed += counts.failed + (strict ? counts.pending : 0);
    if (counts.failed > 0) reports.push(`== ${suite.name}: what failed\n${counts.report}`);
    rows.push([`${suite.name.padEnd(12)} ${told(counts)}, ${seconds(started)}`, ...regrets].join("; "));
  }
  // Again at the end, where a reader of a long log looks first.
  for (const report of reports) say(`\n${report}`);
  say(`\n${rows.join("\n")}\n`);
  say(`${String(sum.passed)} passed, ${String(sum.failed)} failed`);
  process.exitCode = sum.failed === 0 ? 0 : 1;
}

async function bringNeeds(wanted: readonly Suite[]): Promise<ReadonlyMap<string, string>> {
  const missing = new Map<string, string>();
  for (const name of new Set(wanted.flatMap(({ needs, wants = [] }) => [...needs, ...wants]))) {
    const started = performance.now();
    const answer = await bring(NEEDS[name]);
    if ("reason" in answer) missing.set(name, `${name} is missing: ${answer.reason}`);
    say(`${name}: ${"path" in answer ? answer.path : answer.reason} (${seconds(started)})`);
  }
  return missing;
}

function told({ passed, failed, pending }: Counts): string {
  const left = pending === 0 ? "" : `, ${String(pending)} left out by themselves`;
  return `${String(passed)} passed, ${String(failed)} failed${left}`;
}

function seconds(started: number): string {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}

// SPDX-License-Identifier: MIT
// `npm run bench [-- NAME…] [--rounds N] [--json] [--write] [--tiny]`: measures Structwire against its floors and its peers. What goes on is told on
// standard error; the result is a table on standard output, with --json one object; --write puts it into docs/performance.md.
import { bring, NEEDS } from "../scripts/tools/needs.ts";
import { ADDON, buildNative, buildPart, PARTS } from "../scripts/tools/parts.ts";
import { channels } from "./channels.ts";
import { endToEnd } from "./end-to-end.ts";
import { fanOut } from "./fan-out.ts";
import { growth } from "./growth.ts";
import { ingest } from "./ingest.ts";
import { layout } from "./layout.ts";
import { notebook } from "./notebook.ts";
import { publish } from "./publish.ts";
import { roundTrip } from "./round-trip.ts";
import { slowReader } from "./slow-reader.ts";
import { type Flags, readFlags } from "./support/flags.ts";
import { type Machine, machine } from "./support/machine.ts";
import { type Measured, readMeasured, type Results, writeMeasured } from "./support/page.ts";
import { type Bench, Report } from "./support/report.ts";
import { missingLine, rowLine } from "./support/text.ts";

const BENCHES: readonly Bench[] = [
  layout,
  publish,
  ingest,
  endToEnd,
  roundTrip,
  fanOut,
  channels,
  slowReader,
  growth,
  notebook,
];

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const asked = read();
if (asked === undefined) process.exitCode = 2;
else await main(asked);

function read(): Flags | undefined {
  try {
    return readFlags(
      process.argv.slice(2),
      BENCHES.map(({ name }) => name),
    );
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

async function main(flags: Flags): Promise<void> {
  const { json, write, tiny } = flags;
  const on = machine();
  // An addon that is older than its sources works, and measures something else.
  for (const part of tiny ? PARTS : [ADDON, ...PARTS]) await buildPart(part, { show: false, jobs: on.cores, say });
  await buildNative("build/bench", ["-DCMAKE_BUILD_TYPE=Release"], on.cores, "keep", "bench/native");
  for (const need of [NEEDS["python-peers"], NEEDS["nats-server"]]) await bring(need);
  const results: Measured = await measureAll(flags, on);
  if (write) await writeMeasured({ ...readMeasured(), ...results });
  const rows = Object.values(results).flatMap((each) => each.rows);
  const missing = Object.values(results).flatMap((each) => each.missing);
  if (json) {
    const figures = Object.values(results).flatMap((each) => each.figures);
    process.stdout.write(`${JSON.stringify({ machine: on, rows, figures, missing })}\n`);
    return;
  }
  for (const row of rows) process.stdout.write(`${rowLine(row)}\n`);
  for (const each of missing) process.stdout.write(`${missingLine(each)}\n`);
}

/** Runs the benchmarks that were asked for, one after the other. */
async function measureAll({ names, rounds, tiny }: Flags, on: Machine): Promise<Measured> {
  const results: Record<string, Results & { machine: Machine }> = {};
  for (const { name, run } of BENCHES.filter((bench) => names.includes(bench.name))) {
    const report = new Report();
    await run({
      ...{ rounds, tiny, say },
      row: (spec, ratios) => {
        say(rowLine(report.add(spec, ratios)));
      },
      figure: (id, value, unit) => report.figures.push({ id, value, unit }),
      missing: (id, reason) => {
        say(missingLine({ id, reason }));
        report.missing.push({ id, reason });
      },
    });
    const { rows, figures, missing } = report;
    results[name] = { machine: on, rows, figures, missing };
  }
  return results;
}

// SPDX-License-Identifier: MIT
// `npm run bench [-- NAME…] [--rounds N] [--json] [--write] [--tiny]`: measures Structwire against its floors and its peers. What goes on is told on
// standard error; the result is a table on standard output, with --json one object; --write puts it into docs/performance.md.
import { bring, NEEDS } from "../scripts/tools/needs.ts";
import { buildNative, buildPart, PARTS } from "../scripts/tools/parts.ts";
import { endToEnd } from "./end-to-end.ts";
import { fanOut } from "./fan-out.ts";
import { growth } from "./growth.ts";
import { ingest } from "./ingest.ts";
import { layout } from "./layout.ts";
import { publish } from "./publish.ts";
import { roundTrip } from "./round-trip.ts";
import { slowReader } from "./slow-reader.ts";
import { type Flags, readFlags } from "./support/flags.ts";
import { machine } from "./support/machine.ts";
import { type Bench, Report } from "./support/report.ts";
import { missingLine, rowLine } from "./support/text.ts";

const BENCHES: readonly Bench[] = [layout, publish, ingest, endToEnd, roundTrip, fanOut, slowReader, growth];

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const flags = asked();
if (flags === undefined) process.exitCode = 2;
else await main(flags);

function asked(): Flags | undefined {
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

async function main({ names, rounds, tiny, json }: Flags): Promise<void> {
  const on = machine();
  for (const part of PARTS) await buildPart(part, { show: false, jobs: on.cores, say });
  await buildNative("build/bench", ["-DCMAKE_BUILD_TYPE=Release"], on.cores, "keep", "bench/native");
  for (const need of [NEEDS["python-peers"], NEEDS["nats-server"]]) await bring(need);
  const report = new Report();
  for (const bench of BENCHES.filter(({ name }) => names.includes(name))) {
    await bench.run({
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
  }
  const { rows, figures, missing } = report;
  if (json) {
    process.stdout.write(`${JSON.stringify({ machine: on, rows, figures, missing })}\n`);
    return;
  }
  for (const row of rows) process.stdout.write(`${rowLine(row)}\n`);
  for (const each of missing) process.stdout.write(`${missingLine(each)}\n`);
}

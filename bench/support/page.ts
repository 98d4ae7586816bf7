// SPDX-License-Identifier: MIT
// Puts results into docs/performance.md: what was measured is kept in bench/measured.json, and the page's tables are made from that.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { ROOT } from "../../scripts/tools/paths.ts";
import { judge } from "./gate.ts";
import type { Machine } from "./machine.ts";
import type { Figure, Missing, Row } from "./report.ts";
import { gateText, ratioText } from "./text.ts";

/** The results of one benchmark, or of several. */
export interface Results {
  readonly rows: readonly Row[];
  readonly figures: readonly Figure[];
  readonly missing: readonly Missing[];
}

/** What was measured last, by benchmark. */
export type Measured = Readonly<Record<string, Results & { readonly machine: Machine }>>;

const PAGE = join(ROOT, "docs", "performance.md");
const KEPT = join(ROOT, "bench", "measured.json");

/** What is kept, or nothing. */
export function readMeasured(): Measured {
  return existsSync(KEPT) ? (JSON.parse(readFileSync(KEPT, "utf8")) as Measured) : {};
}

/** Keeps results and writes the page anew. */
export async function writeMeasured(measured: Measured): Promise<void> {
  writeFileSync(KEPT, await pretty(JSON.stringify(measured), KEPT));
  writeFileSync(PAGE, await pageOf(readFileSync(PAGE, "utf8"), measured));
}

/** The page with its tables made anew; each stands between `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`. */
export async function pageOf(page: string, measured: Measured): Promise<string> {
  const written = page.replace(
    /(<!-- bench:([a-z-]+) -->)[^]*?(<!-- \/bench:\2 -->)/g,
    (_, start: string, name: string, end: string) => `${start}\n\n${tableOf(name, measured)}\n\n${end}`,
  );
  return pretty(written, PAGE);
}

function tableOf(name: string, measured: Measured): string {
  if (name === "gates") return gatesTable(measured);
  const results = measured[name];
  if (results === undefined) return "Not measured yet.";
  const { machine, rows, figures, missing } = results;
  const lines = rows.map(({ id, of, what, ratio, q1, q3, gate }) =>
    line(
      `\`${id}\``,
      `${of} ÷ ${what}`,
      ratioText(ratio),
      `${ratioText(q1)} … ${ratioText(q3)}`,
      gate === undefined ? "" : gateText(gate),
    ),
  );
  const seen = figures.map(({ id, value, unit }) => `\`${id}\` ${numberText(value)} ${unit}`).join(" · ");
  return [
    `${machine.date}, ${machine.cpu}, ${String(machine.cores)} cores, Linux ${machine.kernel}, Node ${machine.node}, load ${String(machine.load)} before; ${String(rows[0]?.rounds ?? 0)} rounds.`,
    "",
    line("id", "ours ÷ theirs", "ratio", "quartiles", "to hold"),
    line("---", "---", "---", "---", "---"),
    ...lines,
    ...missing.map(({ id, reason }) => line(`\`${id}\``, `missing: ${reason}`, "", "", "")),
    "",
    `In the same run: ${seen}.`,
  ].join("\n");
}

/** The numbers to hold, and whether they do. */
function gatesTable(measured: Measured): string {
  const rows = Object.values(measured).flatMap((results) => results.rows);
  const lines = rows.flatMap((row) =>
    row.gate === undefined
      ? []
      : [
          line(
            `\`${row.id}\``,
            `${row.of} ${gateText(row.gate)} × ${row.what}`,
            ratioText(row.ratio),
            judge(row, row.gate),
          ),
        ],
  );
  return [line("id", "to hold", "measured", ""), line("---", "---", "---", "---"), ...lines].join("\n");
}

function line(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
}

function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}

async function pretty(text: string, path: string): Promise<string> {
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}

// SPDX-License-Identifier: MIT
// Holds what gen reads of many headers against what their compiler says of them, several headers at a time.
import { spawnSync } from "node:child_process";
import { isAbsolute, join } from "node:path";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { emitCHeader, emitCSource } from "../../../bridge/generate/emit/c-files.ts";
import type { BuiltSchema } from "../../../bridge/generate/schema/schema.ts";
import { BridgeError } from "../../../bridge/model/errors.ts";
import { askByCompiling, askByRunning, compare, run, withFolder } from "../compilers.ts";
import { schemaOfAll } from "../gen-schemas.ts";
import { enumProbes, probesOf, type Probes } from "../layout-truth.ts";
import type { HeaderSet } from "./headers.ts";
import type { TruthTarget } from "./targets.ts";

/** What was asked, and what was wrong. */
export interface Survey {
  /** That compile by themselves. */
  headers: number;
  structs: number;
  fields: number;
  bitfields: number;
  enums: number;
  /** Answers of the compiler that were compared. */
  checks: number;
  /** Structs that cannot be sent: pointers, flexible arrays and the like. */
  refused: number;
  /** Headers that do not compile by themselves. */
  readonly left: string[];
  readonly wrong: string[];
}

const SDK_HEADERS = fileURLToPath(new URL("../../../native/include", import.meta.url));
const BATCH_HEADERS = 24;
/** Every batch takes the next, so that each is read many times. */
const DWARF_VERSIONS = [5, 4, 3, 2];

/** Surveys one set of headers. Blocks while compilers run. */
export function survey(target: TruthTarget, set: HeaderSet): Survey {
  const surveyor = new Surveyor(target, set);
  const alone = set.headers.filter((header) => surveyor.compiles([header]));
  surveyor.found.left.push(...set.headers.filter((header) => !alone.includes(header)));
  surveyor.found.headers = alone.length;
  for (let at = 0; at < alone.length; at += BATCH_HEADERS) surveyor.visit(alone.slice(at, at + BATCH_HEADERS));
  return surveyor.found;
}

class Surveyor {
  readonly found: Survey = {
    headers: 0,
    structs: 0,
    fields: 0,
    bitfields: 0,
    enums: 0,
    checks: 0,
    refused: 0,
    left: [],
    wrong: [],
  };
  readonly #target: TruthTarget;
  readonly #set: HeaderSet;
  /** Types that were asked about, by their name and place: most headers include some of the others. */
  readonly #asked = new Set<string>();
  #batches = 0;

  constructor(target: TruthTarget, set: HeaderSet) {
    this.#target = target;
    this.#set = set;
  }

  compiles(headers: readonly string[]): boolean {
    const input = includesOf(headers);
    const flags = [...this.#set.flags, "-w", "-fsyntax-only", "-x", "c", "-"];
    return spawnSync(this.#target.compiler, flags, { input, stdio: ["pipe", "ignore", "ignore"] }).status === 0;
  }

  /** Headers that cannot be included together are taken apart. */
  visit(headers: readonly string[]): void {
    if (headers.length > 1 && !this.compiles(headers)) this.#halve(headers);
    else
      withFolder((folder) => {
        this.#examine(folder, headers);
      });
  }

  #halve(headers: readonly string[]): void {
    const half = Math.ceil(headers.length / 2);
    this.visit(headers.slice(0, half));
    this.visit(headers.slice(half));
  }

  #examine(folder: string, headers: readonly string[]): void {
    const header = join(folder, "batch.h");
    writeFileSync(header, includesOf(headers));
    const version = DWARF_VERSIONS[this.#batches++ % DWARF_VERSIONS.length] ?? 5;
    const { compiler } = this.#target;
    try {
      const whole = schemaOfAll(compiler, header, [...this.#set.flags, `-gdwarf-${String(version)}`]);
      const fresh = this.#fresh(whole);
      this.found.refused += whole.refused.filter((reason) => this.#isFresh(reason)).length;
      const enums = this.#enumNames(header).filter((name) => this.#isFresh(`enum ${name} ${headers.join(" ")}`));
      const probes = withEnums(probesOf(fresh), enumProbes(whole.catalog, enums));
      this.#count(fresh, probes, enums.length);
      this.#compare(header, probes);
      this.#assertInC(folder, whole);
    } catch (thrown) {
      // The format bounds what one schema can hold; so many headers together may be more.
      if (thrown instanceof BridgeError && headers.length > 1) this.#halve(headers);
      else this.found.wrong.push(`${headers.join(" ")}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  }

  #compare(header: string, probes: Probes): void {
    const { compiler, emulator } = this.#target;
    const includes = `#include "${header}"`;
    const truth = this.#set.runs
      ? askByRunning(compiler, this.#set.flags, includes, probes, emulator)
      : askByCompiling(compiler, this.#set.flags, includes, probes);
    const { asked, answered, wrong, misplaced } = compare(probes, truth);
    this.found.checks += answered;
    this.found.wrong.push(...wrong, ...misplaced);
    if (asked !== answered) this.found.wrong.push(`${String(asked - answered)} of ${String(asked)} have no answer`);
  }

  /** Compiles what gen writes for the driver, whose assertions ask the compiler once more. */
  #assertInC(folder: string, built: BuiltSchema): void {
    if (built.records.size === 0) return;
    const unit = { name: "batch", header: "batch.h", include: "batch.h", built, blob: Uint8Array.of(0) };
    const source = join(folder, "batch.schema.c");
    writeFileSync(source, emitCSource(unit));
    writeFileSync(join(folder, "batch.schema.h"), emitCHeader(unit));
    run(this.#target.compiler, [...this.#set.flags, "-w", "-fsyntax-only", "-I", SDK_HEADERS, source]);
  }

  /** What is in this schema and was in none before. */
  #fresh(built: BuiltSchema): BuiltSchema {
    const records = [...built.records].filter(([, { spelling, position }]) =>
      this.#isFresh(`${spelling ?? ""} ${position?.file ?? ""}:${String(position?.line)}`),
    );
    return { ...built, records: new Map(records) };
  }

  #isFresh(key: string): boolean {
    if (this.#asked.has(key)) return false;
    this.#asked.add(key);
    return true;
  }

  #enumNames(header: string): readonly string[] {
    const text = run(this.#target.compiler, [...this.#set.flags, "-w", "-E", "-P", header]);
    return [...new Set([...text.matchAll(/\benum\s+(\w+)\s*\{/g)].flatMap(([, name]) => name ?? []))];
  }

  #count({ schema, records }: BuiltSchema, { bits }: Probes, enums: number): void {
    for (const type of records.keys()) {
      const struct = schema.types[type];
      if (struct?.k === "struct") this.found.fields += struct.f.length;
    }
    this.found.structs += records.size;
    this.found.bitfields += bits.length;
    this.found.enums += enums;
  }
}

function withEnums({ numbers, bits }: Probes, enums: Probes["numbers"]): Probes {
  return { numbers: [...numbers, ...enums], bits };
}

function includesOf(headers: readonly string[]): string {
  return headers.map((header) => (isAbsolute(header) ? `#include "${header}"\n` : `#include <${header}>\n`)).join("");
}

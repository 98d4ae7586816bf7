// SPDX-License-Identifier: MIT
// The compilers that tests find on this machine, and running them.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Budget } from "../../bridge/generate/object/byte-reader.ts";
import { openElf } from "../../bridge/generate/object/elf.ts";
import { SCALARS } from "../../bridge/layout/scalars.ts";
import { truthObject, truthProgram, type Probes } from "./layout-truth.ts";

/** Whether a command can be run here. */
export function hasCommand(command: string): boolean {
  return spawnSync(command, ["--version"], { stdio: "ignore" }).status === 0;
}

/** Runs `work` with a folder of its own, which is gone afterwards. */
export function withFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "structwire-test-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
  }
}

/** Runs a command to its end and returns its output; throws with what it complained about. */
export function run(command: string, args: readonly string[]): string {
  const done = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  if (done.status !== 0)
    throw new Error(`${command} ${args.join(" ")}\n${done.error?.message ?? ""}${done.stderr}${done.stdout}`);
  return done.stdout;
}

/** Compiles a program and returns what it prints; one of another machine has its libraries in it and runs in `emulator`. */
export function compileAndRun(
  compiler: string,
  args: readonly string[],
  program: string,
  emulator: string | undefined,
): string {
  run(compiler, [...args, ...(emulator === undefined ? [] : ["-static"]), "-o", program]);
  return emulator === undefined ? run(program, []) : run(emulator, [program]);
}

/** What the compiler says, by the index of the probe. */
export interface Truth {
  readonly numbers: ReadonlyMap<number, bigint>;
  readonly bits: ReadonlyMap<number, { readonly bytes: Uint8Array; readonly isNegative?: boolean }>;
}

/** Compiles and runs the truth program, with `emulator` when it is one of another machine. */
export function askByRunning(
  compiler: string,
  flags: readonly string[],
  includes: string,
  probes: Probes,
  emulator?: string,
): Truth {
  const output = withFolder((folder) => {
    const source = join(folder, "truth.c");
    const program = join(folder, "truth");
    writeFileSync(source, truthProgram(includes, probes));
    return compileAndRun(compiler, [...flags, "-w", "-O0", source], program, emulator);
  });
  const lines = output
    .trim()
    .split("\n")
    .map((line) => line.split(" "));
  return {
    numbers: new Map(lines.filter(([kind]) => kind === "n").map(([, at, value]) => [Number(at), BigInt(value ?? "")])),
    bits: new Map(
      lines
        .filter(([kind]) => kind === "b")
        .map(([, at, negative, hex]) => [
          Number(at),
          { bytes: Uint8Array.from(Buffer.from(hex ?? "", "hex")), isNegative: negative === "1" },
        ]),
    ),
  };
}

/** Compiles only, and reads the truth from the object file. */
export function askByCompiling(compiler: string, flags: readonly string[], includes: string, probes: Probes): Truth {
  const object = withFolder((folder) => {
    const source = join(folder, "truth.c");
    writeFileSync(source, truthObject(includes, probes));
    run(compiler, [...flags, "-w", "-c", source, "-o", join(folder, "truth.o")]);
    return readFileSync(join(folder, "truth.o"));
  });
  const elf = openElf(object, new Budget(1 << 26));
  const section = elf.section(".truth") ?? new Uint8Array(0);
  const view = new DataView(section.buffer, section.byteOffset, section.byteLength);
  const numbers = new Map<number, bigint>();
  for (let at = 0; at < view.byteLength; at += 16) {
    numbers.set(Number(view.getBigUint64(at, elf.littleEndian)), view.getBigInt64(at + 8, elf.littleEndian));
  }
  const bits = probes.bits.flatMap((_, at): [number, { bytes: Uint8Array }][] => {
    const bytes = elf.section(`.structwire.${String(at)}`);
    return bytes === undefined ? [] : [[at, { bytes }]];
  });
  return { numbers, bits: new Map(bits) };
}

/** How many answers there were, and those that differ from the schema. */
export interface Comparison {
  readonly asked: number;
  readonly answered: number;
  readonly wrong: readonly string[];
  /** Bitfields that the debug information puts elsewhere. */
  readonly misplaced: readonly string[];
}

/** Holds the compiler's answers against what the schema says. */
export function compare(probes: Probes, truth: Truth): Comparison {
  const wrong: string[] = [];
  const misplaced: string[] = [];
  for (const [at, value] of truth.numbers) {
    const probe = probes.numbers[at];
    if (probe?.expected !== value)
      wrong.push(`${probe?.what ?? "?"}: schema ${String(probe?.expected)}, compiler ${String(value)}`);
  }
  for (const [at, { bytes, isNegative }] of truth.bits) {
    const probe = probes.bits[at];
    const what = `${probe?.spelling ?? "?"} ${probe?.path ?? "?"}`;
    const expected = Buffer.from(probe?.expected ?? []).toString("hex");
    const found = Buffer.from(bytes).toString("hex");
    if (expected !== found) misplaced.push(`${what}: schema ${expected}, compiler ${found}`);
    // A char's sign is the target's business, and it is no number in the schema.
    const isSigned = probe?.scalar === "c8" ? isNegative : probe !== undefined && SCALARS[probe.scalar].signed;
    if (isNegative !== undefined && isNegative !== isSigned) wrong.push(`${what}: sign differs`);
  }
  return {
    asked: probes.numbers.length + probes.bits.length,
    answered: truth.numbers.size + truth.bits.size,
    wrong,
    misplaced,
  };
}

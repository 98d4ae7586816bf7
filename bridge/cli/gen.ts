// SPDX-License-Identifier: MIT
// The command `gen`: from a C header to a schema, its C tables and its TypeScript types.
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { Command, Option } from "commander";
import { BridgeError } from "../model/errors.ts";
import { defaultCompiler } from "../generate/compile.ts";
import { generate, type GenerateResult } from "../generate/generate.ts";
import { splitFlags } from "../generate/flags.ts";

interface GenFlags {
  readonly type: readonly string[];
  readonly out: string;
  readonly cc?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly flagsFile?: string;
  readonly depfile?: string;
}

const EXAMPLES = `
Compiles the header with your own compiler and flags, reads the layout from the debug information and writes, for motor.h,
  motor.schema.c and .h   the tables for the driver, with static assertions on every size and offset
  motor.schema.json       the schema itself
  motor.d.ts              the types for TypeScript
Nothing of the target is run, so a cross compiler works as well. Annotations stand in comments (docs/gen.md).

Examples:
  $ structwire gen motor.h                                   every annotated struct
  $ structwire gen motor.h --out build -- -I include -DFAST  with the flags of the driver's build
  $ structwire gen points.h --type point --type struct_pose  these structs
  $ structwire gen board.h --cc arm-none-eabi-gcc -- -mcpu=cortex-m4
`;

/** Makes the command. Its action throws BridgeErrors for the command line to report. */
export function genCommand(): Command {
  return new Command("gen")
    .summary("generate schema, C tables and TypeScript types from a C header")
    .description("Generates schema, C tables and TypeScript types from the structs of a C header.")
    .argument("<header>", "C header with the structs")
    .argument("[cflags...]", "after --: flags for the compiler, as the driver is built with")
    .option("--type <name>", "make this struct a message (repeatable)", (name, names: string[]) => [...names, name], [])
    .option("--out <folder>", "where to write the files", ".")
    .option("--cc <compiler>", "compiler to run (default: $CC, else cc)")
    .option("--json", "one JSON object a line")
    .option("--quiet", "say nothing when all is well")
    .addOption(new Option("--flags-file <file>", "more flags for the compiler, one a line").hideHelp())
    .addOption(new Option("--depfile <file>", "write what the result depends on, for make and ninja").hideHelp())
    .addHelpText("after", EXAMPLES)
    .action(runGen);
}

function runGen(header: string, cflags: readonly string[], flags: GenFlags): void {
  const options = {
    header,
    outFolder: flags.out,
    types: flags.type,
    compiler: flags.cc ?? defaultCompiler(header, process.env),
    flags: [...(flags.flagsFile === undefined ? [] : splitFlags(readFlags(flags.flagsFile))), ...cflags],
    ...(flags.depfile === undefined ? {} : { dependencyFile: flags.depfile }),
  };
  const result = generate(options, (file, line, text) => {
    process.stderr.write(`${shown(file)}:${String(line)}: warning: ${text}\n`);
  });
  for (const reason of result.skipped) process.stderr.write(`structwire: left out: ${reason}\n`);
  if (flags.json === true) printJson(result);
  else if (flags.quiet !== true) printText(result);
}

function readFlags(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new BridgeError("system_error", `${file} cannot be read`, { cause });
  }
}

function printJson({ schema, files }: GenerateResult): void {
  for (const message of schema.messages) {
    const type = schema.types[message.type];
    const size = type?.k === "struct" ? { size: type.size, hash: type.hash } : {};
    process.stdout.write(`${JSON.stringify({ ...message, ...size })}\n`);
  }
  for (const { path, written } of files) process.stdout.write(`${JSON.stringify({ file: path, written })}\n`);
}

function printText({ schema, files }: GenerateResult): void {
  for (const { role, name, type } of schema.messages) {
    const struct = schema.types[type];
    const size = struct?.k === "struct" ? `${String(struct.size)} bytes` : "";
    process.stdout.write(`${role} ${name}: ${type}, ${size}\n`);
  }
  for (const { path, written } of files) process.stdout.write(`${shown(path)}${written ? "" : " (unchanged)"}\n`);
}

function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith("..") ? path : near;
}

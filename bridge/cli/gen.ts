// SPDX-License-Identifier: MIT
// The command `gen`: from a C header to a schema, its C tables and its TypeScript types.
import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { Command, Option } from "commander";
import { counted } from "../model/counted.ts";
import { BridgeError } from "../model/errors.ts";
import { defaultCompiler } from "../generate/compile.ts";
import { findBuildCommand } from "../generate/compile-commands.ts";
import { generate, type GenerateOptions, type GenerateResult } from "../generate/generate.ts";
import { splitFlags, withAbsolutePaths } from "../generate/flags.ts";
import { collect, flagsOf, outputOf, withOutputFlags, type OutputFlags } from "./flags.ts";
import type { Output } from "./output.ts";

interface GenFlags extends OutputFlags {
  readonly type?: readonly string[];
  readonly out: string;
  readonly cc?: string;
  readonly build?: string;
  readonly python?: boolean;
  readonly quiet?: boolean;
  readonly flagsFile?: string;
  readonly depfile?: string;
}

const EXAMPLES = `
Compiles the header with your own compiler and flags, reads the layout from the debug information and writes, for motor.h,
  motor.schema.c and .h   the tables for the driver, with static assertions on every size and offset
  motor.schema.json       the schema itself
  motor.d.ts              the types for TypeScript
  motor.py                with --python: numpy dtypes of the structs
Nothing of the target is run, so a cross compiler works as well. Annotations stand in comments (docs/gen.md).

Examples:
  $ structwire gen motor.h                                   every struct that can be a message
  $ structwire gen motor.h --out build -- -I include -DFAST  with the flags of the driver's build
  $ structwire gen motor.h -p build                          with those of a build's compile_commands.json
  $ structwire gen points.h --type point --type "struct pose"  just these
  $ structwire gen board.h --cc arm-none-eabi-gcc -- -mcpu=cortex-m4
`;

/** Makes the command. Its action throws BridgeErrors for the command line to report. */
export function genCommand(): Command {
  const command = new Command("gen")
    .summary("generate schema, C tables and TypeScript types from a C header")
    .description("Generates schema, C tables and TypeScript types from the structs of a C header.")
    .argument("<header>", "C header with the structs")
    .argument("[cflags...]", "after --: flags for the compiler, as the driver is built with")
    .option("--type <name>", "make only this struct a message (repeatable)", collect)
    .option("--out <folder>", "where to write the files", ".")
    .option("--cc <compiler>", "compiler to run (default: $CC, else cc; for C++ $CXX, else c++)")
    .option("--python", "write numpy dtypes for Python too")
    .option("-p, --build <folder>", "take compiler and flags from the compile_commands.json in this folder")
    .option("--quiet", "say nothing when all is well")
    .addOption(new Option("--flags-file <file>", "more flags for the compiler, one a line").hideHelp())
    .addOption(new Option("--depfile <file>", "write what the result depends on, for make and ninja").hideHelp());
  return withOutputFlags(command)
    .addHelpText("after", EXAMPLES)
    .action((header: string, cflags: readonly string[], own: GenFlags) =>
      runGen(header, cflags, flagsOf(command, own)),
    );
}

async function runGen(header: string, cflags: readonly string[], flags: GenFlags): Promise<void> {
  if (cflags[0] !== undefined && !/^[-@]/.test(cflags[0])) {
    throw new BridgeError(
      "usage",
      `"${cflags[0]}" is one too many: gen takes one header, and flags for the compiler behind --`,
    );
  }
  const options = {
    header,
    outFolder: flags.out,
    types: flags.type ?? [],
    ...commandFor(header, cflags, flags),
    python: flags.python === true,
    ...(flags.depfile === undefined ? {} : { dependencyFile: flags.depfile }),
  };
  const output = outputOf(flags);
  const result = generate(options, (file, line, text) => {
    process.stderr.write(`${shown(file)}:${String(line)}: warning: ${text}\n`);
  });
  if (flags.quiet !== true) for (const reason of result.skipped) output.note(`left out: ${reason}`);
  if (output.json) await printJson(result, output);
  else if (flags.quiet !== true) await printText(result, output);
}

/** Who compiles the header, and with which flags: what stands behind `--` comes last and so wins. */
function commandFor(
  header: string,
  cflags: readonly string[],
  flags: GenFlags,
): Pick<GenerateOptions, "compiler" | "flags" | "folder" | "language"> {
  const own = [...(flags.flagsFile === undefined ? [] : splitFlags(readFlags(flags.flagsFile))), ...cflags];
  if (flags.build === undefined) return { compiler: flags.cc ?? defaultCompiler(header, process.env), flags: own };
  if (!existsSync(header)) throw new BridgeError("system_error", `there is no header ${header}`);
  const { compiler, flags: built, folder, language } = findBuildCommand(flags.build, header);
  return {
    compiler: flags.cc ?? compiler,
    flags: [...built, ...withAbsolutePaths(own, process.cwd())],
    folder,
    language,
  };
}

function readFlags(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new BridgeError("system_error", `${file} cannot be read`, { cause });
  }
}

async function printJson({ schema, files }: GenerateResult, output: Output): Promise<void> {
  for (const message of schema.messages) {
    const type = schema.types[message.type];
    await output.object({ ...message, ...(type?.k === "struct" ? { size: type.size, hash: type.hash } : {}) });
  }
  for (const { path, written } of files) await output.object({ file: path, written });
}

async function printText({ schema, files }: GenerateResult, output: Output): Promise<void> {
  for (const { role, name, type } of schema.messages) {
    const struct = schema.types[type];
    await output.line(`${role} ${name}: ${type}, ${struct?.k === "struct" ? counted(struct.size, "byte") : "? bytes"}`);
  }
  for (const { path, written } of files) await output.line(`${shown(path)}${written ? "" : " (unchanged)"}`);
}

function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith("..") ? path : near;
}

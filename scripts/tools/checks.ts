// SPDX-License-Identifier: MIT
// The checks of `npm run check`: formats, lint with the floors, types, unused code, the C formatter and linter.
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { buildSuite } from "./outcome.ts";
import { packageProgram, packageScript, ROOT } from "./paths.ts";
import { bringPythonTools, pythonProgram } from "./python.ts";
import { run } from "./run.ts";
import { filesUnder } from "./stamp.ts";
import { SUITES } from "./suites.ts";

/** One check. */
export interface Check {
  readonly name: string;
  /** Whether it reads what the build writes. */
  readonly built: boolean;
  /** What is wrong, as text for a person; undefined when nothing is. */
  readonly complain: () => Promise<string | undefined>;
}

const TYPED_FOLDERS = [".", "bridge/pages", "scripts", "test", "bench", "examples"];

export const CHECKS: readonly Check[] = [
  { name: "prettier", built: false, complain: () => program("prettier", ["--check", "--log-level", "warn", "."]) },
  { name: "types", built: false, complain: types },
  { name: "eslint", built: false, complain: () => program("eslint", ["--max-warnings", "0", "."]) },
  { name: "knip", built: false, complain: () => program("knip", []) },
  { name: "clang-format", built: false, complain: clangFormat },
  { name: "clang-tidy", built: true, complain: clangTidy },
];

async function program(name: string, args: readonly string[]): Promise<string | undefined> {
  return complaintOf(packageProgram(name), args);
}

async function complaintOf(command: string, args: readonly string[]): Promise<string | undefined> {
  const outcome = await run(command, args, { cwd: ROOT });
  return outcome.status === 0 ? undefined : outcome.text.trimEnd();
}

async function types(): Promise<string | undefined> {
  const complaints: string[] = [];
  for (const folder of TYPED_FOLDERS) {
    if (!existsSync(join(ROOT, folder, "tsconfig.json"))) continue;
    const complaint = await complaintOf(process.execPath, [
      packageScript("typescript", "tsc"),
      "--noEmit",
      "-p",
      folder,
    ]);
    if (complaint !== undefined) complaints.push(complaint);
  }
  return complaints.length === 0 ? undefined : complaints.join("\n");
}

function nativeSources(pattern: RegExp, folders: readonly string[] = ["native"]): string[] {
  return filesUnder(folders).filter((path) => pattern.test(path));
}

async function clangFormat(): Promise<string | undefined> {
  await bringPythonTools("check");
  const files = nativeSources(/\.(?:c|h|cc|hh|cpp|hpp)$/, ["native", "bench"]);
  return complaintOf(pythonProgram("check", "clang-format"), ["--dry-run", "--Werror", ...files]);
}

async function clangTidy(): Promise<string | undefined> {
  await bringPythonTools("check");
  const suite = SUITES.find((each) => each.kind === "native");
  if (suite?.kind !== "native") return "there is no native suite to take the compile commands from";
  const folder = await buildSuite(suite);
  const files = nativeSources(/\.(?:c|cc|cpp)$/).filter((path) => !path.startsWith("native/fuzz/"));
  const lanes: string[][] = Array.from({ length: availableParallelism() }, () => []);
  for (const [index, file] of files.entries()) lanes[index % lanes.length]?.push(file);
  const complaints = (await Promise.all(lanes.map((lane) => tidyFiles(folder, lane)))).join("");
  return complaints === "" ? undefined : complaints.trimEnd();
}

/** One line for each finding; the many lines that explain one are left to the editor or a run by hand. */
async function tidyFiles(folder: string, files: readonly string[]): Promise<string> {
  const flags = ["-p", folder, "--quiet", "--warnings-as-errors=*", "--extra-arg=-Wno-unknown-warning-option"];
  const { status, text } = await run(pythonProgram("check", "clang-tidy"), [...flags, ...files], { cwd: ROOT });
  if (status === 0) return "";
  const findings = text.match(/^.*: (?:warning|error): .*$/gm) ?? [text];
  return `${findings.join("\n")}\n`;
}

// SPDX-License-Identifier: MIT
// `npm run example -- NAME`: starts a bridge and the programs of examples/NAME, each a process of its own, until Ctrl-C.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { buildPart, PARTS } from "./tools/parts.ts";
import { ROOT } from "./tools/paths.ts";
import { mustRun } from "./tools/run.ts";
import { Troupe } from "./tools/troupe.ts";

const EXAMPLE = z.strictObject({
  what: z.string(),
  /** Files beside it. */
  programs: z.array(z.string()),
  /** Paths of the bridge to look at. */
  pages: z.array(z.string()),
});

const FOLDER = join(ROOT, "examples");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { for: { type: "string" }, replace: { type: "string", multiple: true }, help: { type: "boolean" } },
});
const [name] = positionals;
if (values.help === true || name === undefined || !isExample(name)) {
  console.error(helpText());
  process.exitCode = values.help === true ? 0 : 2;
} else {
  await build(filesOf(name, values.replace ?? []));
  process.exitCode = await play(name, filesOf(name, values.replace ?? []), Number(values.for ?? Infinity));
}

function isExample(each: string): boolean {
  return existsSync(join(FOLDER, each, "example.json"));
}

function helpText(): string {
  const lines = readdirSync(FOLDER)
    .filter(isExample)
    .map((each) => `  ${each.padEnd(10)} ${exampleOf(each).what}`);
  return [
    "npm run example -- NAME [--for SECONDS] [--replace FILE=FILE]",
    "",
    ...lines,
    "",
    "Examples:",
    "  $ npm run example -- plumber",
    "  $ npm run example -- plumber --replace recognizer.ts=recognizer.c",
  ].join("\n");
}

function exampleOf(each: string): z.infer<typeof EXAMPLE> {
  return EXAMPLE.parse(JSON.parse(readFileSync(join(FOLDER, each, "example.json"), "utf8")));
}

/** The programs, some of them replaced by others beside them. */
function filesOf(example: string, replacements: readonly string[]): string[] {
  const replaced = new Map(replacements.map((text) => text.split("=", 2) as [string, string]));
  return exampleOf(example).programs.map((file) => join(FOLDER, example, replaced.get(file) ?? file));
}

async function build(files: readonly string[]): Promise<void> {
  const wanted = ["ts", "pages", ...(files.some((file) => file.endsWith(".c")) ? ["native"] : [])];
  const say = (line: string): void => {
    if (!line.endsWith("up to date")) console.error(line);
  };
  for (const part of PARTS.filter((each) => wanted.includes(each.name))) {
    await buildPart(part, { show: false, jobs: availableParallelism(), say });
  }
}

async function play(example: string, files: readonly string[], seconds: number): Promise<number> {
  const { what, pages } = exampleOf(example);
  // Its own folder: it must not mix with what else runs on this machine.
  const folder = mkdtempSync(join(tmpdir(), "sw-example-"));
  const env = { ...process.env, STRUCTWIRE_RUNTIME_DIR: folder, RELAYED: `ipc://${folder}/relayed` };
  const troupe = new Troupe({ cwd: ROOT, env });
  const stop = (): void => void troupe.stop();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  console.error(`${example}: ${what}. Ctrl-C ends it.`);
  try {
    const link = await startBridge(troupe);
    Object.assign(env, { STRUCTWIRE_URL: link });
    const { origin, hash } = new URL(link);
    for (const page of pages) console.error(`look at ${origin}${page}${hash}`);
    for (const file of files) {
      const [command, ...args] = await commandOf(file, folder);
      troupe.start({ label: basename(file, extname(file)), command, args });
    }
    const timer = Number.isFinite(seconds) ? setTimeout(stop, seconds * 1000) : undefined;
    await troupe.over;
    clearTimeout(timer);
  } finally {
    await troupe.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return troupe.failed === 0 ? 0 : 1;
}

/** Resolves with its link, the token in it. */
function startBridge(troupe: Troupe): Promise<string> {
  return new Promise((resolve, reject) => {
    troupe.start({
      label: "bridge",
      command: process.execPath,
      args: [join(ROOT, "dist", "bridge", "cli", "main.js"), "serve", "--port", "0", "--log-level", "error"],
      onLine: (line) => {
        const ready = /^ready (\S+)/.exec(line)?.[1];
        if (ready !== undefined) resolve(ready);
      },
    });
    void troupe.over.then(() => {
      reject(new Error("the bridge did not start"));
    });
  });
}

/** TypeScript is run as it is, C compiled against the SDK first, as any user's program would be. */
async function commandOf(file: string, folder: string): Promise<readonly [string, ...string[]]> {
  if (!file.endsWith(".c")) return [process.execPath, "--import", "tsx", file];
  const program = join(folder, basename(file, ".c"));
  const library = join(ROOT, "build", "native", "libstructwire.a");
  const args = ["-O2", "-I", join(ROOT, "native", "include"), file, library, "-lpthread", "-lm", "-o", program];
  await mustRun(process.env["CC"] ?? "cc", args, { cwd: ROOT });
  return [program];
}

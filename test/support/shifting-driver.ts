// SPDX-License-Identifier: MIT
// A driver that can be built with one of two layouts of the same size (test/support/shifting), run as a program.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ROOT } from "../../scripts/tools/paths.ts";
import { runCli } from "./cli.ts";
import { run } from "./compilers.ts";

const SOURCES = join(ROOT, "test", "support", "shifting");

/** The two programs, in a folder of their own. */
export class ShiftingDriver {
  readonly #folder = mkdtempSync(join(tmpdir(), "sw-shifting-"));
  readonly #started: ChildProcess[] = [];
  readonly #env: NodeJS.ProcessEnv;

  /** `env`: with the runtime folder to use. */
  constructor(env: NodeJS.ProcessEnv) {
    this.#env = { ...process.env, ...env };
  }

  /** Builds the program of one layout; gives its path. */
  async build(name: string, flags: readonly string[] = []): Promise<string> {
    const [out, program] = [join(this.#folder, name), join(this.#folder, `${name}.program`)];
    const header = join(SOURCES, "shifting.h");
    const generated = await runCli("built", ["gen", header, "--out", out, "--quiet", "--", ...flags]);
    assert.equal(generated.code, 0, generated.stderr);
    const libraries = ["structwire", "structwire_posix", "structwire_core"].map((library) =>
      join(ROOT, "build", "native", `lib${library}.a`),
    );
    const includes = [`-I${out}`, `-I${SOURCES}`, `-I${join(ROOT, "native", "include")}`];
    const sources = [join(SOURCES, "shifting.c"), join(out, "shifting.schema.c")];
    run("cc", ["-std=gnu11", "-O1", ...flags, ...includes, ...sources, ...libraries, "-lpthread", "-o", program]);
    return program;
  }

  start(program: string): ChildProcess {
    const child = spawn(program, { env: this.#env, stdio: ["pipe", "pipe", "inherit"] });
    this.#started.push(child);
    return child;
  }

  /** Resolves with the rest of the next line that begins with `word`. */
  async said(child: ChildProcess, word: string): Promise<string> {
    const { stdout } = child;
    assert.ok(stdout);
    for await (const line of createInterface({ input: stdout })) {
      if (line.startsWith(word)) return line.slice(word.length).trim();
    }
    throw new Error(`the program ended before it said ${word}`);
  }

  /**
   * Kills a program in the middle of a record: the bridge stands still until the driver's buffers are full to the last byte. Resolves when it is
   * dead and the bridge goes on.
   */
  async killInRecord(child: ChildProcess, bridgePid: number): Promise<void> {
    process.kill(bridgePid, "SIGSTOP");
    await this.said(child, "full");
    child.kill("SIGKILL");
    await once(child, "exit");
    process.kill(bridgePid, "SIGCONT");
  }

  /** Kills what still runs and removes the programs. */
  remove(): void {
    for (const child of this.#started) child.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20 });
  }
}

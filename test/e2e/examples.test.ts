// SPDX-License-Identifier: MIT
// The examples as a reader runs them: one command each, several real processes, the lines that they print.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, it } from "mocha";
import { createInterface } from "node:readline";
import { ROOT } from "../../scripts/tools/paths.ts";

/** An example that runs. */
class ExampleRun {
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #ended: Promise<unknown>;
  #isOver = false;

  constructor(args: readonly string[]) {
    this.#child = spawn(process.execPath, ["--import", "tsx", "scripts/example.ts", ...args], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const input of [this.#child.stdout!, this.#child.stderr!]) {
      createInterface({ input }).on("line", (line) => {
        this.#lines.push(line);
        for (const look of this.#waiting) look();
      });
    }
    this.#ended = once(this.#child, "close").then(() => {
      this.#isOver = true;
      for (const look of this.#waiting) look();
    });
  }

  /** The first match of a line, as soon as there is one. Rejects with all that was said when the run ends without. */
  line(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#until(
      () => this.#lines.map((line) => pattern.exec(line)).find((match) => match !== null),
      String(pattern),
    );
  }

  /** Resolves once a program has said so many lines. */
  async lines(program: string, count: number): Promise<void> {
    await this.#until(() => (this.said(program).length < count ? undefined : true), `${String(count)} of ${program}`);
  }

  async #until<T>(look: () => T | undefined, what: string): Promise<T> {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (this.#isOver) throw new Error(`no line ${what} in:\n${this.#lines.join("\n")}`);
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }

  /** What a program has said up to now, without its name. */
  said(program: string): string[] {
    return this.#lines.filter((line) => line.startsWith(`${program} `)).map((line) => line.slice(12));
  }

  /** Ctrl-C. Resolves with the exit code. */
  async stop(): Promise<number | null> {
    this.#child.kill("SIGINT");
    await this.#ended;
    return this.#child.exitCode;
  }
}

describe("the examples", function () {
  this.timeout(300_000);
  let run: ExampleRun | undefined;

  afterEach(async () => {
    await run?.stop();
    run = undefined;
  });

  for (const recognizer of ["recognizer.ts", "recognizer.c"]) {
    it(`plumber: from the sensor through ${recognizer} to the actuator`, async () => {
      run = new ExampleRun(["plumber", "--replace", `recognizer.ts=${recognizer}`]);
      await run.lines("actuator", 3);
      await run.line(/^plot .*x [▁▂▃▄▅▆▇█]/);
      const counts = run
        .said("actuator")
        .map((line) => (JSON.parse(line) as { classification: number }).classification);
      // The programs begin in any order: the sensor may have sent some before the actuator listens.
      const [first = 0] = counts;
      assert.equal(first % 10, 0, "a classification after each tenth sample");
      assert.deepEqual(
        counts,
        counts.map((_, i) => first + 10 * i),
        "from the first one heard on, none left out and none twice",
      );
      assert.equal(await run.stop(), 0);
    });
  }

  it("knob: what the phone does reaches the knob", async () => {
    run = new ExampleRun(["knob"]);
    await run.line(/^watch .*told to enable/);
    await run.line(/^watch .*told to disable/);
    await run.line(/^watch .*told to left/);
    await run.line(/^watch .*told to right/);
    assert.equal(await run.stop(), 0);
  });

  it("router: calls, an exception, streams of several programs, started and stopped by another", async () => {
    run = new ExampleRun(["router"]);
    await run.line(/^viewer .*the horn says Boop!$/);
    await run.line(/^viewer .*the fanfare is "Boop! Boop! Boop!"$/);
    await run.line(/^viewer .*the horn fails: RangeError: Crunch!$/);
    await run.line(/^viewer .*camera \d+\/s, position \d+\/s, relayed \d+\/s, sine\/0 \d+\/s/);
    const [, stopped = ""] = await run.line(/^control .*stopped (sine\/\d)/);
    assert.match(stopped, /^sine/);
    assert.equal(await run.stop(), 0);
  });

  it("names the examples when it is asked for none", async () => {
    run = new ExampleRun(["--help"]);
    for (const name of ["knob", "plumber", "router"]) await run.line(new RegExp(`^  ${name} `));
  });
});

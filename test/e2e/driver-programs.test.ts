// SPDX-License-Identifier: MIT
// The drivers as programs: their flags, how they end, and what they say when they cannot start.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { existsSync } from "node:fs";
import { connect as dial } from "node:net";
import { once } from "node:events";
import { performance } from "node:perf_hooks";
import { DriverProgram, RuntimeFolder, startDriver } from "../support/driver-program.ts";

for (const program of ["host", "motor", "tally"]) {
  describe(`the program ${program}`, () => {
    let runtime: RuntimeFolder;

    beforeEach(() => {
      runtime = new RuntimeFolder();
    });

    afterEach(() => {
      runtime.remove();
    });

    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      it(`ends cleanly within moments on ${signal}, also while a bridge listens`, async () => {
        const driver = await startDriver(runtime, program);
        const bridge = dial(runtime.socketOf(program));
        await once(bridge, "data"); // its hello
        bridge.resume().on("error", () => undefined);
        const ended = new Promise((resolve) => bridge.on("close", resolve));
        const begun = performance.now();
        const ending = await driver.stop(signal);
        const tookMs = performance.now() - begun;
        assert.deepEqual(ending, { code: 0, signal: null, stdout: "", stderr: "" });
        // After so long it lets go of a bridge that never answers its hello: that is not waited for.
        assert.ok(tookMs < 5000, `it took ${tookMs.toFixed(0)} ms`);
        assert.equal(existsSync(runtime.socketOf(program)), false);
        await ended;
      });
    }

    it("ends when its standard input closes, and listens under the name that it is given", async () => {
      const driver = await startDriver(runtime, program, ["--name", "rig-1"]);
      driver.process.stdin?.end("what is written does not matter\n");
      assert.deepEqual(await driver.ended, { code: 0, signal: null, stdout: "", stderr: "" });
    });

    it("refuses a name that is taken and says what to do", async () => {
      const first = await startDriver(runtime, program);
      const { code, stdout, stderr } = await new DriverProgram(runtime, program).ended;
      assert.equal(code, 1);
      assert.equal(stdout, "");
      assert.match(stderr, /cannot open the driver ".*": .*--name\.\n$/);
      assert.equal((await first.stop()).code, 0);
    });

    it("refuses a name that no driver may have", async () => {
      const { code, stderr } = await new DriverProgram(runtime, program, ["--name", "a/b"]).ended;
      assert.equal(code, 1);
      assert.match(stderr, /"a\/b".*--name/);
    });

    it("tells how it is used, and what was wrong", async () => {
      const help = await new DriverProgram(runtime, program, ["--help"]).ended;
      assert.equal(help.code, 0);
      assert.match(help.stdout, /^Usage: .*--name NAME.*--stdin-eof/s);
      const wrong = await new DriverProgram(runtime, program, ["--nmae", "x"]).ended;
      assert.equal(wrong.code, 2);
      assert.match(wrong.stderr, /--nmae.*--help/);
    });
  });
}

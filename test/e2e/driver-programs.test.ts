// SPDX-License-Identifier: MIT
// The drivers as programs: their flags, how they end, and what they say when they cannot start.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { existsSync } from "node:fs";
import { connect as dial } from "node:net";
import { once } from "node:events";
import { readDriverRecord } from "../../bridge/drivers/read-record.ts";
import { splitMessage } from "../../bridge/layout/record.ts";
import { DriverProgram, RuntimeFolder, startDriver } from "../support/driver-program.ts";
import { join } from "../support/records.ts";

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
      it(`ends cleanly on ${signal}, also while a bridge listens`, async () => {
        const driver = await startDriver(runtime, program);
        const bridge = dial(runtime.socketOf(program));
        const [hello] = (await once(bridge, "data")) as [Buffer];
        const said: Uint8Array[] = [hello];
        bridge.on("data", (bytes: Buffer) => said.push(bytes)).on("error", () => undefined);
        const ended = new Promise((resolve) => bridge.on("close", resolve));
        const ending = await driver.stop(signal);
        assert.deepEqual(ending, { code: 0, signal: null, stdout: "", stderr: "" });
        assert.equal(existsSync(runtime.socketOf(program)), false);
        await ended;
        // One that never answers the hello is let go of after a while, for another reason: that was not waited for.
        const last = splitMessage(join(...said)).at(-1) ?? hello;
        assert.deepEqual(readDriverRecord(last), { is: "end", code: "ok", text: "the driver ends" });
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

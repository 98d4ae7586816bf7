// SPDX-License-Identifier: MIT
// How the demo builds its drivers: what is missing or old, with CMake, and what it says when that fails. On a project of its own, small enough to be built many times.
import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { watch } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { buildDrivers, DRIVERS, driverPath } from "../../bridge/cli/demo/build.ts";
import { isRunning } from "../support/proc.ts";
import { until } from "../support/until.ts";

const CMAKE = `cmake_minimum_required(VERSION 3.16)
project(small LANGUAGES C)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY \${CMAKE_BINARY_DIR}/drivers)
foreach(name host motor tally)
  add_executable(\${name} main.c)
endforeach()
`;

describe("building the demo's drivers", function () {
  this.timeout(300_000);
  let root = "";
  let steps: string[] = [];
  const progress = { step: (text: string) => void steps.push(text), percent: (): void => undefined };
  const path = process.env["PATH"];

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "sw-build-"));
    steps = [];
    mkdirSync(join(root, "native"));
    writeFileSync(join(root, "native", "CMakeLists.txt"), CMAKE);
    writeFileSync(join(root, "native", "main.c"), "int main(void) { return 0; }\n");
  });

  afterEach(() => {
    process.env["PATH"] = path;
    rmSync(root, { recursive: true, force: true, maxRetries: 10 });
  });

  const build = (signal = new AbortController().signal): Promise<void> => buildDrivers(root, progress, signal);

  it("makes what is missing, says so, and does nothing the next time", async () => {
    await build();
    assert.ok(DRIVERS.every((name) => existsSync(driverPath(root, name))));
    assert.match(steps.join("\n"), /building the drivers.*\n.*built/);
    steps = [];
    await build();
    assert.deepEqual(steps, []);
  });

  it("makes again what is older than a source, and what was removed", async () => {
    await build();
    rmSync(driverPath(root, "motor"));
    await build();
    assert.ok(existsSync(driverPath(root, "motor")));
    const earlier = new Date(Date.now() - 10_000);
    utimesSync(driverPath(root, "motor"), earlier, earlier);
    steps = [];
    await build();
    assert.notDeepEqual(steps, []);
  });

  it("looks once only at a change that needs no new program", async () => {
    await build();
    writeFileSync(join(root, "native", "notes.txt"), "no source\n");
    const later = new Date(Date.now() + 20);
    utimesSync(join(root, "native", "notes.txt"), later, later);
    while (Date.now() <= later.getTime());
    steps = [];
    await build();
    assert.notDeepEqual(steps, []);
    steps = [];
    await build();
    assert.deepEqual(steps, []);
  });

  it("fails with the compiler's words alone when a source is wrong", async () => {
    writeFileSync(join(root, "native", "main.c"), "int main(void) { return missing; }\n");
    await assert.rejects(build(), { code: "build_failed", message: /missing.*undeclared(?![\s\S]*apt-get)/ });
  });

  it("says what to install when there is no compiler", async () => {
    const { CC: before } = process.env;
    process.env["CC"] = join(root, "no-such-compiler");
    try {
      await assert.rejects(build(), { code: "build_failed", message: /no-such-compiler[\s\S]*apt-get install cmake/ });
    } finally {
      if (before === undefined) delete process.env["CC"];
      else process.env["CC"] = before;
    }
  });

  it("says what to install when there is no make", async () => {
    const cmake = (path ?? "").split(":").find((folder) => existsSync(join(folder, "cmake"))) ?? "";
    symlinkSync(join(cmake, "cmake"), join(root, "cmake"));
    process.env["PATH"] = root;
    await assert.rejects(build(), { code: "build_failed", message: /CMAKE_MAKE_PROGRAM[\s\S]*apt-get install cmake/ });
  });

  it("says that cmake is missing where it is", async () => {
    process.env["PATH"] = root;
    await assert.rejects(build(), { code: "build_failed", message: /cmake is not installed.*apt-get install cmake/ });
  });

  it("stops when it is asked to, and with it what it had started", async () => {
    const slow = `add_custom_target(slow COMMAND sh -c "echo $$ > pid && mv pid \${CMAKE_BINARY_DIR}/slow.pid && exec sleep 300" VERBATIM)\n`;
    writeFileSync(join(root, "native", "CMakeLists.txt"), `${CMAKE}${slow}add_dependencies(host slow)\n`);
    const [folder, controller] = [join(root, "build", "native"), new AbortController()];
    mkdirSync(folder, { recursive: true });
    const building = build(controller.signal);
    for await (const { filename } of watch(folder)) if (filename === "slow.pid") break;
    controller.abort();
    await assert.rejects(building, { code: "cancelled" });
    const pid = Number(readFileSync(join(folder, "slow.pid"), "utf8"));
    assert.ok(pid > 0);
    await until(() => !isRunning(pid));
    await assert.rejects(build(AbortSignal.abort()), { code: "cancelled" });
  });
});

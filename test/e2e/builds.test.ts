// SPDX-License-Identifier: MIT
// Structwire in other people's builds: installed, fetched, by pkg-config, by make, by a compiler alone, and for another machine.
// Each project is built for real, and its driver is talked to.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { ROOT } from "../../scripts/tools/paths.ts";
import { CLI } from "../support/bridge-program.ts";
import { hasCommand, run } from "../support/compilers.ts";
import { temporaryFolders } from "../support/folder.ts";
import { GAIN_H, PROBE_H, PROBE_MACROS_H, ProbeReader, probeSource, writeFiles } from "../support/other-project.ts";
import { RuntimeFolder } from "../support/driver-program.ts";

const NATIVE = join(ROOT, "native");
const PROJECT = `
cmake_minimum_required(VERSION 3.18)
project(probe LANGUAGES LANGUAGE)
SDK
add_executable(probe probe.EXTENSION)
target_compile_definitions(probe PRIVATE WIDE)
target_include_directories(probe PRIVATE include)
target_link_libraries(probe PRIVATE structwire::structwire)
structwire_generate(probe probe.h)
`;
const FIND = "find_package(structwire 0.1 CONFIG REQUIRED)";
const FETCH = `
include(FetchContent)
FetchContent_Declare(structwire SOURCE_DIR "${ROOT}" SOURCE_SUBDIR native)
FetchContent_MakeAvailable(structwire)`;
const AARCH64 = `
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)`;

/** The project in a folder. */
function project(folder: string, language: "C" | "CXX", sdk: string): void {
  const extension = language === "C" ? "c" : "cpp";
  writeFiles(folder, {
    "CMakeLists.txt": PROJECT.replace("LANGUAGES LANGUAGE", `LANGUAGES ${language}`)
      .replace("SDK", sdk)
      .replace("EXTENSION", extension),
    "probe.h": PROBE_H,
    "include/gain.h": GAIN_H,
    [`probe.${extension}`]: probeSource(),
  });
}

/** Configures and builds a project; returns the program. */
function build(folder: string, ...settings: readonly string[]): string {
  run("cmake", ["-S", folder, "-B", join(folder, "build"), ...settings]);
  run("cmake", ["--build", join(folder, "build"), "--target", "probe"]);
  return join(folder, "build", "probe");
}

/** The SDK's sources, as everybody can get them. */
function sdkSources(): readonly string[] {
  const listed = readFileSync(join(NATIVE, "sources.txt"), "utf8").split("\n");
  return listed.filter((line) => /^(?:core|posix|sdk)\//.test(line)).map((line) => join(NATIVE, line));
}

describe("Structwire in other people's builds", function () {
  this.timeout(600_000);
  const newFolder = temporaryFolders();
  const installed = new RuntimeFolder();
  const prefix = join(installed.path, "moved");
  let reader: ProbeReader;

  before(async () => {
    // Installed with a C compiler alone, and then moved.
    const [folder, first] = [join(installed.path, "build"), join(installed.path, "first")];
    run("cmake", ["-S", NATIVE, "-B", folder, "-DSTRUCTWIRE_SDK_ONLY=ON", `-DCMAKE_INSTALL_PREFIX=${first}`]);
    run("cmake", ["--build", folder]);
    run("cmake", ["--install", folder]);
    renameSync(first, prefix);
    reader = await ProbeReader.start();
  });

  after(async () => {
    await reader.stop();
    installed.remove();
  });

  for (const language of ["C", "CXX"] as const) {
    it(`is found by find_package from a project in ${language}`, async () => {
      const folder = newFolder();
      project(folder, language, FIND);
      const program = build(folder, `-DCMAKE_PREFIX_PATH=${prefix}`);
      assert.match(
        readFileSync(join(folder, "build/structwire/probe/probe.schema.json"), "utf8"),
        /"n":"factor","t":"f64"/,
      );
      await reader.expectProbe(`found-${language.toLowerCase()}`, program);
    });
  }

  it("is not found in a version that does not fit", () => {
    const folder = newFolder();
    for (const version of ["0.2", "1"]) {
      project(folder, "C", FIND.replace("0.1", version));
      const settings = ["-S", folder, "-B", join(folder, "build"), `-DCMAKE_PREFIX_PATH=${prefix}`];
      assert.throws(() => run("cmake", settings), /compatible with requested\s+version/);
    }
  });

  it("is fetched by FetchContent", async () => {
    const folder = newFolder();
    project(folder, "CXX", FETCH);
    await reader.expectProbe("fetched", build(folder));
  });

  it("is built for aarch64 by a cross compiler, whose layouts it takes", async function () {
    if (!hasCommand("aarch64-linux-gnu-gcc") || !hasCommand("qemu-aarch64")) this.skip();
    const folder = newFolder();
    project(folder, "C", FETCH);
    writeFiles(folder, { "aarch64.cmake": AARCH64 });
    const program = build(folder, `-DCMAKE_TOOLCHAIN_FILE=${join(folder, "aarch64.cmake")}`);
    assert.equal(readFileSync(program).readUInt16LE(18), 183); // EM_AARCH64
    await reader.expectProbe("cross", program, ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"]);
  });

  it("is linked by pkg-config, without CMake or Node", async function () {
    if (!hasCommand("pkg-config")) this.skip();
    const folder = newFolder();
    writeFiles(folder, {
      "probe.c": probeSource("macros.h"),
      "macros.h": PROBE_MACROS_H,
      "probe.h": PROBE_H,
      "gain.h": GAIN_H,
    });
    const asked = spawnSync("pkg-config", ["--cflags", "--libs", "structwire"], {
      encoding: "utf8",
      env: { ...process.env, PKG_CONFIG_PATH: join(prefix, "lib/pkgconfig") },
    });
    const program = join(folder, "probe");
    run("cc", ["-std=c11", join(folder, "probe.c"), ...asked.stdout.trim().split(/\s+/), "-o", program]);
    await reader.expectProbe("configured", program);
  });

  it("needs nothing but a compiler once the generated files are checked in", async () => {
    const folder = newFolder();
    writeFiles(folder, { "probe.c": probeSource(), "probe.h": PROBE_H, "gain.h": GAIN_H });
    run(process.execPath, [CLI, "gen", join(folder, "probe.h"), "--out", folder, "--quiet"]);
    const program = join(folder, "probe");
    const includes = ["include", "core", "posix", "sdk"].map((name) => `-I${join(NATIVE, name)}`);
    const sources = [join(folder, "probe.c"), join(folder, "probe.schema.c"), ...sdkSources()];
    run("cc", ["-std=c11", "-D_GNU_SOURCE", ...includes, ...sources, "-pthread", "-o", program]);
    await reader.expectProbe("checked-in", program);
    // And a compiler that lays the structs out in another way is found out.
    assert.throws(
      () => run("cc", ["-DWIDE", ...includes, "-c", join(folder, "probe.schema.c"), "-o", join(folder, "wide.o")]),
      /static assertion failed/,
    );
  });

  it("goes into a Makefile", async () => {
    const folder = newFolder();
    writeFiles(folder, { "probe.c": probeSource(), "probe.h": PROBE_H, "gain.h": GAIN_H });
    run(process.execPath, [CLI, "gen", join(folder, "probe.h"), "--out", folder, "--quiet"]);
    const [rules = ""] =
      /^```make\n([\s\S]*?)^```$/m.exec(readFileSync(join(ROOT, "docs/c-sdk.md"), "utf8"))?.slice(1) ?? [];
    writeFiles(folder, { Makefile: rules.replaceAll("mine", "probe") });
    run("make", ["-s", "-C", folder, `STRUCTWIRE=${ROOT}`]);
    await reader.expectProbe("made", join(folder, "probe"));
  });

  it("makes the example of the macros with make and a compiler", async () => {
    const folder = join(newFolder(), "build");
    run("make", ["-s", "-C", join(ROOT, "examples/macro-driver"), `OUT=${folder}`, "CFLAGS=-O0 -Wall -Wextra -Werror"]);
    await reader.run("pendulum", [join(folder, "pendulum")], async (client) => {
      for await (const event of client.subscribe("pendulum/swing", { wait: true })) if (event.kind === "batch") break;
      const { applied } = await client.set("pendulum/pendulum", { length: 2 });
      assert.deepEqual(applied, { length: 2, drag: 0.05 });
      await assert.rejects(client.set("pendulum/pendulum", { length: 11 }), { code: "out_of_range" });
    });
  });
});

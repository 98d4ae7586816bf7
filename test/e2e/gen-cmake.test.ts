// SPDX-License-Identifier: MIT
// The CMake function in projects of its own: it uses the target's compiler and options, follows changes, and comes to rest.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { connect } from "../../bridge/index.ts";
import { ROOT } from "../../scripts/tools/paths.ts";
import { startBridgeProgram } from "../support/bridge-program.ts";
import { hasCommand, run } from "../support/compilers.ts";
import { RuntimeFolder, whenDriverListens } from "../support/driver-program.ts";
import { temporaryFolders } from "../support/folder.ts";
import { writeFiles } from "../support/other-project.ts";

const PROJECT = `
cmake_minimum_required(VERSION 3.20)
project(demo LANGUAGES LANGUAGE_LIST)
include("${ROOT}/native/cmake/structwire.cmake")
add_library(settings INTERFACE)
target_compile_definitions(settings INTERFACE WIDE=1 "TEXT=\\"two words\\"")
target_include_directories(settings INTERFACE include)
target_compile_options(settings INTERFACE $<$<COMPILE_LANGUAGE:C,CXX>:-fshort-enums> "SHELL:-include stdbool.h")
add_library(demo STATIC source.EXTENSION)
target_include_directories(demo PRIVATE "${ROOT}/native/include")
target_link_libraries(demo PRIVATE settings)
structwire_generate(demo demo.h TYPES state other)
`;

const FILES: Readonly<Record<string, string>> = {
  "demo.h": `
    #include "part.h"
    enum mode { OFF, ON };
    /* [@channel state] */
    struct state { enum mode mode; struct part part;
    #ifdef WIDE
      bool wide;
    #endif
      char text[sizeof(TEXT)];
    };
    struct other { int x; };`,
  "include/part.h": "struct part { unsigned short a; };\n",
  source: `
    #include "demo.schema.h"
    #include "demo.h"
    const void *tables[] = {&demo_schema, &state_type, &other_type};`,
};

describe("structwire_generate", function () {
  this.timeout(600_000);
  const newFolder = temporaryFolders();

  /** Makes the project, configures it, and returns a way to build it. */
  const configure = (
    generator: string,
    language: "C" | "CXX",
  ): { folder: string; build: () => string; schema: () => string } => {
    const folder = newFolder();
    const extension = language === "C" ? "c" : "cpp";
    run("mkdir", ["-p", join(folder, "include")]);
    writeFileSync(
      join(folder, "CMakeLists.txt"),
      PROJECT.replace("LANGUAGE_LIST", language).replace("EXTENSION", extension),
    );
    for (const [name, text] of Object.entries(FILES)) {
      writeFileSync(join(folder, name === "source" ? `source.${extension}` : name), text);
    }
    const target = join(folder, "build");
    run("cmake", ["-S", folder, "-B", target, "-G", generator]);
    return {
      folder,
      build: () => run("cmake", ["--build", target]),
      schema: () => readFileSync(join(target, "structwire", "demo", "demo.schema.json"), "utf8"),
    };
  };

  for (const [generator, program] of [
    ["Unix Makefiles", "make"],
    ["Ninja", "ninja"],
  ] as const) {
    if (!hasCommand(program)) continue;
    for (const language of ["C", "CXX"] as const) {
      it(`serves a ${language} target with ${program}: its options count, changes are followed, and then it rests`, () => {
        const { folder, build, schema } = configure(generator, language);
        assert.match(build(), /Generating the schema of demo/);
        assert.match(schema(), /"mode":\{"k":"enum","t":"u8"/);
        assert.match(schema(), /\{"n":"wide","t":"bool","o":4\}/);
        assert.match(schema(), /\{"n":"text","t":"c8","o":5,"d":\[10\]\}/);
        assert.match(schema(), /"type":"other"/);
        assert.doesNotMatch(build(), /Generating|Building|Linking/);

        // A header that the header includes.
        writeFileSync(join(folder, "include/part.h"), "struct part { unsigned short a, b; };\n");
        const soon = new Date(Date.now() + 2_000);
        utimesSync(join(folder, "include/part.h"), soon, soon);
        assert.match(build(), /Generating the schema of demo/);
        assert.match(schema(), /\{"n":"b","t":"u16","o":2\}/);
      });
    }
  }

  it("runs again when a definition of the target changes", () => {
    const { folder, build, schema } = configure("Unix Makefiles", "C");
    build();
    const lists = readFileSync(join(folder, "CMakeLists.txt"), "utf8");
    writeFileSync(join(folder, "CMakeLists.txt"), lists.replace("WIDE=1 ", ""));
    assert.match(build(), /Generating the schema of demo/);
    assert.doesNotMatch(schema(), /"wide"/);
  });

  it("takes target triple, sysroot and flags of a toolchain", function () {
    if (!hasCommand("clang")) this.skip();
    const folder = newFolder();
    writeFiles(folder, {
      "CMakeLists.txt": `
        cmake_minimum_required(VERSION 3.20)
        project(demo LANGUAGES C)
        include("${ROOT}/native/cmake/structwire.cmake")
        add_library(demo OBJECT source.c)
        target_include_directories(demo PRIVATE "${ROOT}/native/include")
        structwire_generate(demo demo.h)`,
      "toolchain.cmake": `
        set(CMAKE_SYSTEM_NAME Linux)
        set(CMAKE_C_COMPILER clang)
        set(CMAKE_C_COMPILER_TARGET aarch64-linux-gnu)
        set(CMAKE_SYSROOT "${folder}/sysroot")
        set(CMAKE_C_FLAGS_INIT "-ffreestanding -DHERE='unsigned short'")
        set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)`,
      "sysroot/usr/include/only_here.h": "typedef HERE here_t;\n",
      // There a char has no sign.
      "demo.h": "#include <only_here.h>\nstruct state { here_t here; char low : 3; };\n",
      "source.c": '#include "demo.schema.h"\nconst void *table = &state_type;\n',
    });
    const build = join(folder, "build");
    run("cmake", ["-S", folder, "-B", build, `-DCMAKE_TOOLCHAIN_FILE=${join(folder, "toolchain.cmake")}`]);
    run("cmake", ["--build", build]);
    const schema = readFileSync(join(build, "structwire/demo/demo.schema.json"), "utf8");
    assert.match(schema, /"n":"here","t":"u16","o":0/);
    assert.match(schema, /"n":"low","t":"u8","o":2,"b":\[1,0,3\]/);
  });

  it("reads a header as C++ when it is told so", () => {
    const folder = newFolder();
    writeFiles(folder, {
      "CMakeLists.txt": `
        cmake_minimum_required(VERSION 3.20)
        project(demo LANGUAGES C CXX)
        include("${ROOT}/native/cmake/structwire.cmake")
        add_library(demo STATIC source.cpp)
        set_target_properties(demo PROPERTIES CXX_STANDARD 17)
        target_include_directories(demo PRIVATE "${ROOT}/native/include")
        structwire_generate(demo demo.h LANGUAGE CXX)`,
      "demo.h": "namespace lab { template <typename T> struct Box { T x, y; }; struct State { Box<float> box; }; }\n",
      "source.cpp": '#include "demo.schema.h"\nconst void *table = &lab_State_type;\n',
    });
    run("cmake", ["-S", folder, "-B", join(folder, "build")]);
    run("cmake", ["--build", join(folder, "build")]);
  });

  it("says when the project is configured what cannot work, and what to do", () => {
    const { folder } = configure("Unix Makefiles", "C");
    const lists = readFileSync(join(folder, "CMakeLists.txt"), "utf8");
    const complaint = (call: string, ...settings: readonly string[]): string => {
      writeFileSync(join(folder, "CMakeLists.txt"), lists.replace(/^structwire_generate.*$/m, call));
      const args = ["-S", folder, "-B", join(folder, "build"), ...settings];
      const { stderr, status } = spawnSync("cmake", args, { encoding: "utf8" });
      assert.notEqual(status, 0);
      return stderr.replace(/\s+/g, " ");
    };
    for (const [call, said] of [
      ["dmo demo.h", /there is no target "dmo" yet/],
      ["settings demo.h", /"settings" compiles nothing/],
      ["demo dmo.h", /there is no header \S+\/dmo\.h/],
      ["demo demo.h TYPE x", /"TYPE;x" is not understood; use structwire_gen/],
      ["demo demo.h LANGUAGE CXX", /as CXX, which the project does not have/],
      ["demo demo.h LANGUAGE D", /LANGUAGE is C or CXX, not "D"/],
    ] as const)
      assert.match(complaint(`structwire_generate(${call})`), said);
    const call = "structwire_generate(demo demo.h)";
    const nowhere = "-DSTRUCTWIRE_CLI=/nowhere/main.js";
    assert.match(complaint(call, nowhere), /but \/nowhere\/main\.js is not there: run npm run build:ts/);
    assert.match(complaint(call, "-DSTRUCTWIRE_NODE=OFF"), /needs Node: install it or set STRUCTWIRE_NODE/);
  });

  it("makes the example's driver, whose knob then turns", async () => {
    const target = join(newFolder(), "build");
    run("cmake", ["-S", join(ROOT, "examples", "own-driver"), "-B", target]);
    run("cmake", ["--build", target, "--target", "kettle"]);
    assert.ok(existsSync(join(target, "structwire", "kettle", "kettle.d.ts")));
    const runtime = new RuntimeFolder();
    const kettle = spawn(join(target, "kettle"), { env: runtime.env, stdio: "inherit" });
    const ended = once(kettle, "close");
    await whenDriverListens(runtime, "kettle");
    const bridge = await startBridgeProgram(runtime);
    const client = await connect(bridge.link);
    await client.watch();
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (client.directory.parameters.some(({ parameter }) => parameter === "kettle/target")) resolve();
      };
      client.on("directory", look);
      look();
    });
    const { applied } = await client.set("kettle/target", { temperature: 80 });
    assert.deepEqual(applied, { temperature: 80, hysteresis: 1 });
    await assert.rejects(client.set("kettle/target", { temperature: 101 }), { code: "out_of_range" });
    const fields = (await client.list()).channels.find(({ channel }) => channel === "kettle/water")?.fields;
    assert.deepEqual(
      fields?.map(({ name, unit }) => [name, unit]),
      [
        ["temperature", "degC"],
        ["power", "W"],
        ["heater", undefined],
        ["switched", undefined],
      ],
    );
    await client.close();
    await bridge.stop();
    kettle.kill("SIGTERM");
    assert.deepEqual(await ended, [0, null]);
    runtime.remove();
  });
});

// SPDX-License-Identifier: MIT
// Schemas against the compiler's own word: sizes, offsets, kinds, bit masks and enum values of real headers.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, it } from "mocha";
import { schemaText } from "../../../bridge/generate/emit/schema-text.ts";
import { askByCompiling, askByRunning, compare, hasCommand } from "../../support/compilers.ts";
import { runGen } from "../../support/gen-runs.ts";
import { schemaOfAll } from "../../support/gen-schemas.ts";
import { probesOf } from "../../support/layout-truth.ts";

const EVERYTHING = fileURLToPath(new URL("headers/everything.h", import.meta.url));
const CLASSES = fileURLToPath(new URL("headers/classes.hpp", import.meta.url));
const STORAGE_FLAGS: readonly (readonly string[])[] = [
  ["-gz"],
  ["-Wa,--compress-debug-sections=zlib"],
  ["-gz=zlib-gnu", "-gsplit-dwarf"],
  ["-flto"],
  ["-gsplit-dwarf", "-fdebug-types-section"],
  ["-g0"],
  ["-g3"],
  ["-gdwarf64"],
  ["-gdwarf-4", "-fdebug-types-section"],
  ["-gdwarf-2", "-gstrict-dwarf"],
  ["-gstabs"],
  ["-femit-struct-debug-baseonly"],
  ["-fsanitize=address,undefined"],
  ["-ffile-prefix-map=/=/elsewhere/"],
  ["-Wall", "-Werror", "-pedantic"],
];
/** What clang does not know. */
const GCC_FLAGS: ReadonlySet<string> = new Set(["-gz=zlib-gnu"]);
const VERSIONS = ["2", "3", "4", "5"];
const COMPILERS = ["gcc", "clang"].filter(hasCommand);

/** Headers that come with every C library on Linux, and how many structs each can publish at least. */
const SYSTEM_HEADERS = [
  ["linux/if_link.h", 30],
  ["linux/tcp.h", 8],
  ["linux/input.h", 10],
  ["linux/can.h", 5],
  ["linux/perf_event.h", 8],
  ["linux/videodev2.h", 100],
  ["linux/joystick.h", 10],
  ["linux/fuse.h", 50],
  ["linux/bpf.h", 30],
  ["linux/phonet.h", 2, "-include", "sys/socket.h"], // macros hide the names of members
  ["netinet/in.h", 10],
  ["elf.h", 40],
  ["time.h", 2],
] as const;

/** Machines whose programs do not run here; clang compiles for all of them without their libraries. */
const TARGETS = [
  "i386-linux-gnu",
  "armv7-linux-gnueabihf",
  "aarch64-linux-gnu",
  "riscv64-linux-gnu",
  "powerpc-linux-gnu",
  "powerpc64-linux-gnu",
  "s390x-linux-gnu",
  "mips-linux-gnu",
  "mips64el-linux-gnuabi64",
  "mips64-linux-gnuabi64",
  "arm-none-eabi",
  "armeb-none-eabi",
];

describe("a generated schema", function () {
  this.timeout(300_000);

  const check = (
    ask: typeof askByRunning,
    compiler: string,
    header: string,
    flags: readonly string[],
    dwarf = "5",
  ): number => {
    const whole = schemaOfAll(compiler, header, [...flags, `-gdwarf-${dwarf}`]);
    const probes = probesOf(whole);
    const { asked, answered, wrong, misplaced } = compare(probes, ask(compiler, flags, `#include "${header}"`, probes));
    assert.deepEqual([...wrong, ...misplaced], []);
    assert.equal(answered, asked);
    return whole.records.size;
  };

  it("can be compared with both compilers where tests must be whole", () => {
    assert.ok(COMPILERS.length > 0, "no compiler");
    if (process.env["CI"] !== undefined) assert.deepEqual(COMPILERS, ["gcc", "clang"]);
  });

  for (const compiler of COMPILERS) {
    for (const version of VERSIONS) {
      it(`of one of everything is the truth of ${compiler} with DWARF ${version}`, () => {
        const structs = check(askByRunning, compiler, EVERYTHING, ["-DWIDE_ENUMS"], version);
        assert.ok(structs >= 15);
      });
    }

    // Packed, clang's debug information is wrong on a field that fills its type; gen finds out and refuses.
    const packing = compiler === "gcc" ? [["-fpack-struct"], ["-fpack-struct=2"]] : [];
    for (const flags of [...packing, ["-fshort-enums"], ["-funsigned-char"], ["-fsigned-char", "-gz"]]) {
      it(`follows ${compiler} ${flags.join(" ")}`, () => {
        check(askByRunning, compiler, EVERYTHING, flags);
      });
    }

    for (const [name, least, ...flags] of SYSTEM_HEADERS) {
      const header = `/usr/include/${name}`;
      if (!existsSync(header)) continue;
      it(`of ${name} is the truth of ${compiler}`, () => {
        const structs = check(askByCompiling, compiler, header, ["-D_GNU_SOURCE", ...flags]);
        assert.ok(structs >= least, `only ${String(structs)} structs`);
      });
    }
  }

  for (const target of COMPILERS.includes("clang") ? TARGETS : []) {
    it(`is the truth of ${target}`, () => {
      const shortEnums = target.endsWith("eabi") ? ["-fshort-enums"] : [];
      for (const version of ["2", "5"]) {
        check(askByCompiling, "clang", EVERYTHING, [`--target=${target}`, "-ffreestanding", ...shortEnums], version);
      }
    });
  }

  it("is the same to the byte, whoever compiles", () => {
    const text = readFileSync(EVERYTHING, "utf8");
    const compilers = ["gcc", "clang", "g++", "clang++"].filter(hasCommand);
    const [first, ...others] = compilers.map((compiler) => runGen(text, { compiler }).files);
    for (const files of others) assert.deepEqual(files, first);
  });

  for (const compiler of ["gcc", "clang", "g++", "clang++"].filter(hasCommand)) {
    it(`does not depend on how ${compiler} stores the debug information`, () => {
      const header = compiler.endsWith("++") ? CLASSES : EVERYTHING;
      const plain = schemaText(schemaOfAll(compiler, header, []).schema);
      for (const flags of STORAGE_FLAGS) {
        if (compiler.startsWith("clang") && flags.some((flag) => GCC_FLAGS.has(flag))) continue;
        assert.equal(schemaText(schemaOfAll(compiler, header, flags).schema), plain, flags.join(" "));
      }
    });
  }
});

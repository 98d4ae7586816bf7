// SPDX-License-Identifier: MIT
// The generated C: any compiler takes it, its tables say what the schema says, and it refuses to be built with another layout.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, it } from "mocha";
import { generate } from "../../../bridge/generate/generate.ts";
import { hasCommand, run, withFolder } from "../../support/compilers.ts";
import { runGen } from "../../support/gen-runs.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const EVERYTHING = join(ROOT, "test", "unit", "generate", "headers", "everything.h");
const INCLUDE = `-I${join(ROOT, "native", "include")}`;

/** Generates the files of a header into a folder of their own. */
function withGenerated(
  header: string,
  work: (source: string, folder: string) => void,
  types: readonly string[] = [],
): void {
  withFolder((folder) => {
    const { files } = generate({ header, outFolder: folder, types, compiler: "cc", flags: [] }, () => undefined);
    const source = files.find(({ path }) => path.endsWith(".c"))?.path ?? "";
    work(source, folder);
  });
}

describe("the generated C file", function () {
  this.timeout(300_000);

  for (const [compiler, ...flags] of [
    ["gcc", "-std=c11"],
    ["gcc", "-x", "c++", "-std=c++17", "-Wno-pedantic"],
    ["clang", "-std=c11"],
    ["clang", "-x", "c++", "-std=c++17", "-Wno-gnu-anonymous-struct", "-Wno-nested-anon-types"],
  ] as const) {
    if (!hasCommand(compiler)) continue;
    it(`compiles without a warning with ${[compiler, ...flags].join(" ")}`, () => {
      withGenerated(EVERYTHING, (source, folder) => {
        run(compiler, [
          "-Wall",
          "-Wextra",
          "-Wpedantic",
          ...flags,
          "-Werror",
          INCLUDE,
          "-c",
          source,
          "-o",
          join(folder, "out.o"),
        ]);
      });
    });
  }

  for (const name of ["linux/if_link.h", "linux/tcp.h", "linux/videodev2.h", "linux/atmlec.h", "netinet/in.h"]) {
    if (!existsSync(`/usr/include/${name}`)) continue;
    it(`compiles for ${name}`, () => {
      withGenerated(`/usr/include/${name}`, (source, folder) => {
        run("cc", [INCLUDE, "-c", source, "-o", join(folder, "out.o")]);
      });
    });
  }

  for (const compiler of ["g++", "clang++"].filter(hasCommand)) {
    it(`finds with ${compiler} what a C header defines inside of a struct`, () => {
      withFolder((folder) => {
        const header = join(folder, "nested.h");
        writeFileSync(
          header,
          `struct outer {
             int before;
             struct inner { char a; enum state { STATE_A, STATE_B = -3 } b; } list[2];
             struct { union deep { int i; float f; } deep; } unnamed;
             struct inner2 {
               struct inner3 { short s; } x;
             } y;
             /* what holds it cannot be sent */
           };
           struct list {
             struct link { int a; } *first;
           };`,
        );
        const { schema } = generate(
          { header, outFolder: folder, types: [], compiler: "cc", flags: [] },
          () => undefined,
        );
        assert.deepEqual(
          schema.messages.map(({ type }) => type),
          ["outer", "inner", "deep", "inner2", "inner3", "link"],
        );
        const source = join(folder, "nested.schema.c");
        const checks = ["-Wall", "-Wextra", "-Werror", INCLUDE, "-fsyntax-only"];
        run("cc", ["-std=c11", ...checks, source]);
        run(compiler, ["-x", "c++", "-std=c++17", ...checks, source]);
      });
    });
  }

  it("holds the bytes of the schema file and tables that fit it", () => {
    withFolder((folder) => {
      const header = join(folder, "demo.h");
      writeFileSync(
        header,
        `#include <stdint.h>
         struct inner { uint8_t a; uint32_t b; };
         /* [@channel demo] */
         struct demo {
           uint8_t kind;
           double grid[2][3];      // [@range -1, 2.5]
           struct inner items[2];
           char name[5];
           uint16_t low : 3, high : 9;
         };`,
      );
      generate({ header, outFolder: folder, types: ["demo"], compiler: "cc", flags: [] }, () => undefined);
      writeFileSync(
        join(folder, "main.c"),
        `#include "demo.schema.h"
         #include <stdio.h>
         int main(void) {
           fwrite(demo_schema.blob, 1, demo_schema.blob_size, stdout);
           printf("---\\n%u %s %u\\n", demo_schema.type_count, demo_schema.types[0]->name, demo_type.size);
           for (uint32_t i = 0; i < demo_type.field_count; i++) {
             const sw_field *f = &demo_type.fields[i];
             printf("%s %u %d %d %d.%d.%d", f->path, f->offset, f->scalar, f->flags, f->bit_bytes, f->bit_shift, f->bit_width);
             for (int d = 0; d < f->rank; d++) printf(" %ux%u", f->dims[d], f->strides[d]);
             printf(" %g %g\\n", f->min, f->max);
           }
           for (uint32_t i = 0; i < demo_type.pad_count; i++) printf("pad %u %u\\n", demo_type.pads[i].offset, demo_type.pads[i].length);
           return 0;
         }`,
      );
      run("cc", [INCLUDE, join(folder, "main.c"), join(folder, "demo.schema.c"), "-o", join(folder, "main")]);
      const [blob, tables] = run(join(folder, "main"), []).split("---\n");
      assert.equal(blob, readFileSync(join(folder, "demo.schema.json"), "utf8"));
      assert.equal(
        tables,
        `1 demo 80
kind 0 0 0 0.0.0 0 0
grid 8 9 3 0.0.0 2x24 3x8 -1 2.5
items.a 56 0 0 0.0.0 2x8 0 0
items.b 60 2 0 0.0.0 2x8 0 0
name 72 11 0 0.0.0 5x1 0 0
low 77 1 0 1.0.3 0 0
high 78 1 0 2.0.9 0 0
pad 1 7
pad 57 3
pad 65 3
`,
      );
    });
  });

  it("zeroes no byte that an alternative of a union has", () => {
    const { files } = runGen(`
      /* [@channel u] */
      struct u { union { struct { char a; int b; } wide; char raw[6]; } x; int after; };`);
    assert.match(files["schema.c"] ?? "", /"u", 12, \d+, u_type_fields, 0, NULL/);
  });

  const CHANGES: readonly (readonly [what: string, before: string, after: string])[] = [
    ["another size", "int a;", "int a; int more;"],
    ["another offset", "char a; int b;", "int b; char a; char c;"],
    ["another length", "int a[2][3];", "int a[3][2];"],
    ["another type of the same size", "int a;", "float a;"],
    ["another sign", "int a;", "unsigned a;"],
    ["a bool for a byte", "unsigned char a;", "_Bool a;"],
    ["another number for a label", "enum e { A, B } a;", "enum e { A, B = 2 } a;"],
    ["another layout inside", "struct { char a; int b; } in[2];", "struct { int b; char a; } in[2];"],
  ];
  for (const [what, before, after] of CHANGES) {
    it(`does not compile with a header of ${what}`, () => {
      withFolder((folder) => {
        const header = join(folder, "demo.h");
        const text = (members: string): string => `/* [@channel demo] */\nstruct demo { ${members} };\n`;
        writeFileSync(header, text(before));
        generate({ header, outFolder: folder, types: [], compiler: "cc", flags: [] }, () => undefined);
        const compile = (): string =>
          run("cc", [INCLUDE, "-c", join(folder, "demo.schema.c"), "-o", join(folder, "demo.o")]);
        compile();
        writeFileSync(header, text(after));
        assert.throws(compile, /static.assertion failed|has no member/i);
      });
    });
  }
});

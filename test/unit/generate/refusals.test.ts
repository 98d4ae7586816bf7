// SPDX-License-Identifier: MIT
// What cannot be sent is refused with the member and its place; what was not asked for is left out in silence.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { compileHeader } from "../../../bridge/generate/compile.ts";
import { BridgeError } from "../../../bridge/model/errors.ts";
import { hasCommand, withFolder } from "../../support/compilers.ts";
import { fieldOf, runGen } from "../../support/gen-runs.ts";

/** The error of a run. */
function refusal(text: string, options: Parameters<typeof runGen>[1] = {}): BridgeError {
  try {
    runGen(text, options);
  } catch (thrown) {
    if (thrown instanceof BridgeError) return thrown;
    throw thrown;
  }
  throw new Error("was not refused");
}

const MEMBERS: readonly (readonly [member: string, what: RegExp])[] = [
  ["int *x;", /is a pointer/],
  ["const char *x[3];", /is a pointer/],
  ["void (*x)(int);", /is a pointer/],
  ["long double x;", /is long double/],
  ["__int128 x;", /is __int128/],
  ["unsigned __int128 x[2];", /int128/],
  ["_Complex float x;", /is complex/],
  ["_Float16 x;", /is _Float16/],
  ["int x[];", /without a fixed length/],
  ["int x[0];", /without a fixed length/],
  ["int x[2][2][2][2][2][2][2][2][2];", /more than 8 dimensions/],
  ["struct { int *x; } x;", /is a pointer/],
  ["union { int a; void *x; };", /is a pointer/],
  ["struct { int x[2][2][2][2]; } x[2][2][2][2][2];", /more than 8 dimensions/],
];

describe("gen refuses", () => {
  for (const compiler of ["gcc", "clang"].filter(hasCommand)) {
    for (const [member, what] of MEMBERS) {
      // Clang knows half floats on x86-64 only from later versions on.
      if (compiler === "clang" && member.startsWith("_Float16")) continue;
      it(`"${member}" of ${compiler}, naming member, file and line`, () => {
        const error = refusal(`/* [@channel c] */\nstruct s {\n  int before;\n  ${member}\n};`, { compiler });
        assert.equal(error.code, "type_unsupported");
        assert.match(error.message, what);
        assert.match(error.message, /member "x" \(.*test\.h:4\)/);
      });
    }
  }

  it("structs that are empty, too large or too deep", () => {
    assert.match(refusal("/* [@channel c] */ struct s { };").message, /struct s \(.*test\.h:1\) is empty/);
    assert.match(refusal("/* [@channel c] */ struct s { int : 4; };").message, /has no members/);
    assert.match(refusal("/* [@channel c] */ struct s { char a[1048577]; };").message, /larger than 1048576 bytes/);
    const depths = Array.from({ length: 17 }, (_, at) => `struct s${String(at + 1)} { struct s${String(at)} m; };`);
    const deep = `struct s0 { int a; };\n${depths.join("\n")}`;
    assert.match(refusal(deep, { types: ["s17"] }).message, /nested more than 16 deep/);
    assert.ok(runGen(deep, { types: ["s15"] }).schema.types["s0"]);
  });

  it("members in another byte order", () => {
    const text = `struct __attribute__((scalar_storage_order("big-endian"))) s { int a; };`;
    if (hasCommand("gcc")) assert.match(refusal(text, { compiler: "gcc" }).message, /another byte order/);
  });

  it("a named type that is not there or no struct", () => {
    assert.match(refusal("struct s { int a; };", { types: ["missing"] }).message, /"missing" cannot be a message/);
    assert.match(refusal("typedef int number;", { types: ["number"] }).message, /it is no struct/);
    assert.match(refusal("struct s;", { types: ["s"] }).message, /"s" cannot be a message/);
  });

  it("a header without a struct that could be sent, saying why", () => {
    assert.match(refusal("#define ANSWER 42").message, /defines no struct/);
    assert.match(refusal("struct s { int *x; };").message, /no struct of .* can be a message:\n.*"x".*is a pointer/);
  });

  it("bitfields that the debug information misplaces", () => {
    if (!hasCommand("clang")) return;
    const text = "struct __attribute__((packed)) s { unsigned a : 1; unsigned x : 32; };";
    assert.match(refusal(text, { compiler: "clang" }).message, /"x".*test\.h:1.*misplaces/);
    const field = fieldOf(runGen(text, { compiler: "gcc" }), "s", "x");
    assert.deepEqual(field, { n: "x", t: "u32", o: 0, b: [5, 1, 32] });
  });
});

describe("gen takes", () => {
  const TEXT = `/* [@channel c] */ struct s { int a; };
struct bad { int *x; };
/* [@parameter p] */ union u { int a; float b; };
struct t { int b; };
/* [@message struct t channel later] */`;

  it("every struct of the header that can be a message, and tells of the others", () => {
    const run = runGen(TEXT);
    assert.deepEqual(run.schema.messages, [
      { name: "c", role: "channel", type: "s" },
      { name: "p", role: "parameter", type: "u" },
      { name: "later", role: "channel", type: "t" },
    ]);
    assert.equal(run.skipped.length, 1);
    assert.match(run.skipped[0] ?? "", /struct bad: member "x" \(.*test\.h:2\) is a pointer/);
  });

  it("those without a role too: their channels get names while the driver runs", () => {
    const run = runGen("struct s { int a; };\nstruct t { struct s in; };");
    assert.deepEqual(run.schema.messages, [
      { name: "*", role: "channel", type: "s" },
      { name: "*", role: "channel", type: "t" },
    ]);
  });

  it("just the structs that were named, with what is annotated of them", () => {
    const run = runGen(TEXT, { types: ["t", "struct s", "s"] });
    assert.deepEqual(run.schema.messages, [
      { name: "later", role: "channel", type: "t" },
      { name: "c", role: "channel", type: "s" },
    ]);
    assert.deepEqual([Object.keys(run.schema.types), run.skipped], [["t", "s"], []]);
    assert.deepEqual(run.warnings, []);
  });

  it("not a struct that was named and cannot be one", () => {
    assert.match(refusal(TEXT, { types: ["bad"] }).message, /"x" .* is a pointer/);
  });
});

describe("a header that does not compile", () => {
  it("is answered with the compiler's own message", () => {
    const error = refusal("struct s {\n  unknown_t a;\n};");
    assert.equal(error.code, "compiler_failed");
    assert.match(error.message, /"cc" did not compile .*test\.h:\n.*test\.h:2:\d+: error: .*unknown_t/s);
  });

  it("compiles once the flags are right", () => {
    const text = "struct s { COUNT_T a; };";
    assert.equal(refusal(text).code, "compiler_failed");
    assert.ok(runGen(text, { flags: ["-DCOUNT_T=unsigned long"] }).schema.types["s"]);
  });

  it("is told from a compiler that is missing", () => {
    const error = refusal("struct s { int a; };", { compiler: "no-such-compiler" });
    assert.equal(error.code, "compiler_failed");
    assert.match(error.message, /"no-such-compiler" was not found; name another with --cc or CC/);
  });

  it("is told from a compiler that writes no debug information", () => {
    const error = refusal("struct s { int a; };", { compiler: "sh -c : --" });
    assert.equal(error.code, "compiler_failed");
    assert.match(error.message, /wrote no object file/);
  });

  it("is answered also where only the end of the header is wrong", () => {
    for (const compiler of ["gcc", "clang"].filter(hasCommand)) {
      assert.match(refusal("struct s { int a", { compiler }).message, /error: expected/);
      assert.doesNotMatch(refusal("struct s { int a", { compiler }).message, /unit\.c/);
    }
  });

  it("is told from a compiler that leaves no file, or is ended", () => {
    const withProgram = (lines: string): string =>
      withFolder((folder) => {
        const compiler = join(folder, "a compiler");
        writeFileSync(compiler, `#!/bin/sh\nfor object; do :; done\n${lines}\n`, { mode: 0o700 });
        const error = refusal("struct s { int a; };", { compiler });
        assert.equal(error.code, "compiler_failed");
        return error.message;
      });
    assert.match(withProgram('mkdir "$object"'), /wrote no object file/);
    assert.match(withProgram('mkfifo "$object"'), /wrote no object file/);
    assert.match(withProgram('ln -s /dev/zero "$object"'), /wrote no object file/);
    assert.match(withProgram('truncate -s 3G "$object"'), /an object file of more than 1073741824 bytes/);
    assert.match(withProgram("kill -TERM $$"), /it was ended by SIGTERM/);
    assert.match(withProgram("exit 1"), /it said nothing/);
    assert.match(refusal("struct s { int a; };", { compiler: " " }).message, /no compiler is named/);
  });

  it("is told from a build whose folder is gone", () => {
    const compilation = { header: "test.h", compiler: "cc", flags: [], folder: "/nowhere/build" };
    assert.throws(() => compileHeader(compilation), /the folder \/nowhere\/build of the build is not there; configure/);
  });

  it("is told from a header that no #include can name", () => {
    const error = refusal("", { header: 'say "hello".h', others: { 'say "hello".h': "struct s { int a; };" } });
    assert.equal(error.code, "system_error");
    assert.match(error.message, /C cannot include .*rename/);
    assert.ok(runGen("", { header: "two words $HOME.h", others: { "two words $HOME.h": "struct s { int a; };" } }));
  });
});

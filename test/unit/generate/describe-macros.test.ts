// SPDX-License-Identifier: MIT
// The macros of structwire/describe.h: what cannot be sent, or is not there, does not compile, and the compiler says why.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { ROOT } from "../../../scripts/tools/paths.ts";
import { hasCommand, withFolder } from "../../support/compilers.ts";

const STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"];
const C = ["-x", "c", "-std=c11", "-Wmissing-prototypes", ...STRICT];
const CPP = ["-x", "c++", "-std=c++17", "-Wold-style-cast", ...STRICT];
const COMPILERS = [
  ["gcc", C],
  ["clang", C],
  ["g++", CPP],
  ["clang++", CPP],
] as const;

/** What the compiler complains about; empty when it does not. */
function complaints(compiler: string, flags: readonly string[], member: string, field: string): string {
  const source = `
    #include <structwire/describe.h>
    #include <stdbool.h>
    enum mode { OFF, ON };
    struct inner { int a; };
    struct other { int a; };
    struct tested { ${member} };
    SW_ENUM(mode, "", SW_LABEL(OFF), SW_LABEL(ON, "moves"));
    SW_STRUCT(inner, "", SW_FIELD(a));
    SW_STRUCT(tested, "", ${field});
    SW_SCHEMA(tested, &tested_type);\n`;
  return withFolder((folder) => {
    const file = join(folder, "source");
    writeFileSync(file, source);
    const flagsHere = [...flags, "-I", join(ROOT, "native/include"), "-fsyntax-only", file];
    return spawnSync(compiler, flagsHere, { encoding: "utf8", env: { ...process.env, LC_ALL: "C" } }).stderr;
  });
}

describe("the macros of describe.h", function () {
  this.timeout(300_000);

  for (const [compiler, flags] of COMPILERS) {
    if (!hasCommand(compiler)) continue;
    const isC = flags === C;

    it(`take with ${compiler} whatever can be sent, without a warning`, () => {
      const members = `
        float f; unsigned long long u[1][1][1][1]; const volatile short s[2]; bool b[2]; char c[2][3]; enum mode plain;
        enum mode modes[2][2]; unsigned char tagged[2]; const struct inner inner[3];
        unsigned low : 3; int : 2; bool on : 1; enum mode bits : 3;`;
      const fields = `SW_FIELD(f), SW_FIELD(u, "[m] long"), SW_FIELD(s), SW_FIELD(b), SW_FIELD(c), SW_FIELD(plain),
        SW_FIELD_OF(modes, mode), SW_FIELD_OF(tagged, mode, "which"), SW_FIELD_OF(inner, inner),
        SW_BITS(low, unsigned), SW_BITS(on, bool, "or off"), SW_BITS_OF(bits, mode),`;
      assert.equal(complaints(compiler, flags, members, fields), "");
    });

    it(`refuse with ${compiler} what cannot`, () => {
      for (const [member, field, reason] of [
        ["float m;", "SW_FIELD(n)", /no member named .n|.n. is not a member/],
        ["float m;", "SW_FIELD_OF(m, nothing)", /nothing/],
        ["float *m;", "SW_FIELD(m)", /a pointer cannot be sent/],
        ["struct inner *m;", "SW_FIELD_OF(m, inner)", isC ? /a pointer cannot/ : /not of the described type/],
        ["long double m;", "SW_FIELD(m)", isC ? /subscripted value/ : /a long double cannot be sent/],
        ["struct inner m;", "SW_FIELD(m)", isC ? /subscripted value/ : /only numbers/],
        ["struct other m;", "SW_FIELD_OF(m, inner)", isC ? /subscripted value/ : /not of the described type/],
        ["int m;", "SW_FIELD_OF(m, inner)", /the member is not of the described type/],
        ["float m;", "SW_FIELD_OF(m, mode)", /the member is not of the described type/],
        ["unsigned m : 3;", "SW_FIELD(m)", /bit-?field/i],
        ["float m;", "SW_BITS(m, unsigned)", isC ? /invalid operands to binary/ : /the member is no bitfield/],
        ["int m[1][1][1][1][1];", "SW_FIELD(m)", isC ? /array type|arithmetic or pointer/ : /at most four dimensions/],
      ] as const)
        assert.match(complaints(compiler, flags, member, field), reason, `${member} ${field}`);
    });
  }
});

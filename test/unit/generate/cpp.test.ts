// SPDX-License-Identifier: MIT
// Headers of C++: namespaces, templates, base classes and std::array are laid out as the compiler does, and named so that C can.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, it } from "mocha";
import { BridgeError } from "../../../bridge/model/errors.ts";
import { hasCommand, run as runCommand, withFolder } from "../../support/compilers.ts";
import { enumOf, fieldOf, runGen, structOf } from "../../support/gen-runs.ts";

const INCLUDE = `-I${fileURLToPath(new URL("../../../native/include", import.meta.url))}`;
const COMPILERS = ["g++", "clang++"].filter(hasCommand);

const HEADER = `
  #include <array>
  #include <cstdint>
  namespace lab {
  enum class Mode : uint8_t { Off, /* at rest */ On = 200 };
  struct Point { float x, y; /* [m] */ float length() const { return x; } static int count; };
  template <typename T, unsigned N> struct Vec { T v[N]; /* [A] */ };
  // What it does. [@channel state]
  struct State {
    State() = default;
    Mode mode; ///< [@default On] of it
    Point at;
    bool ok : 1;
    struct Part { int16_t value; /* [V] */ } parts[3];
    char16_t letter;
    Vec<double, 2> pair;
    std::array<std::array<float, 3>, 2> grid;
    std::array<Part, 2> more;
    uint8_t kind; ///< [@enum lab::Mode] [@default lab::Mode::On]
  };
  // [@channel derived]
  struct Derived : Point { int z; };
  }
  class Closed { public: int a; };
`;

/** Structs that are more than the bytes of their members, and how they are refused. */
const REFUSED: readonly (readonly [text: string, reason: RegExp])[] = [
  ["struct S { int a; virtual void run(); };", /"\(virtual functions\)" \(.*test\.h:2\) is a hidden pointer/],
  ["struct B { int a; };\nstruct S : virtual B { int b; };", /"\(base class B\)" \(.*:3\) is a virtual base class/],
  ["struct B { virtual ~B(); };\nstruct S : B { int b; };", /B: member "\(virtual functions\)"/],
  ["struct B { int a; };\nclass S : B { public: int b; };", /"\(base class B\)" \(.*:3\) is private/],
  ["class S {\n  int x; public: int y; };", /S: member "x" \(.*test\.h:3\) is private/],
  ["struct S {\n  int &x; };", /"x" \(.*test\.h:3\) is a reference/],
  ["struct S {\n  int S::*x; };", /"x" \(.*test\.h:3\) is a pointer to a member/],
  ["struct B { int a; };\nstruct S : B {\n  int a; };", /"a" \(.*test\.h:4\) has the name of another member/],
];

describe("a header of C++", function () {
  this.timeout(300_000);

  for (const compiler of COMPILERS) {
    it(`is read with ${compiler}`, () => {
      const run = runGen(HEADER, { compiler });
      assert.deepEqual(run.warnings, []);
      assert.deepEqual(
        structOf(run, "lab_State").f.map(({ n, t, o, d, b }) => [n, t, o, d ?? b]),
        [
          ["mode", "lab_Mode", 0, undefined],
          ["at", "lab_Point", 4, undefined],
          ["ok", "bool", 12, [1, 0, 1]],
          ["parts", "lab_State_Part", 14, [3]],
          ["letter", "u16", 20, undefined],
          ["pair", "lab_Vec_double_2", 24, undefined],
          ["grid", "f32", 40, [2, 3]],
          ["more", "lab_State_Part", 64, [2]],
          ["kind", "u8", 68, undefined],
        ],
      );
      assert.deepEqual([enumOf(run, "lab_Mode").t, enumOf(run, "lab_Mode").vdoc], ["u8", { Off: "at rest" }]);
      assert.equal(fieldOf(run, "lab_State", "mode").def, 200);
      assert.deepEqual(fieldOf(run, "lab_State", "kind").tags, { enum: "lab_Mode" });
      assert.equal(fieldOf(run, "lab_State", "kind").def, 200);
      assert.equal(fieldOf(run, "lab_State_Part", "value").u, "V");
      assert.equal(fieldOf(run, "lab_Vec_double_2", "v").u, "A");
      assert.deepEqual(
        structOf(run, "lab_Derived").f.map(({ n, o, u }) => [n, o, u]),
        [
          ["x", 0, "m"],
          ["y", 4, "m"],
          ["z", 8, undefined],
        ],
      );
      assert.deepEqual(
        run.schema.messages.map(({ name, type }) => `${name} ${type}`),
        ["* lab_Point", "state lab_State", "* lab_State_Part", "derived lab_Derived", "* Closed"],
      );
      assert.match(run.files["d.ts"] ?? "", /export interface LabState \{[^}]*grid: number\[\]\[\];/);
    });

    it(`takes the names that C++ has for a type (${compiler})`, () => {
      for (const [name, type] of [
        ["lab::State", "lab_State"],
        ["State", "lab_State"],
        ["struct lab::State::Part", "lab_State_Part"],
        ["Vec<double, 2u>", "lab_Vec_double_2"],
        ["class Closed", "Closed"],
      ] as const) {
        const { schema } = runGen(HEADER, { compiler, types: [name] });
        assert.deepEqual(
          schema.messages.map((message) => message.type),
          [type],
        );
      }
    });

    for (const [text, reason] of REFUSED) {
      it(`is refused where a struct is more than its members: ${text.replace(/\s+/g, " ")} (${compiler})`, () => {
        const refused = (thrown: unknown): boolean =>
          thrown instanceof BridgeError && thrown.code === "type_unsupported" && reason.test(thrown.message);
        assert.throws(() => runGen(`\n${text}`, { compiler, types: ["S"] }), refused);
      });
    }

    it(`becomes a file that both compilers take, and only with that layout (${compiler})`, () => {
      withFolder((folder) => {
        const write = (text: string): void => {
          writeFileSync(join(folder, "test.h"), text);
        };
        const { files } = runGen(HEADER, { compiler, types: ["State", "Derived", "Vec<double,2>", "Closed"] });
        for (const [name, text] of Object.entries(files))
          writeFileSync(join(folder, `test.${name}`), text.replace('"../test.h"', '"test.h"'));
        const compile = (by: string): string =>
          runCommand(by, [
            ...["-x", "c++", "-std=c++17", "-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only"],
            ...[INCLUDE, join(folder, "test.schema.c")],
          ]);
        write(HEADER);
        for (const by of COMPILERS) compile(by);
        for (const [before, after] of [
          ["Vec<double, 2> pair", "Vec<uint64_t, 2> pair"],
          ["char16_t letter", "int16_t letter"],
          ["bool ok : 1", "uint8_t ok : 1"],
          ["On = 200", "On = 201"],
          ["float, 3>, 2>", "float, 2>, 3>"],
          ["int16_t value", "uint16_t value"],
        ] as const) {
          write(HEADER.replace(before, after));
          assert.throws(() => compile(compiler), /static.assert(?:ion)? failed/i, after);
        }
      });
    });
  }
});

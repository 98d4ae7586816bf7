// SPDX-License-Identifier: MIT
// Headers of C++: what C++ adds to a struct without changing its bytes does no harm.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { BridgeError } from "../../../bridge/model/errors.ts";
import { hasCommand } from "../../support/compilers.ts";
import { enumOf, fieldOf, runGen, structOf } from "../../support/gen-runs.ts";

const HEADER = `
  #include <cstdint>
  enum class Mode : uint8_t { Off, /* at rest */ On = 200 };
  struct Point { float x, y; /* [m] */ float length() const { return x; } static int count; };
  /* What it does. [@channel state] */
  struct State {
    State() = default;
    Mode mode; ///< [@default On] of it
    Point at;
    bool ok : 1;
    struct Part { int16_t value; /* [V] */ } parts[3];
    char16_t letter;
  };
  class Closed { public: int a; };
  struct Derived : Point { int z; };
  struct Virtual { virtual void run(); int a; };
`;

describe("a header of C++", () => {
  for (const compiler of ["g++", "clang++"].filter(hasCommand)) {
    it(`is read with ${compiler}`, () => {
      const run = runGen(HEADER, { compiler, types: ["Closed"] });
      assert.deepEqual(run.warnings, []);
      assert.deepEqual(
        structOf(run, "State").f.map(({ n, t, o, d, b }) => [n, t, o, d ?? b]),
        [
          ["mode", "Mode", 0, undefined],
          ["at", "Point", 4, undefined],
          ["ok", "bool", 12, [1, 0, 1]],
          ["parts", "Part", 14, [3]],
          ["letter", "u16", 20, undefined],
        ],
      );
      assert.deepEqual([enumOf(run, "Mode").t, enumOf(run, "Mode").vdoc], ["u8", { Off: "at rest" }]);
      assert.equal(fieldOf(run, "State", "mode").def, 200);
      assert.equal(fieldOf(run, "Part", "value").u, "V");
      assert.deepEqual(Object.keys(structOf(run, "Point").f), ["0", "1"]);
      assert.equal(structOf(run, "Closed").size, 4);
    });

    for (const [type, reason] of [
      ["Derived", /is a base class/],
      ["Virtual", /is a pointer|neither the header/],
    ] as const) {
      it(`is refused a struct that is more than its members (${type}, ${compiler})`, () => {
        const refused = (thrown: unknown): boolean =>
          thrown instanceof BridgeError && thrown.code === "type_unsupported" && reason.test(thrown.message);
        assert.throws(() => runGen(HEADER, { compiler, types: [type] }), refused);
      });
    }
  }
});

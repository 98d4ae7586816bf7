// SPDX-License-Identifier: MIT
// Compiler flags reach the compiler as the build system wrote them.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { splitFlags, splitShellWords, withAbsolutePaths } from "../../../bridge/generate/flags.ts";

describe("a file of flags", () => {
  it("holds one a line, whatever is in it", () => {
    assert.deepEqual(splitFlags('-Ia b\n\n-DTEXT="x y"\r\n-O2\n'), ["-Ia b", '-DTEXT="x y"', "-O2"]);
  });

  it("holds several where CMake says so", () => {
    assert.deepEqual(splitFlags("SHELL:-include a.h\n-DX"), ["-include", "a.h", "-DX"]);
    assert.deepEqual(splitFlags("SHELL:"), []);
  });

  it("is split as a shell would", () => {
    assert.deepEqual(splitShellWords(`a  'b c' "d \\"e\\" f" g\\ h -D'x'="y z" ""`), [
      "a",
      "b c",
      'd "e" f',
      "g h",
      "-Dx=y z",
      "",
    ]);
  });
});

describe("flags for a compiler that runs elsewhere", () => {
  it("keep the paths that they mean", () => {
    assert.deepEqual(
      withAbsolutePaths(
        ["-Ia", "-I", "b", "-isystem", "/c", "-include", "d.h", "-DI", "-I=usr", "--sysroot=s", "e"],
        "/x",
      ),
      ["-I/x/a", "-I", "/x/b", "-isystem", "/c", "-include", "/x/d.h", "-DI", "-I=usr", "--sysroot=/x/s", "e"],
    );
  });
});

// SPDX-License-Identifier: MIT
// Flags come from the build that the user has: from the source that includes the header, or stands nearest to it.
import assert from "node:assert/strict";
import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "mocha";
import { findBuildCommand, type BuildCommand } from "../../../bridge/generate/compile-commands.ts";
import { BridgeError } from "../../../bridge/model/errors.ts";
import { withFolder } from "../../support/compilers.ts";

/** A tree of files, the commands of its build, and what is found for a header in it. */
function commandIn(
  files: Readonly<Record<string, string>>,
  entries: (root: string) => unknown,
  header = "include/motor.h",
): BuildCommand & { readonly root: string } {
  return withFolder((folder) => {
    const root = realpathSync(folder);
    for (const [name, text] of Object.entries({ [header]: "", ...files })) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    mkdirSync(join(root, "build"), { recursive: true });
    const list = entries(root);
    if (list !== undefined)
      writeFileSync(
        join(root, "build", "compile_commands.json"),
        typeof list === "string" ? list : JSON.stringify(list),
      );
    return { ...findBuildCommand(join(root, "build"), join(root, header)), root };
  });
}

describe("compile_commands.json", () => {
  it("gives the flags of the source that includes the header, also through another header", () => {
    const found = commandIn(
      {
        "include/near.c": "int near;",
        "include/app.h": '#pragma once\n  # include "motor.h"\n',
        "src/deep/main.c": "#include <stdio.h>\n#include <app.h>\n",
      },
      (root) => [
        { directory: join(root, "build"), file: "../include/near.c", command: "gcc -DNEAR -c ../include/near.c" },
        {
          directory: join(root, "build"),
          file: "../src/deep/main.c",
          command: `"/opt/my gcc" -I../include '-DTEXT="a b"' -MD -MT x -MF main.d -O2 -o main.o -c ../src/deep/main.c`,
        },
      ],
    );
    assert.deepEqual(
      [found.compiler, found.flags, found.folder, found.language],
      ["/opt/my gcc", ["-I../include", '-DTEXT="a b"', "-O2"], join(found.root, "build"), "c"],
    );
  });

  it("gives those of the nearest source when none includes it", () => {
    const entries = (root: string): unknown =>
      ["src/a.c", "include/b.c", "include/motor.c"].map((file) => ({
        directory: root,
        file,
        arguments: ["cc", `-DFROM=${file}`, "-c", file, "-oout.o"],
      }));
    assert.deepEqual(commandIn({}, entries).flags, ["-DFROM=include/motor.c"]);
  });

  it("reads a header of C++ as a source of C++ does", () => {
    const found = commandIn(
      {},
      (root) => [
        { directory: root, file: "include/motor.c", command: "cc -c include/motor.c" },
        { directory: root, file: "src/x.cpp", command: "ccache g++ -std=c++17 -c src/x.cpp" },
      ],
      "include/motor.hpp",
    );
    assert.deepEqual([found.compiler, found.flags, found.language], ["ccache", ["g++", "-std=c++17"], "c++"]);
  });

  it("is refused with what to do when it is missing, broken, or has nothing that fits", () => {
    const refusal = (entries: unknown, header?: string): BridgeError => {
      try {
        commandIn({}, () => entries, header);
      } catch (thrown) {
        if (thrown instanceof BridgeError) return thrown;
      }
      throw new Error("was not refused");
    };
    assert.match(refusal(undefined).message, /system_error|cannot be read.*CMAKE_EXPORT_COMPILE_COMMANDS/);
    assert.match(refusal("{").message, /cannot be read/);
    assert.match(refusal({}).message, /is no list of compile commands/);
    assert.deepEqual(refusal([]).code, "usage");
    assert.match(
      refusal([null, { file: 3 }, { file: "a.s", command: "as a.s" }]).message,
      /no entry of a C or C\+\+ source/,
    );
    const onlyC = [{ directory: "/", file: "a.c", command: "cc -c a.c" }];
    assert.match(refusal(onlyC, "a.hpp").message, /no entry of a C\+\+ source/);
  });
});

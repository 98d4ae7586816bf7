// SPDX-License-Identifier: MIT
// A Python program reads with the generated module what C wrote.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, it } from "mocha";
import { emitPython, pythonFile } from "../../bridge/generate/emit/python.ts";
import { generate } from "../../bridge/generate/generate.ts";
import { parseSchema } from "../../bridge/layout/schema.ts";
import { vectorJson } from "../support/codecs.ts";
import { run } from "../support/compilers.ts";
import { temporaryFolders } from "../support/folder.ts";
import { READER, readWithNumpy, runPython } from "../support/numpy.ts";
import type { ExpectedColumn } from "../vectors/generator/features-expected.ts";

const VECTORS = fileURLToPath(new URL("../vectors", import.meta.url));
const EVERYTHING = fileURLToPath(new URL("../unit/generate/headers/everything.h", import.meta.url));

const HEADER = `
  #include <stdint.h>
  #include <stdbool.h>
  enum class { OFF, None, real = 7 }; // not names for Python
  struct pid { float kp; /* [V/rad] */ unsigned on : 1; int gain : 7; };
  /* What it sees. [@channel state] */
  struct import {
    double angle; ///< [rad] [@range -3, 3] of the "shaft"
    char name[8];
    uint8_t mode; // [@enum class]
    struct pid pids[2];
    uint8_t key[4]; // [@bytes]
    int64_t from;
    bool ready;
  };
  /* [@service home request] */
  struct home { int16_t lambda[2][3]; };
`;

const PROGRAM = `
#include "test.h"
#include <stdio.h>
#include <string.h>
int main(void) {
  struct import s[2];
  memset(s, 0xff, sizeof s); /* padding, and what stands behind the end of a text */
  for (int i = 0; i < 2; i++) {
    s[i].angle = 1.5 - i;
    strcpy(s[i].name, "ab");
    s[i].mode = 7;
    for (int k = 0; k < 2; k++) {
      s[i].pids[k].kp = 10 * i + k;
      s[i].pids[k].on = k == 1;
      s[i].pids[k].gain = -3 - k;
    }
    memcpy(s[i].key, "\\0\\1\\2\\3", 4);
    s[i].from = INT64_MIN + i;
    s[i].ready = i == 1;
  }
  return fwrite(s, sizeof s, 1, stdout) != 1;
}
`;

const SCRIPT = `
import sys
import numpy as np
import test as t

s = np.fromfile(sys.argv[1], t.import_)
assert t.CHANNELS["state"] == s.dtype and s.dtype.itemsize == s.itemsize
assert s["angle"].tolist() == [1.5, 0.5] and t.UNITS["import"] == {"angle": "rad"}
assert [t.text(each) for each in s["name"]] == ["ab", "ab"]
assert s["name"][0].startswith(b"ab\\0\\xff")
assert t.Class(s["mode"][0]) is t.Class.real_ and t.Class.None_ == 1
assert s["pids"]["kp"].tolist() == [[0, 1], [10, 11]]
assert t.pid_on(s["pids"]).tolist() == [[0, 1], [0, 1]]
assert t.pid_gain(s["pids"]).tolist() == [[-3, -4], [-3, -4]]
assert t.pid_gain(s["pids"][0, 1]).item() == -4
assert s["key"].tolist() == [[0, 1, 2, 3]] * 2
assert s["from"].tolist() == [-(2**63), -(2**63) + 1]
assert s["ready"].tolist() == [False, True]
assert t.SERVICES["home"][0]["lambda"].shape == (2, 3) and t.SERVICES["home"][1] is None
`;

/** Generates from a header text, in a folder; gives the folder of the results. */
function generateInto(folder: string, text: string): string {
  writeFileSync(join(folder, "test.h"), text);
  const base = { header: join(folder, "test.h"), outFolder: folder, types: [], compiler: "cc", flags: [] };
  generate({ ...base, python: true }, () => undefined);
  return folder;
}

describe("a generated Python module", function () {
  this.timeout(300_000);
  const newFolder = temporaryFolders();

  it("reads what a C program wrote: numbers, texts, enums, bitfields, nested arrays", () => {
    const folder = generateInto(newFolder(), HEADER);
    const program = join(folder, "program");
    writeFileSync(`${program}.c`, PROGRAM);
    run("cc", [`${program}.c`, "-o", program]);
    run("sh", ["-c", `"${program}" > "${folder}/bytes"`]);
    writeFileSync(join(folder, "script.py"), SCRIPT);
    runPython("python", ["-W", "error", join(folder, "script.py"), join(folder, "bytes")]);
  });

  it("reads the golden structs of both byte orders, and Python computes the golden hashes", () => {
    const folder = newFolder();
    const cases = ["le", "be"].map((endian) => {
      const schema = join(VECTORS, "structs", `features-${endian}.schema.json`);
      const module = join(folder, pythonFile(`features-${endian}`));
      writeFileSync(
        module,
        emitPython("features.h", parseSchema(vectorJson(`structs/features-${endian}.schema.json`))),
      );
      const expected = vectorJson(`structs/features-${endian}.json`) as {
        readonly hash: string;
        readonly columns: Readonly<Record<string, ExpectedColumn>>;
        readonly json: readonly string[];
      };
      const bytes = join(VECTORS, "good", `batch-features-${endian}.bin`);
      const [count, size] = [expected.json.length, 160];
      const offset = readFileSync(bytes).length - count * size;
      return { expected, reading: { module, schema, struct: "features", bytes, offset, count } };
    });
    const seen = readWithNumpy(cases.map(({ reading }) => reading));
    cases.forEach(({ expected }, at) => {
      const columns = Object.entries(expected.columns).map(([path, column]) => [
        path,
        "texts" in column ? { texts: column.texts } : { hex: column.hex },
      ]);
      const answer = seen[at];
      assert.ok(answer);
      assert.deepEqual(answer.columns, Object.fromEntries(columns));
      assert.equal(answer.hash, expected.hash);
      assert.equal(answer.schemaHash, (vectorJson("hashes.json") as { schemaHash: string }[])[at]?.schemaHash);
    });
  });

  it("is typed, formatted and without a complaint of the linter", () => {
    const folder = generateInto(newFolder(), HEADER);
    generate(
      { header: EVERYTHING, outFolder: folder, types: [], compiler: "cc", flags: ["-DWIDE_ENUMS"], python: true },
      () => undefined,
    );
    const files = ["test.py", "everything.py"].map((file) => join(folder, file)).concat(READER);
    runPython("ruff", ["format", "--no-cache", "--isolated", "--check", ...files]);
    runPython("ruff", ["check", "--no-cache", "--isolated", ...files]);
    runPython("mypy", ["--strict", "--cache-dir", join(folder, "mypy"), ...files]);
  });
});

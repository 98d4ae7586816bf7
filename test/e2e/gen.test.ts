// SPDX-License-Identifier: MIT
// The command `gen` as users and builds run it.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, it } from "mocha";
import { jsonObjects, runCli, type Ended } from "../support/cli.ts";
import { temporaryFolders } from "../support/folder.ts";

const HEADER = `
#include <stdint.h>
/* [@channel state] */
struct demo_state { double angle; /* [rad] */ uint32_t count; };
/* [@parameter gains] */
struct demo_gains { float kp; /* [@range 0, 1] */ };
`;

describe("structwire gen", function () {
  this.timeout(300_000);
  const newFolder = temporaryFolders();

  /** A folder with `demo.h`, and the command run on it. */
  const inFolder = (text = HEADER): { folder: string; header: string; gen: (...args: string[]) => Promise<Ended> } => {
    const folder = newFolder();
    const header = join(folder, "demo.h");
    writeFileSync(header, text);
    return {
      folder,
      header,
      gen: (...args) => runCli("built", ["gen", header, "--out", join(folder, "out"), ...args]),
    };
  };

  it("writes the four files of a header and says what it found", async () => {
    const { folder, gen } = inFolder();
    const { code, stdout, stderr } = await gen();
    assert.deepEqual([code, stderr], [0, ""]);
    assert.deepEqual(readdirSync(join(folder, "out")).sort(), [
      "demo.d.ts",
      "demo.schema.c",
      "demo.schema.h",
      "demo.schema.json",
    ]);
    assert.match(stdout, /^channel state: demo_state, 16 bytes\nparameter gains: demo_gains, 4 bytes\n/);
  });

  it("leaves files alone whose content is the same", async () => {
    const { folder, gen } = inFolder();
    await gen();
    const file = join(folder, "out", "demo.schema.h");
    const longAgo = new Date(0);
    utimesSync(file, longAgo, longAgo);
    assert.match((await gen()).stdout, /demo\.schema\.h \(unchanged\)/);
    assert.deepEqual(statSync(file).mtime, longAgo);
  });

  it("speaks JSON when asked", async () => {
    const { gen, header, folder } = inFolder();
    const { code, stdout } = await gen("--json");
    assert.equal(code, 0);
    assert.equal(
      (await runCli("built", ["--json", "gen", header, "--out", join(folder, "out")])).stdout.slice(0, 1),
      "{",
    );
    const [state, gains, ...files] = jsonObjects(stdout);
    assert.deepEqual(
      [state?.["name"], state?.["role"], state?.["size"], gains?.["name"]],
      ["state", "channel", 16, "gains"],
    );
    assert.match(String(state?.["hash"]), /^[0-9a-f]{16}$/);
    assert.deepEqual(
      files.map(({ file, written }) => [basename(String(file)), written]),
      [
        ["demo.schema.json", true],
        ["demo.schema.h", true],
        ["demo.schema.c", true],
        ["demo.d.ts", true],
      ],
    );
  });

  it("hands on what stands behind --, whatever it looks like", async () => {
    const { gen, folder } = inFolder("/* [@channel c] */ struct s { TYPE a; };");
    const { code, stderr } = await gen("--quiet", "--", "-DTYPE=unsigned short", "-O2", "-Wall");
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(readFileSync(join(folder, "out", "demo.schema.json"), "utf8"), /"t":"u16"/);
  });

  it("takes the compiler of --cc, with words, before $CC", async () => {
    const { gen, header, folder } = inFolder();
    const log = join(folder, "log");
    const wrapper = join(folder, "wrapper");
    writeFileSync(wrapper, `#!/bin/sh\necho called >> "${log}"\nexec "$@"\n`, { mode: 0o755 });
    assert.equal((await gen("--cc", `${wrapper} cc`)).code, 0);
    assert.match(readFileSync(log, "utf8"), /^called\n/);
    const { code, stderr } = await runCli("built", ["gen", header, "--out", folder], { CC: "no-such-cc" });
    assert.equal(code, 1);
    assert.match(stderr, /compiler_failed: the compiler "no-such-cc" was not found/);
  });

  it("takes compiler and flags from a build's compile_commands.json, and more behind --", async () => {
    const { gen, folder } = inFolder('#include "count.h"\n/* [@channel c] */ struct s { COUNT_T a; MORE_T b; };');
    mkdirSync(join(folder, "sub"));
    writeFileSync(join(folder, "sub", "count.h"), "#define COUNT_T unsigned char");
    writeFileSync(join(folder, "main.c"), '#include "demo.h"');
    const entry = { directory: folder, file: "main.c", command: "cc -Isub -MD -c main.c -o main.o" };
    writeFileSync(join(folder, "compile_commands.json"), JSON.stringify([entry]));
    const { code, stderr } = await gen("-p", folder, "--quiet", "--", "-DMORE_T=short");
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(readFileSync(join(folder, "out", "demo.schema.json"), "utf8"), /"t":"u8".*\n.*"t":"i16"/);
    const missing = await gen("-p", join(folder, "sub"));
    assert.deepEqual([missing.code, /compile_commands\.json cannot be read/.test(missing.stderr)], [1, true]);
  });

  it("shows warnings with file and line and goes on", async () => {
    const { gen } = inFolder("/* [@channel c] */\nstruct s {\n  int a; // [@range 1]\n};\n");
    const { code, stderr } = await gen("--quiet");
    assert.equal(code, 0);
    assert.match(stderr, /demo\.h:3: warning: \[@range 1\] is not understood; write \[@range LEAST, GREATEST\]\n$/);
  });

  it("takes all that can be a message and says what it left out", async () => {
    const { gen } = inFolder("struct s { int a; };\nstruct bad { int *x; };");
    const { code, stdout, stderr } = await gen();
    assert.equal(code, 0);
    assert.match(stdout, /^channel \*: s, 4 bytes\n/);
    assert.match(stderr, /^structwire: left out: struct bad: member "x" \(.*demo\.h:2\) is a pointer/);
  });

  it("ends with 1, the code and the compiler's words when the header does not compile", async () => {
    const { gen, folder } = inFolder("struct s { nonsense a; };");
    const { code, stdout, stderr } = await gen();
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /^structwire: compiler_failed: "cc" did not compile .*demo\.h:\n.*demo\.h:1:12: error/s);
    const asJson = await gen("--json");
    assert.equal(asJson.code, 1);
    assert.equal((jsonObjects(asJson.stderr)[0]?.["error"] as { code?: string } | undefined)?.code, "compiler_failed");
    assert.deepEqual(readdirSync(join(folder, "out")), []);
  });

  it("ends with 1 and the place when a message holds a pointer, and leaves the files of before", async () => {
    const { gen, header, folder } = inFolder();
    await gen();
    writeFileSync(header, "/* [@channel state] */\nstruct demo_state {\n  int *x;\n};");
    const { code, stderr } = await gen();
    assert.equal(code, 1);
    assert.match(stderr, /^structwire: type_unsupported: struct demo_state: member "x" \(.*demo\.h:3\) is a pointer/);
    assert.equal(readdirSync(join(folder, "out")).length, 4);
  });

  it("ends with 1 when there is no header or no place to write", async () => {
    const { gen, folder, header } = inFolder();
    const missing = await runCli("built", ["gen", join(folder, "missing.h")]);
    assert.deepEqual([missing.code, /system_error: there is no header .*missing\.h/.test(missing.stderr)], [1, true]);
    mkdirSync(join(folder, "out", "demo.schema.json"), { recursive: true });
    const taken = await gen();
    assert.deepEqual(
      [taken.code, /system_error: .*demo\.schema\.json cannot be written/.test(taken.stderr)],
      [1, true],
    );
    assert.deepEqual(readdirSync(join(folder, "out")), ["demo.schema.json"]);
    const inProc = await runCli("built", ["gen", header, "--out", "/proc/x"]);
    assert.deepEqual(
      [inProc.code, /system_error: the folder \/proc\/x cannot be written to/.test(inProc.stderr)],
      [1, true],
    );
    const inFile = await runCli("built", ["gen", header, "--out", join(header, "x")]);
    assert.deepEqual([inFile.code, /system_error: the folder .* cannot be written to/.test(inFile.stderr)], [1, true]);
  });

  it("ends with 2 when it is used wrongly", async () => {
    assert.equal((await runCli("built", ["gen"])).code, 2);
    assert.equal((await runCli("built", ["gen", "x.h", "--no-such-option"])).code, 2);
    const two = await runCli("built", ["gen", "x.h", "y.h"]);
    assert.deepEqual([two.code, /usage: "y\.h" is one too many/.test(two.stderr)], [2, true]);
    const { code, stderr } = await runCli("built", ["gen", "x.h", "--no-such-option", "--json"]);
    assert.equal(code, 2);
    assert.equal((jsonObjects(stderr)[0]?.["error"] as { code?: string } | undefined)?.code, "usage");
  });

  it("helps with examples", async () => {
    const { code, stdout } = await runCli("built", ["gen", "--help"]);
    assert.equal(code, 0);
    assert.match(stdout, /Usage: structwire gen .*<header>/);
    assert.match(stdout, /\$ structwire gen motor\.h --out build -- -I include/);
  });
});

// SPDX-License-Identifier: MIT
// `structwire compat` on two files: the table, the objects, the exit codes.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { jsonObjects, runCli } from "../../support/cli.ts";
import { temporaryFolders } from "../../support/folder.ts";

const schemaText = (unit: string, width: string): string =>
  JSON.stringify({
    v: 1,
    endian: "le",
    types: {
      motor_state: {
        k: "struct",
        size: 16,
        hash: "",
        f: [
          { n: "angle", t: "f64", o: 0, u: unit },
          { n: "count", t: width, o: 8 },
        ],
      },
    },
    messages: [{ name: "state", role: "channel", type: "motor_state" }],
  });

describe("structwire compat", function () {
  this.timeout(300_000);
  const newFolder = temporaryFolders();

  /** Writes three schemas: the first, one with a wider field, one with another unit too. */
  function files(): { first: string; wider: string; other: string; folder: string } {
    const folder = newFolder();
    const write = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    return {
      folder,
      first: write("first.json", schemaText("rad", "u16")),
      wider: write("wider.json", schemaText("rad", "u32")),
      other: write("other.json", schemaText("deg", "u32")),
    };
  }

  it("prints a table and succeeds while nothing breaks", async () => {
    const { first, wider } = files();
    assert.deepEqual(await runCli("source", ["compat", first, wider]), {
      code: 0,
      signal: null,
      stdout: "channel state (motor_state)\n  note   count  is u32, was u16\nnothing breaks: 0 warn, 1 note\n",
      stderr: "",
    });
    const same = await runCli("source", ["compat", first, first]);
    assert.deepEqual([same.code, same.stdout], [0, "channel state (motor_state): nothing differs\nnothing differs\n"]);
  });

  it("fails when something breaks, with an object for each difference on request", async () => {
    const { first, other } = files();
    const { code, stdout } = await runCli("source", ["compat", first, other, "--json", "--type", "motor_state"]);
    const head = { role: null, name: "motor_state", type: "motor_state" };
    assert.deepEqual(jsonObjects(stdout), [
      { ...head, field: "angle", verdict: "break", why: "is in deg, was in rad" },
      { ...head, field: "count", verdict: "note", why: "is u32, was u16" },
    ]);
    assert.equal(code, 1);
  });

  it("tells a wrong use from what breaks", async () => {
    const { first, folder } = files();
    writeFileSync(join(folder, "broken.json"), '{"v":2}');
    for (const [args, message] of [
      [[first], /missing required argument 'new'/],
      [[first, join(folder, "none.json")], /none\.json: .*no such file/],
      [[first, join(folder, "broken.json")], /broken\.json: schema: v is a version that is not known/],
      [[first, "/dev/zero"], /\/dev\/zero: it has more than 4194304 bytes/],
      [[first, "driver:"], /name the driver: driver:NAME/],
      [[first, first, "--type", "gains"], /the first schema has no struct "gains"; it has motor_state/],
    ] as const) {
      const { code, stdout, stderr } = await runCli("source", ["compat", ...args]);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, message);
    }
  });
});

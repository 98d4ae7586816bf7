// SPDX-License-Identifier: MIT
// The page about gen: its header gives what it says, its options are those of the command.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { genCommand } from "../../bridge/cli/gen.ts";
import { codeIn, projectText, section, tableRows } from "../support/docs.ts";
import { fieldOf, runGen } from "../support/gen-runs.ts";

const page = projectText("docs/gen.md");
const [header = ""] = [...page.matchAll(/```c\n([\s\S]*?)```/g)].map(([, text]) => text);

describe("docs/gen.md", () => {
  it("begins with a header that gen takes as the page says", () => {
    const run = runGen(header);
    assert.deepEqual(run.warnings, []);
    assert.deepEqual(run.schema.messages, [
      { name: "state", role: "channel", type: "motor_state" },
      { name: "gains", role: "parameter", type: "motor_gains" },
      { name: "home", role: "request", type: "motor_home" },
    ]);
    const { u, max, def } = fieldOf(run, "motor_gains", "kp");
    assert.deepEqual([u, max, def], ["V/rad", 50, 2]);
    for (const name of ["motor_state_type", "motor_gains_type", "motor_home_type"]) {
      assert.ok(page.includes(`\`${name}\``));
      assert.ok(run.files["schema.h"]?.includes(` ${name};`));
    }
  });

  it("lists the options of the command, and no others", () => {
    const listed = tableRows(section(page, "The command")).map(
      ([option = ""]) => /--[a-z-]*/.exec(codeIn(option))?.[0],
    );
    const visible = genCommand().options.filter(({ hidden }) => !hidden);
    assert.deepEqual(listed.sort(), [...visible.map(({ long }) => long), "--"].sort());
  });
});

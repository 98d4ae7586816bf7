// SPDX-License-Identifier: MIT
// The floors of docs/architecture.md are those that the linter holds, and it really refuses what they forbid.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ESLint } from "eslint";
import { describe, it } from "mocha";
import { ROOT } from "../../scripts/tools/paths.ts";
import { codeIn, projectText, section, tableRows } from "../support/docs.ts";

const floors = JSON.parse(projectText("scripts/floors.json")) as Record<string, readonly string[]>;
const page = projectText("docs/architecture.md");

/** What the linter says about a source that would stand in place of the file `path`. */
async function complaints(path: string, text: string): Promise<string[]> {
  const [result] = await new ESLint({ cwd: ROOT }).lintText(text, { filePath: join(ROOT, path) });
  return (result?.messages ?? []).map(({ ruleId }) => ruleId ?? "");
}

describe("docs/architecture.md", () => {
  const rows = tableRows(section(page, "The floors of the bridge"));

  it("shows the floors that the linter reads", () => {
    const shown = rows.map(([, room, , allowed = ""]) => [
      codeIn(room),
      allowed === "" ? [] : allowed.split(", ").map(codeIn),
    ]);
    assert.deepEqual(Object.fromEntries(shown), floors);
  });

  it("shows every room that there is", () => {
    const rooms = readdirSync(join(ROOT, "bridge"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    for (const { name } of rooms) assert.ok(name in floors, name);
  });
});

describe("the linter", function () {
  // Its first look reads the types of the whole project.
  this.timeout(600_000);

  it("refuses an import that goes up or sideways", async () => {
    const up = await complaints("bridge/model/names.ts", `export { SUBPROTOCOL } from "../session/messages.ts";\n`);
    assert.ok(up.includes("import-x/no-restricted-paths"), up.join());
    const sideways = await complaints("bridge/layout/record.ts", `export { Hub } from "../hub/hub.ts";\n`);
    assert.ok(sideways.includes("import-x/no-restricted-paths"), sideways.join());
  });

  it("refuses sockets, files and clocks on the lower floors", async () => {
    const text = `import { readFileSync } from "node:fs";\nexport const now = (): number => Date.now() + readFileSync("x").length;\n`;
    const said = await complaints("bridge/hub/hub.ts", text);
    assert.ok(said.includes("no-restricted-imports"), said.join());
    assert.ok(said.includes("no-restricted-globals"), said.join());
  });

  it("lets nothing but layout/addon.ts load native code", async () => {
    const text = `import { createRequire } from "node:module";\nexport const load = createRequire(import.meta.url);\n`;
    assert.ok((await complaints("bridge/client/client.ts", text)).includes("no-restricted-imports"));
  });
});

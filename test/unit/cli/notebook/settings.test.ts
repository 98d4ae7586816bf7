// SPDX-License-Identifier: MIT
// The settings that one JupyterLab gets besides those of the user.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { describeSettings } from "../../../../bridge/cli/notebook/settings.ts";
import { temporaryFolders } from "../../../support/folder.ts";

describe("the settings of the JupyterLab that the command notebook opens", () => {
  const newFolder = temporaryFolders();

  it("keep it from asking whether it may read news", () => {
    const page = readFileSync(join(describeSettings(newFolder()), "labconfig", "page_config.json"), "utf8");
    assert.deepEqual(JSON.parse(page), {
      disabledExtensions: { "@jupyterlab/apputils-extension:announcements": true },
    });
  });
});

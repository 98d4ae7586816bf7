// SPDX-License-Identifier: MIT
// A folder of its own for each test, gone afterwards.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "mocha";

/** Call it in a `describe`: gives a function that makes a new folder of mode 0700; all are removed after each test. */
export function temporaryFolders(): () => string {
  const made: string[] = [];
  afterEach(() => {
    for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
  });
  return () => {
    const folder = mkdtempSync(join(tmpdir(), "structwire-test-"));
    made.push(folder);
    return folder;
  };
}

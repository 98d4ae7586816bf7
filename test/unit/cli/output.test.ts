// SPDX-License-Identifier: MIT
// Lines are cut to the width of a terminal and nowhere else.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { Output } from "../../../bridge/cli/output.ts";

describe("the command line's output", () => {
  const { stdout } = process;
  const before = { isTTY: stdout.isTTY, columns: stdout.columns };
  let listeners: ((...args: unknown[]) => void)[];

  beforeEach(() => {
    listeners = stdout.listeners("error") as typeof listeners;
  });

  afterEach(() => {
    Object.assign(stdout, before);
    for (const listener of stdout.listeners("error") as typeof listeners) {
      if (!listeners.includes(listener)) stdout.off("error", listener);
    }
  });

  const fitted = (isTTY: boolean, columns: number): string => {
    Object.assign(stdout, { isTTY, columns });
    return new Output({ json: false, colors: false }).fit("motor/state  struct");
  };

  it("cuts a line to the width of a terminal", () => {
    assert.equal(fitted(true, 12), "motor/state…");
  });

  it("leaves a line whole where nobody knows the width, as on a serial console", () => {
    assert.equal(fitted(true, 0), "motor/state  struct");
  });

  it("leaves a line whole in a file or pipe", () => {
    assert.equal(fitted(false, 12), "motor/state  struct");
  });
});

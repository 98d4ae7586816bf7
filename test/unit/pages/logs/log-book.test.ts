// SPDX-License-Identifier: MIT
// The page's log lines.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { LogBook } from "../../../../bridge/pages/page/logs/log-book.ts";
import type { LogEvent } from "../../../../bridge/session/messages.ts";

const line = (time: number, level: LogEvent["level"] = "info"): LogEvent => ({
  op: "log",
  driver: "motor",
  level,
  time,
  text: "x",
});

describe("log book", () => {
  it("shows lines from a level on", () => {
    const book = new LogBook();
    for (const [time, level] of (["debug", "info", "warn", "error"] as const).entries()) book.add(line(time, level));
    book.flush();
    assert.deepEqual(
      book.shown.value.map(({ level }) => level),
      ["info", "warn", "error"],
    );
    book.level.value = "error";
    assert.deepEqual(
      book.shown.value.map(({ level }) => level),
      ["error"],
    );
  });

  it("does not repeat the lines that a reconnect brings again", () => {
    const book = new LogBook();
    for (let round = 0; round < 2; round++) for (let time = 0; time < 200; time++) book.add(line(time));
    book.flush();
    assert.equal(book.lines.value.length, 200);
  });

  it("keeps the last lines of a flood", () => {
    const book = new LogBook();
    for (let time = 0; time < 10_000; time++) book.add(line(time));
    book.flush();
    assert.equal(book.lines.value.length, 500);
    assert.equal(book.lines.value.at(-1)?.time, 9999);
  });
});

// SPDX-License-Identifier: MIT
// The constants of the records are the same in the pages, in TypeScript and in C.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as batch from "../../bridge/model/batch.ts";
import { LOSS_REASONS } from "../../bridge/model/values.ts";
import { codeIn, numericDefines, projectText, section, tableRows } from "../support/docs.ts";

const defines = numericDefines(projectText("native/core/record.h"));
const batchPage = projectText("docs/batch-format.md");
const driverPage = projectText("docs/driver-protocol.md");

/** `MAX_RECORD_BYTES` → 16777216, from a page's table of limits. */
function limits(page: string): [string, number][] {
  return tableRows(section(page, "Limits")).map(([name, value]) => [
    codeIn(name),
    Number((value ?? "").replace(/\s/g, "")),
  ]);
}

describe("the constants of the batch format", () => {
  it("are the same in TypeScript and in C", () => {
    for (const [name, value] of Object.entries(batch)) assert.equal(defines.get(name), value, name);
  });

  it("have the limits of the page", () => {
    for (const [name, value] of limits(batchPage)) {
      assert.equal(new Map<string, unknown>(Object.entries(batch)).get(name), value, name);
      assert.equal(defines.get(name), value, name);
    }
  });

  it("name the types of records that the page names", () => {
    const rows = tableRows(section(batchPage, "Records"), "type  | record").slice(0, 2);
    assert.deepEqual(
      rows.map(([number, name = ""]) => [Number(number), batch[`RECORD_${name.toUpperCase()}` as "RECORD_GAP"]]),
      [
        [batch.RECORD_BATCH, batch.RECORD_BATCH],
        [batch.RECORD_GAP, batch.RECORD_GAP],
      ],
    );
  });

  it("give every reason of a gap its number and name", () => {
    const page = tableRows(section(batchPage, "Gap (type 2)"), "reason").map(([number, name]) => [
      Number(number),
      codeIn(name),
    ]);
    assert.deepEqual(page, [...LOSS_REASONS.entries()]);
    const header = LOSS_REASONS.map((name) => defines.get(`GAP_${name.toUpperCase()}`));
    assert.deepEqual(header, [...LOSS_REASONS.keys()]);
  });
});

describe("the constants of the driver link", () => {
  it("have the numbers of the page's headings in C", () => {
    const headings = [...driverPage.matchAll(/^### (.*)$/gm)].flatMap(([, text = ""]) => [
      ...text.matchAll(/([A-Z_]+) \((\d+)\)/g),
    ]);
    const page = new Map(headings.map(([, name = "", number]) => [name, Number(number)]));
    const header = [...defines].filter(([name, value]) => name.startsWith("RECORD_") && value >= 16);
    assert.deepEqual(
      [...page].sort((a, b) => a[1] - b[1]),
      header.map(([name, value]) => [name.replace("RECORD_", ""), value]).sort((a, b) => Number(a[1]) - Number(b[1])),
    );
  });

  it("have the limits of the page in C", () => {
    for (const [name, value] of limits(driverPage)) assert.equal(defines.get(name), value, name);
  });

  it("have the fixed sizes that the page's tables add up to", () => {
    for (const [name, bytes] of defines) {
      const record = /^([A-Z_]+)_HEADER_BYTES$/.exec(name)?.[1];
      if (record === undefined || record === "BATCH") continue;
      const rows = tableRows(section(driverPage, `${record} (${String(defines.get(`RECORD_${record}`))})`));
      const tail = rows.findLast(([, type]) => type === "");
      assert.equal(Number(tail?.[0]), bytes, name);
    }
  });

  it("begin with the same magic and version", () => {
    const rows = tableRows(section(driverPage, "HELLO (16)")).map(([, , field]) => field ?? "");
    assert.ok(rows.some((field) => field.includes(`0x${(defines.get("MAGIC") ?? 0).toString(16)}`)));
    assert.ok(rows.includes(`\`major\` ${String(defines.get("PROTOCOL_MAJOR"))}`));
    assert.ok(rows.includes(`\`minor\` ${String(defines.get("PROTOCOL_MINOR"))}`));
  });
});

// SPDX-License-Identifier: MIT
// The table of errors, its page, the numbers on the driver link and the C header say the same.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { ERROR_CODES, STATUS_CODES } from "../../bridge/model/errors.ts";
import { codeIn, projectText, section, tableRows } from "../support/docs.ts";

describe("docs/errors.md", () => {
  const rows = tableRows(projectText("docs/errors.md"));

  it("lists every code with its meaning, number and close code, and no other", () => {
    const page = rows.map(([code, number, close, meaning]) => ({ code: codeIn(code), number, close, meaning }));
    const table = Object.entries(ERROR_CODES).map(([code, { message, close }]) => {
      const number = STATUS_CODES.findIndex((name) => name === code);
      return { code, number: number < 0 ? "" : String(number), close: String(close ?? ""), meaning: message };
    });
    assert.deepEqual(page, table);
  });

  it("says for every code what to do", () => {
    for (const [code, , , , advice] of rows) assert.match(advice ?? "", /^[A-Z].{10,}\.$/, code);
  });
});

describe("the codes of the driver link", () => {
  const page = tableRows(section(projectText("docs/driver-protocol.md"), "Codes"));

  it("have the numbers of the table STATUS_CODES", () => {
    assert.deepEqual(
      page.map(([number, code]) => [Number(number), codeIn(code)]),
      [...STATUS_CODES.entries()],
    );
  });

  it("are sw_status in the C header", () => {
    const body = /typedef enum sw_status \{([^}]*)\}/.exec(projectText("native/include/structwire/structwire.h"))?.[1];
    const values = [...(body ?? "").matchAll(/SW_(\w+) = (\d+)/g)];
    assert.deepEqual(
      values.map(([, name = "", number]) => [Number(number), name.toLowerCase()]),
      [...STATUS_CODES.entries()],
    );
  });
});

describe("the close codes of the client protocol", () => {
  it("are those of the error table", () => {
    const page = tableRows(section(projectText("docs/client-protocol.md"), "Close codes"));
    for (const [close, code] of page)
      assert.equal(ERROR_CODES[codeIn(code) as keyof typeof ERROR_CODES].close, Number(close));
  });
});

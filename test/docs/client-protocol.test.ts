// SPDX-License-Identifier: MIT
// The page of the client protocol names the requests and events that session/messages.ts has as types.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as messages from "../../bridge/session/messages.ts";
import { codeIn, projectText, section, tableRows } from "../support/docs.ts";

const page = projectText("docs/client-protocol.md");
const source = ["messages", "channel-messages", "program-messages"]
  .map((name) => projectText(`bridge/session/${name}.ts`))
  .join("\n");

/** The `op`s that stand in a type of the source. */
function opsOf(type: string): string[] {
  const body = new RegExp(`export (?:type|interface) ${type}\\b[\\s\\S]*?(?=\\nexport |$)`).exec(source)?.[0] ?? "";
  return [...body.matchAll(/op: ((?:"\w+"(?: \| )?)+)/g)].flatMap(([, ops = ""]) =>
    [...ops.matchAll(/"(\w+)"/g)].map(([, op = ""]) => op),
  );
}

describe("docs/client-protocol.md", () => {
  it("lists the requests that the types allow", () => {
    const listed = tableRows(section(page, "Requests")).map(([op]) => codeIn(op));
    assert.deepEqual(listed.sort(), ["RequestBody", "ChannelRequest", "ProgramRequest"].flatMap(opsOf).sort());
  });

  it("lists the events that the types allow", () => {
    const listed = tableRows(section(page, "Events")).map(([op]) => codeIn(op));
    const typed = [
      "ServerMessage",
      "StreamEvent",
      "RestartEvent",
      "SenderEvent",
      "RefusedEvent",
      "ProgramEvent",
      "LogEvent",
    ].flatMap(opsOf);
    const answers = ["result", "error"];
    assert.deepEqual(listed.sort(), typed.filter((op) => !answers.includes(op)).sort());
  });

  it("gives the subprotocol and version of the types", () => {
    assert.ok(page.includes(`\`${messages.SUBPROTOCOL}\``));
    assert.match(page, new RegExp(`^# The client protocol, version ${String(messages.PROTOCOL_VERSION)}$`, "m"));
  });
});

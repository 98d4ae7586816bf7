// SPDX-License-Identifier: MIT
// The page of the client protocol names the requests and events that session/messages.ts has as types.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MAX_CALLS, MAX_OFFERS, MAX_SERVICES, MAX_UNREAD_BYTES } from "../../bridge/hub/provider.ts";
import { MAX_ALIASES } from "../../bridge/hub/resolve.ts";
import * as messages from "../../bridge/session/messages.ts";
import { MAX_PRESET_BYTES, MAX_PRESETS } from "../../bridge/session/preset-messages.ts";
import { MAX_CALL_BYTES, MAX_EXPOSED, MAX_VALUE_DEPTH, STREAM_HZ } from "../../bridge/session/program-messages.ts";
import { MAX_DEFAULTS_BYTES } from "../../bridge/session/program-operations.ts";
import { codeIn, projectText, section, tableRows } from "../support/docs.ts";

const page = projectText("docs/client-protocol.md");
const source = ["messages", "channel-messages", "preset-messages", "program-messages"]
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
    assert.deepEqual(
      listed.sort(),
      ["RequestBody", "ChannelRequest", "PresetRequest", "ProgramRequest"].flatMap(opsOf).sort(),
    );
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
      "TicketEvent",
    ].flatMap(opsOf);
    const answers = ["result", "error"];
    assert.deepEqual(listed.sort(), typed.filter((op) => !answers.includes(op)).sort());
  });

  it("gives the subprotocol and version of the types", () => {
    assert.ok(page.includes(`\`${messages.SUBPROTOCOL}\``));
    assert.match(page, new RegExp(`^# The client protocol, version ${String(messages.PROTOCOL_VERSION)}$`, "m"));
  });

  it("gives the bounds of presets", () => {
    const presets = section(page, "Presets");
    for (const [bound, text] of [
      [MAX_PRESETS, "at most 256"],
      [MAX_PRESET_BYTES, "at most 65 536 bytes of JSON"],
    ] as const) {
      assert.ok(presets.includes(text), text);
      assert.equal(Number(/[\d ]+\d/.exec(text)?.[0].replaceAll(" ", "")), bound);
    }
  });

  it("gives the bounds of services and streams", () => {
    const services = section(page, "Services");
    for (const [bound, text] of [
      [MAX_CALLS, "At most 256 calls wait for one program"],
      [MAX_UNREAD_BYTES, "more than 4 MiB unread"],
      [MAX_SERVICES, "at most 1024 services and aliases"],
      [MAX_CALL_BYTES, "at most 1 MiB of JSON"],
      [MAX_VALUE_DEPTH, "nest at most 64 deep"],
      [MAX_ALIASES, "up to 16 deep"],
      [MAX_DEFAULTS_BYTES, "at most 16 384 characters of JSON"],
    ] as const) {
      const number = /([\d ]*\d)( MiB)?/.exec(text);
      assert.equal(Number(number?.[1]?.replaceAll(" ", "")) * (number?.[2] === undefined ? 1 : 1_048_576), bound);
      assert.ok(services.replace(/\s+/g, " ").includes(text), text);
    }
    const streams = section(page, "Streams").replace(/\s+/g, " ");
    assert.ok(streams.includes(`from ${String(STREAM_HZ.min)} to 10 000`) && STREAM_HZ.max === 10_000);
    assert.ok(streams.includes(`at most ${String(MAX_OFFERS)} streams`));
    assert.ok(section(page, "Requests").includes(`1 to ${String(MAX_EXPOSED)} of`));
  });
});

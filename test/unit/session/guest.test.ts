// SPDX-License-Identifier: MIT
// Foreign clients as gateways hold them: samples as JSON text or bytes, with their senders, and values that they publish.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { accessOf, FULL_ACCESS } from "../../../bridge/session/access.ts";
import { Guest, type GuestRead } from "../../../bridge/session/guest.ts";
import type { GuestListener } from "../../../bridge/session/guest-reader.ts";
import { throwsCode } from "../../support/codecs.ts";
import { EPOCH } from "../../support/hub.ts";
import { SessionBench } from "../../support/session.ts";

describe("a guest", () => {
  let bench: SessionBench;
  let guest: Guest;

  beforeEach(() => {
    bench = new SessionBench();
    bench.connect(EPOCH);
    guest = new Guest(bench.parts, { name: "g1", client: "a gateway", access: FULL_ACCESS });
  });

  afterEach(() => {
    guest.close();
    bench.hub.stop();
  });

  /** What a reader is told, one line for each thing. */
  function read(
    channels: string | readonly string[],
    how: GuestRead = {},
    of = guest,
  ): { notes: string[]; stop: () => void } {
    const notes: string[] = [];
    const listener: GuestListener = {
      samples({ channel, contentType, samples }) {
        for (const { seq, sender, ...sample } of samples) {
          const value = "json" in sample ? sample.json : Buffer.from(sample.bytes).toString("hex");
          const parts = [channel, contentType, seq, sender?.name, value];
          notes.push(parts.filter((part) => part !== null && part !== undefined).join(" "));
        }
      },
      lost: (channel, { from, to }) => notes.push(`${channel} lost ${String(from)}-${String(to)}`),
      started: (channel, restarted) => notes.push(`${channel} ${restarted ? "restarted" : "started"}`),
      ended: (channel, reason) => notes.push(`${channel} ${reason}`),
    };
    return { notes, stop: of.read(channels, how, listener) };
  }

  it("reads what others publish, in JSON and bytes, with who sent it", () => {
    const other = new Guest(bench.parts, { name: "g2", client: "another", access: FULL_ACCESS });
    const { notes, stop } = read(["data", "pictures/**"]);
    assert.deepEqual(other.publish("data", { json: '{"x":1}' }, 1000.5), {
      ...{ channel: "data", seq: 0, time: 1000.5 },
      epoch: String(bench.hub.directory.channels.get("data")?.epoch),
    });
    other.publish("pictures/front", { bytes: Uint8Array.of(1, 2), contentType: "image/png" });
    bench.clock.advance(8);
    assert.deepEqual(notes, [
      "data started",
      'data 0 g2 {"x":1}',
      "pictures/front started",
      "pictures/front image/png 0 g2 0102",
    ]);
    stop();
    other.publish("data", { json: "2" });
    bench.clock.advance(8);
    assert.equal(notes.length, 4);
    other.close();
  });

  it("reads structs as JSON", () => {
    const channel = bench.struct("state");
    const { notes } = read("motor/state");
    bench.publish(channel, 5);
    assert.match(notes.at(-1) ?? "", /^motor\/state 5 \{"angle":5/);
    bench.disconnect();
    assert.equal(notes.at(-1), "motor/state disconnected");
  });

  it("does not read what it published itself, unless it asks for its echo", () => {
    const [plain, echo] = [read("data"), read("data", { echo: true })];
    guest.publish("data", { json: "1" });
    assert.deepEqual(plain.notes, ["data started"]);
    assert.deepEqual(echo.notes, ["data started", "data 0 g1 1"]);
  });

  it("gets the newest sample first when it asks for it", () => {
    guest.publish("data", { json: "1" });
    guest.publish("data", { json: "2" });
    const other = new Guest(bench.parts, { name: "g2", client: "another", access: FULL_ACCESS });
    assert.deepEqual(read("data", { last: true }, other).notes, ["data started", "data 1 g1 2"]);
    other.close();
  });

  it("cannot publish what is no JSON, nor where it may not, nor when it has left", () => {
    throwsCode("bad_value", () => guest.publish("data", { json: "{" }));
    throwsCode("bad_value", () => guest.publish("data", { json: "[".repeat(100_000) + "]".repeat(100_000) }));
    throwsCode("forbidden", () => guest.publish("motor/state", { json: "1" }));
    throwsCode("message_too_large", () => guest.publish("data", { json: `"${"x".repeat(1_048_576)}"` }));
    const limited = new Guest(bench.parts, {
      ...{ name: "g2", client: "another" },
      access: accessOf({ channels: ["seen"], publish: ["mine"] }, Infinity),
    });
    throwsCode("forbidden", () => limited.publish("data", { json: "1" }));
    assert.equal(limited.publish("mine", { json: "1" }).seq, 0);
    const { notes } = read("**", {}, limited);
    guest.publish("seen", { json: "1" });
    guest.publish("unseen", { json: "1" });
    assert.deepEqual(notes, ["seen started", "seen 0 g1 1"]);
    limited.close();
    throwsCode("closed", () => limited.publish("mine", { json: "1" }));
    throwsCode("closed", () => read("**", {}, limited));
  });

  it("leaves nothing behind when it is closed, but its channels with their newest samples", () => {
    guest.publish("data", { json: "1" });
    read("**");
    guest.close();
    assert.equal(bench.hub.directory.channels.get("data")?.hasReaders, false);
    const other = new Guest(bench.parts, { name: "g2", client: "another", access: FULL_ACCESS });
    assert.deepEqual(read("data", { last: true }, other).notes, ["data started", "data 0 g1 1"]);
    other.close();
  });

  it("sees in the directory who publishes where", () => {
    guest.publish("data", { json: "1" });
    const { channels } = JSON.parse(guest.directory) as { channels: Record<string, unknown>[] };
    const data = channels.find(({ channel }) => channel === "data");
    assert.deepEqual([data?.["kind"], data?.["driver"], data?.["publishers"]], ["json", null, 0]);
  });
});

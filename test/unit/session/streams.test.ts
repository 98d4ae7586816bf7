// SPDX-License-Identifier: MIT
// Streams of programs as sessions use them: offered by one, seen, started, stopped and paced by another.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { MAX_OFFERS } from "../../../bridge/hub/provider.ts";
import { codeOf, SessionBench, type Client } from "../../support/session.ts";

type Message = Record<string, unknown>;

const sine = {
  stream: "sine",
  channel: "waves/sine",
  type: "periodic",
  hz: 50,
  enabled: true,
  state: "running",
  encoding: "json",
  calls: 0,
  overruns: 0,
  error: null,
};

async function came(client: Client): Promise<Message[]> {
  await new Promise((resolve) => setImmediate(resolve));
  return client.connection.texts();
}

function streamsOf(client: Client): Message[] {
  return client.result({ op: "list" })["streams"] as Message[];
}

describe("session: streams of programs", () => {
  let bench: SessionBench;
  let provider: Client;
  let other: Client;

  beforeEach(() => {
    bench = new SessionBench();
    provider = bench.enter();
    other = bench.enter();
    provider.result({ op: "offer", ...sine });
  });

  afterEach(() => {
    bench.hub.stop();
  });

  /** Adjusts and gives the event that the provider gets. */
  function adjust(body: Message): Message {
    assert.deepEqual(other.ask({ id: 50, op: "adjust", stream: "sine", ...body }), []);
    const [event] = provider.connection.texts();
    assert.ok(event?.["op"] === "adjust");
    return event;
  }

  it("stand in the directory with type, rate, state and encoding, and who offers them", () => {
    assert.deepEqual(streamsOf(other), [{ ...sine, provider: "s1", client: "" }]);
  });

  it("offered with the name and channel alone are running, of JSON", () => {
    provider.result({ op: "offer", stream: "position", channel: "position", type: "manual" });
    const { hz, enabled, state, encoding, calls } = streamsOf(other)[1] ?? {};
    assert.deepEqual([hz, enabled, state, encoding, calls], [null, true, "running", "json", 0]);
  });

  it("say how they stand, a failure too, to all who watch", () => {
    other.result({ op: "watch" });
    const failing = { ...sine, state: "failing", calls: 12, error: { name: "RangeError", message: "boom" } };
    provider.result({ op: "offer", ...failing });
    bench.clock.advance(250);
    const [event] = other.connection.texts();
    assert.deepEqual(event?.["changed"], [{ ...failing, provider: "s1", client: "" }]);
    provider.result({ op: "retract", stream: "sine" });
    bench.clock.advance(250);
    assert.deepEqual(other.connection.texts()[0]?.["removed"], [{ stream: "sine" }]);
  });

  it("are adjusted by their program, which answers with what holds now", async () => {
    const { call, stream, hz, enabled } = adjust({ hz: 20 });
    assert.deepEqual([stream, hz, enabled], ["sine", 20, undefined]);
    provider.say({ op: "return", call, result: { ...sine, hz: 20 } });
    const entry = { ...sine, hz: 20, provider: "s1", client: "" };
    assert.deepEqual(await came(other), [{ op: "result", id: 50, result: entry }]);
    assert.deepEqual(streamsOf(other), [entry]);
  });

  it("are stopped twice without complaint", async () => {
    for (let i = 0; i < 2; i++) {
      const { call, enabled } = adjust({ enabled: false });
      assert.equal(enabled, false);
      provider.say({ op: "return", call, result: { ...sine, enabled: false, state: "stopped" } });
      assert.equal(((await came(other))[0]?.["result"] as Message)["state"], "stopped");
    }
  });

  it("removed and added anew have one rate, the new one", () => {
    provider.result({ op: "retract", stream: "sine" });
    provider.result({ op: "offer", ...sine, hz: 5 });
    assert.deepEqual(
      streamsOf(other).map(({ hz }) => hz),
      [5],
    );
  });

  it("are gone with their program, and whoever adjusts them hears so at once", async () => {
    adjust({ hz: 20 });
    provider.session.ended();
    assert.equal(codeOf((await came(other))[0]), "disconnected");
    assert.deepEqual(streamsOf(other), []);
    assert.equal(other.code({ op: "adjust", stream: "sine", hz: 1 }), "unknown_stream");
  });

  it("whose program refuses, does not answer or answers something else are an error to who asked", async () => {
    const refused = adjust({ hz: 20 });
    provider.say({ op: "return", call: refused["call"], error: { name: "Error", message: "no" } });
    assert.equal(codeOf((await came(other))[0]), "service_failed");
    const strange = adjust({ hz: 20 });
    provider.say({ op: "return", call: strange["call"], result: { stream: "other" } });
    assert.equal(codeOf((await came(other))[0]), "service_failed");
    const { call } = adjust({ hz: 20, timeoutMs: 300 });
    bench.clock.advance(300);
    assert.equal(codeOf((await came(other))[0]), "timeout");
    assert.deepEqual(provider.connection.texts(), [{ op: "abandon", call }]);
    adjust({ hz: 20 });
    other.result({ op: "cancel", request: 50 });
    assert.equal(codeOf((await came(other))[0]), "cancelled");
    assert.equal(streamsOf(other)[0]?.["hz"], 50);
  });

  const wrong: [string, Message, string][] = [
    ["nothing", {}, "invalid_argument"],
    ["a rate of zero", { hz: 0 }, "out_of_range"],
    ["a rate beyond the bound", { hz: 10_001 }, "out_of_range"],
    ["a stream that is not there", { stream: "cosine", hz: 1 }, "unknown_stream"],
    ["a word for a rate", { hz: "fast" }, "bad_message"],
  ];
  for (const [what, body, code] of wrong) {
    it(`adjusted by ${what} are refused with ${code}`, () => {
      assert.equal(other.code({ op: "adjust", stream: "sine", ...body }), code);
      assert.deepEqual(provider.connection.texts(), []);
    });
  }

  it("that a program publishes when it likes cannot be adjusted, and relays have no rate", () => {
    provider.result({ op: "offer", ...sine, stream: "position", type: "manual", hz: null });
    provider.result({ op: "offer", ...sine, stream: "tcp", type: "relay", hz: null });
    assert.equal(other.code({ op: "adjust", stream: "position", enabled: false }), "refused");
    assert.equal(other.code({ op: "adjust", stream: "tcp", hz: 3 }), "refused");
    assert.deepEqual(other.ask({ op: "adjust", stream: "tcp", enabled: false }), []);
  });

  it("of another program's name, of no name, with a rate beyond the bounds or too many are refused", () => {
    assert.equal(other.code({ op: "offer", ...sine }), "name_in_use");
    assert.equal(other.code({ op: "retract", stream: "sine" }), "invalid_argument");
    assert.equal(other.code({ op: "offer", ...sine, stream: "a b" }), "name_invalid");
    assert.equal(other.code({ op: "offer", ...sine, stream: "fast", hz: 20_000 }), "out_of_range");
    for (let i = 0; i < MAX_OFFERS; i++) other.result({ op: "offer", ...sine, stream: `s${String(i)}` });
    assert.equal(other.code({ op: "offer", ...sine, stream: "one-more" }), "busy");
    other.result({ op: "offer", ...sine, stream: "s0", calls: 3 });
  });

  it("are seen and adjusted with a ticket that names them, and offered with none", () => {
    provider.result({ op: "offer", ...sine, stream: "cosine" });
    const { ticket } = other.result({ op: "ticket", streams: ["sine"], channels: ["waves/**"] });
    const guest = bench.enter(ticket as string);
    assert.deepEqual(
      streamsOf(guest).map(({ stream }) => stream),
      ["sine"],
    );
    assert.deepEqual(guest.ask({ op: "adjust", stream: "sine", hz: 3 }), []);
    assert.equal(guest.code({ op: "adjust", stream: "cosine", hz: 3 }), "unknown_stream");
    assert.equal(guest.code({ op: "offer", ...sine, stream: "mine" }), "forbidden");
    assert.equal(guest.code({ op: "retract", stream: "sine" }), "forbidden");
  });
});

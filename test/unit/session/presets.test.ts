// SPDX-License-Identifier: MIT
// Presets over a session: kept, given back, bounded, and what of them a ticket reaches.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MAX_PRESET_BYTES, MAX_PRESETS } from "../../../bridge/session/preset-messages.ts";
import { SessionBench, type Client } from "../../support/session.ts";

const doubles = (...values: number[]): Uint8Array => new Uint8Array(new Float64Array(values).buffer);

/** A bench whose driver has two parameters. */
function setUp(): SessionBench {
  const bench = new SessionBench();
  bench.connect();
  const schema = bench.schemas.entry("gains");
  bench.driver.declareParameter({ id: 5, name: "gains", schema, channel: null, value: doubles(2, 1, 0) });
  bench.driver.declareParameter({ id: 6, name: "limits", schema, channel: null, value: doubles(7, 8, 9) });
  return bench;
}

const GAINS = { kp: 2, ki: 1, kd: 0 };

/** Keeps both parameters as `soft`. */
function saveBoth(client: Client): void {
  client.result({ op: "save", preset: "soft", parameters: ["motor/*"] });
}

/** A session with a ticket for `motor/gains` alone. */
function guest(bench: SessionBench): Client {
  const { ticket } = bench.enter().result({ op: "ticket", parameters: ["motor/gains"] });
  return bench.enter(String(ticket));
}

describe("presets of a bridge", () => {
  it("keep what parameters are now, and give it back", () => {
    const bench = setUp();
    const client = bench.enter();
    const saved = client.result({ op: "save", preset: "soft", parameters: ["motor/gains"] });
    const entry = { preset: "soft", saved: bench.clock.now(), parameters: ["motor/gains"] };
    assert.deepEqual(saved, entry);
    assert.deepEqual(client.result({ op: "preset", preset: "soft" }), {
      preset: "soft",
      saved: bench.clock.now(),
      values: { "motor/gains": GAINS },
    });
    assert.deepEqual(bench.enter().result({ op: "presets" }), { presets: [entry] });
  });

  it("are listed by name, replaced by one of the same name, and forgotten", () => {
    const client = setUp().enter();
    saveBoth(client);
    client.result({ op: "save", preset: "hard", values: { "motor/gains": { kp: 9 } } });
    client.result({ op: "save", preset: "soft", parameters: ["motor/limits"] });
    const { presets } = client.result({ op: "presets" }) as { presets: { preset: string; parameters: string[] }[] };
    assert.deepEqual(
      presets.map(({ preset, parameters }) => [preset, parameters]),
      [
        ["hard", ["motor/gains"]],
        ["soft", ["motor/limits"]],
      ],
    );
    assert.deepEqual(client.result({ op: "forget", preset: "hard" }), {});
    assert.equal(client.code({ op: "preset", preset: "hard" }), "unknown_preset");
  });

  it("say which there are when one is asked for that is not there", () => {
    const client = setUp().enter();
    saveBoth(client);
    const [answer] = client.ask({ op: "preset", preset: "sotf" });
    assert.match(JSON.stringify(answer), /there is no preset \\"sotf\\"; there are: soft/);
  });

  const refusals: [string, Record<string, unknown>, string][] = [
    ["a name that can be no file's", { preset: "../soft", parameters: ["motor/gains"] }, "name_invalid"],
    ["the name of a folder", { preset: "..", parameters: ["motor/gains"] }, "name_invalid"],
    ["a parameter that is not there", { preset: "soft", parameters: ["motor/gain"] }, "unknown_parameter"],
    ["a pattern that matches nothing", { preset: "soft", parameters: ["arm/*"] }, "unknown_parameter"],
    ["no parameters", { preset: "soft", parameters: [] }, "bad_message"],
    ["neither parameters nor values", { preset: "soft" }, "invalid_argument"],
    ["both", { preset: "soft", parameters: ["motor/gains"], values: { "motor/gains": {} } }, "invalid_argument"],
    ["no values", { preset: "soft", values: {} }, "bad_value"],
    ["a value that is no object", { preset: "soft", values: { "motor/gains": 2 } }, "bad_value"],
    ["values of what is no name", { preset: "soft", values: { "motor gains": {} } }, "bad_value"],
    [
      "more than a preset takes",
      { preset: "soft", values: { "motor/gains": { kp: "x".repeat(MAX_PRESET_BYTES) } } },
      "message_too_large",
    ],
  ];
  for (const [what, request, code] of refusals) {
    it(`are not kept with ${what}`, () => {
      const client = setUp().enter();
      assert.equal(client.code({ op: "save", ...request }), code);
      assert.deepEqual(client.result({ op: "presets" }), { presets: [] });
    });
  }

  it("are not kept of a driver that is away", () => {
    const bench = setUp();
    bench.disconnect();
    assert.equal(bench.enter().code({ op: "save", preset: "soft", parameters: ["motor/gains"] }), "disconnected");
  });

  it("are bounded in number; one that is there can still be replaced", () => {
    const client = setUp().enter();
    const values = { "motor/gains": { kp: 1 } };
    for (let i = 0; i < MAX_PRESETS; i++) client.result({ op: "save", preset: `p${String(i)}`, values });
    assert.equal(client.code({ op: "save", preset: "more", values }), "busy");
    client.result({ op: "save", preset: "p0", values });
  });
});

describe("presets for a ticket", () => {
  it("show what it reaches, and nothing else", () => {
    const bench = setUp();
    const client = bench.enter();
    saveBoth(client);
    client.result({ op: "save", preset: "limits", parameters: ["motor/limits"] });
    const ticket = guest(bench);
    const { presets } = ticket.result({ op: "presets" }) as { presets: { preset: string; parameters: string[] }[] };
    assert.deepEqual(
      presets.map(({ preset, parameters }) => [preset, parameters]),
      [["soft", ["motor/gains"]]],
    );
    assert.deepEqual(ticket.result({ op: "preset", preset: "soft" })["values"], { "motor/gains": GAINS });
    assert.equal(ticket.code({ op: "preset", preset: "limits" }), "unknown_preset");
    assert.equal(ticket.code({ op: "forget", preset: "limits" }), "unknown_preset");
  });

  it("keep what it reaches alone", () => {
    const bench = setUp();
    const ticket = guest(bench);
    assert.deepEqual(ticket.result({ op: "save", preset: "mine", parameters: ["**"] })["parameters"], ["motor/gains"]);
    assert.equal(ticket.code({ op: "save", preset: "mine", parameters: ["motor/limits"] }), "unknown_parameter");
    assert.equal(ticket.code({ op: "save", preset: "mine", values: { "motor/limits": {} } }), "unknown_parameter");
    assert.deepEqual(ticket.result({ op: "forget", preset: "mine" }), {});
  });

  it("cannot be changed when they hold more than it reaches", () => {
    const bench = setUp();
    saveBoth(bench.enter());
    const ticket = guest(bench);
    assert.equal(ticket.code({ op: "save", preset: "soft", parameters: ["motor/gains"] }), "forbidden");
    assert.equal(ticket.code({ op: "forget", preset: "soft" }), "forbidden");
    assert.deepEqual(bench.enter().result({ op: "preset", preset: "soft" })["values"], {
      "motor/gains": GAINS,
      "motor/limits": { kp: 7, ki: 8, kd: 9 },
    });
  });
});

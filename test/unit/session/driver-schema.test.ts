// SPDX-License-Identifier: MIT
// A client asks for a driver's schema, and gets as much of it as it may see.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { compileLayout } from "../../../bridge/layout/compile.ts";
import { javascriptCodec } from "../../../bridge/layout/javascript.ts";
import { parseSchema } from "../../../bridge/layout/schema.ts";
import { Describer } from "../../../bridge/session/describe.ts";
import { EPOCH } from "../../support/hub.ts";
import { SessionBench } from "../../support/session.ts";

const field = (n: string, t: string, more = {}): object => ({ n, t, o: 0, ...more });
const struct = (...f: readonly object[]): object => ({ k: "struct", size: 8, hash: "", f });

const SCHEMA = parseSchema({
  v: 1,
  endian: "le",
  types: {
    state: struct(field("mode", "u8", { tags: { enum: "modes" } })),
    modes: { k: "enum", t: "u8", v: { OFF: 0 } },
    gains: struct(field("pid", "pid")),
    pid: struct(field("kp", "f32")),
    secret: struct(field("key", "u8")),
  },
  messages: [
    { name: "state", role: "channel", type: "state" },
    { name: "gains", role: "parameter", type: "gains" },
    { name: "unlock", role: "request", type: "secret" },
    { name: "*", role: "channel", type: "secret" },
  ],
});

/** A bench whose driver brought that schema. */
function setUp(): SessionBench {
  const bench = new SessionBench();
  const schemas = bench.hub.schemas.acquire("abc", () => ({
    schema: SCHEMA,
    bytes: 1,
    compile: (type) => compileLayout(SCHEMA, type),
  }));
  bench.driver.up({ name: "motor", epoch: EPOCH, pid: 12, schemas }, bench.port);
  return bench;
}

describe("asking for a driver's schema", () => {
  it("gives all of it with its hash, and only once to who knows it", () => {
    const client = setUp().enter();
    const all = { driver: "motor", epoch: String(EPOCH), hash: "abc", schema: SCHEMA };
    assert.deepEqual(client.result({ op: "schema", driver: "motor" }), JSON.parse(JSON.stringify(all)));
    assert.equal(client.result({ op: "schema", driver: "motor", known: "abc" })["schema"], null);
    assert.notEqual(client.result({ op: "schema", driver: "motor", known: "abd" })["schema"], null);
  });

  it("gives a ticket the messages that it reaches, with their types", () => {
    const bench = setUp();
    const { ticket } = bench.enter().result({ op: "ticket", channels: ["motor/state"], parameters: ["motor/*"] });
    const { schema } = bench.enter(String(ticket)).result({ op: "schema", driver: "motor" });
    const { messages, types } = parseSchema(schema);
    assert.deepEqual(
      messages.map(({ name }) => name),
      ["state", "gains"],
    );
    assert.deepEqual(Object.keys(types).sort(), ["gains", "modes", "pid", "state"]);
    const { ticket: other } = bench.enter().result({ op: "ticket", channels: ["host/*"] });
    assert.equal(bench.enter(String(other)).code({ op: "schema", driver: "motor" }), "unknown_driver");
  });

  it("fails for a driver that is not there, naming those that are, and for one that is down", () => {
    const bench = setUp();
    const [answer] = bench.enter().ask({ op: "schema", driver: "moto" });
    assert.deepEqual(answer?.["error"], {
      code: "unknown_driver",
      message: 'there is no driver "moto"; there are: motor',
    });
    bench.disconnect();
    assert.equal(bench.enter().code({ op: "schema", driver: "motor" }), "disconnected");
  });

  it("has nothing of a driver without structs", () => {
    const bench = new SessionBench();
    bench.driver.up({ name: "motor", epoch: EPOCH, pid: 12, schemas: null }, bench.port);
    const { hash, schema } = bench.enter().result({ op: "schema", driver: "motor" });
    assert.deepEqual([hash, schema], [null, null]);
  });

  it("brings readers of one type the labels that an integer has by its annotation", () => {
    const entry = { id: 1, type: "state", layout: compileLayout(SCHEMA, "state"), schema: SCHEMA };
    const event = JSON.parse(new Describer(javascriptCodec()).schema(entry)) as { blob: { types: object } };
    assert.deepEqual(Object.keys(event.blob.types).sort(), ["modes", "state"]);
  });
});

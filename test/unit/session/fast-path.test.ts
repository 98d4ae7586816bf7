// SPDX-License-Identifier: MIT
// Sets and calls in records: bound once, answered in records, refused by id.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  readReply,
  readValue,
  writeAck,
  writeCall,
  writeCancel,
  writeReply,
  writeSet,
} from "../../../bridge/layout/link-records.ts";
import { writePublication } from "../../../bridge/layout/publication.ts";
import { MAX_MISTAKES } from "../../../bridge/session/session.ts";
import { EPOCH } from "../../support/hub.ts";
import { doubles, join } from "../../support/records.ts";
import { codeOf, SessionBench, type Client } from "../../support/session.ts";

const REQUEST = new Uint8Array(16).fill(1);

function setUp(): { bench: SessionBench; client: Client; declare: () => void } {
  const bench = new SessionBench();
  const declare = (): void => {
    bench.connect();
    const channel = bench.struct("state");
    const schema = bench.schemas.entry("gains");
    bench.driver.declareParameter({ id: 5, name: "gains", schema, channel, value: new Uint8Array(24) });
    const [request, reply] = [bench.schemas.entry("request"), bench.schemas.entry("reply")];
    bench.driver.declareService({ id: 6, name: "count", request, reply });
  };
  declare();
  return { bench, client: bench.enter(), declare };
}

/** The result of a `bind`, and the ops that came before it. */
function bind(client: Client, body: Record<string, unknown>): { result: Record<string, unknown>; before: unknown[] } {
  const messages = client.ask({ op: "bind", ...body });
  const answer = messages.pop();
  assert.equal(answer?.["op"], "result", JSON.stringify(answer));
  return { result: answer["result"] as Record<string, unknown>, before: messages.map(({ op }) => op) };
}

/** What came since the last call: records, and errors by id and code. */
async function answers(client: Client): Promise<(Uint8Array | [unknown, string])[]> {
  await new Promise((resolve) => setImmediate(resolve));
  return client.connection.sent.splice(0).map((message) => {
    if ("records" in message) return join(...message.records);
    const error = JSON.parse(message.text) as Record<string, unknown>;
    return [error["id"], codeOf(error)];
  });
}

describe("the fast path", () => {
  it("binds a service after telling its layouts, once, and again gives the same handle", () => {
    const { client } = setUp();
    const { result, before } = bind(client, { service: "motor/count" });
    assert.deepEqual(before, ["schema", "schema"]);
    const { handle, service, epoch } = result;
    assert.deepEqual([handle, service, epoch], [1, "motor/count", String(EPOCH)]);
    assert.deepEqual(bind(client, { service: "motor/count", timeoutMs: 5 }), { result, before: [] });
    assert.equal(bind(client, { parameter: "motor/gains" }).result["channel"], "motor/state");
  });

  it("calls in binary and answers in binary, whatever waits for the client", async () => {
    const { bench, client } = setUp();
    bind(client, { service: "motor/count" });
    client.session.binary(
      join(writeCall({ id: 70, target: 1, request: REQUEST }), writeCall({ id: 71, target: 1, request: REQUEST })),
    );
    const [first, second] = bench.port.calls;
    assert.deepEqual(first?.request, REQUEST);
    second?.answer.resolve(new Uint8Array(8).fill(2));
    first.answer.resolve(new Uint8Array(8).fill(1));
    const replies = await answers(client);
    assert.deepEqual(
      replies.map((reply) => (reply instanceof Uint8Array ? readReply(reply) : reply)),
      [
        { call: 71, reply: new Uint8Array(8).fill(2) },
        { call: 70, reply: new Uint8Array(8).fill(1) },
      ],
    );
  });

  it("sets in binary and answers with the whole value, the time in UTC and the next sample of the channel", async () => {
    const { bench, client } = setUp();
    bind(client, { parameter: "motor/gains" });
    const [value, mask] = [doubles(1, 2, 3), new Uint8Array(24).fill(255)];
    const samples = join(...value);
    client.session.binary(writeSet({ id: 7, target: 1, value: samples, mask }));
    const [set] = bench.port.sets;
    assert.deepEqual([set?.value, set?.mask], [samples, mask]);
    set?.answer.resolve({ value: samples, channel: "motor/state", epoch: EPOCH, next: 5120, time: 99n });
    const [answer] = await answers(client);
    assert.ok(answer instanceof Uint8Array);
    const stream = bench.hub.directory.channels.get("motor/state")?.source.id;
    assert.deepEqual(readValue(answer), {
      set: 7,
      target: 1,
      stream,
      next: 5120,
      time: 99n,
      value: samples,
    });
  });

  it("cancels a call", async () => {
    const { bench, client } = setUp();
    bind(client, { service: "motor/count" });
    client.session.binary(writeCall({ id: 3, target: 1, request: REQUEST }));
    client.session.binary(writeCancel(3));
    assert.equal(bench.port.calls[0]?.givenUp, true);
    assert.deepEqual(await answers(client), [[3, "cancelled"]]);
  });

  it("refuses by id what is not bound, has another size, or is in the other's place, and goes on", async () => {
    const { client } = setUp();
    bind(client, { service: "motor/count" });
    client.session.binary(writeCall({ id: 1, target: 9, request: REQUEST }));
    client.session.binary(writeCall({ id: 2, target: 1, request: new Uint8Array(15) }));
    client.session.binary(writeSet({ id: 3, target: 1, value: new Uint8Array(16), mask: new Uint8Array(16) }));
    assert.deepEqual(await answers(client), [
      [1, "invalid_argument"],
      [2, "bad_value"],
      [3, "invalid_argument"],
    ]);
    assert.equal(client.code({ op: "bind" }), "invalid_argument");
    assert.equal(client.code({ op: "bind", service: "motor/none" }), "unknown_service");
    assert.equal(client.connection.closed, undefined);
  });

  it("says that a handle died with the driver's connection; what is bound anew has another one", async () => {
    const { bench, client, declare } = setUp();
    bind(client, { service: "motor/count" });
    bench.disconnect();
    declare();
    client.connection.sent.splice(0);
    client.session.binary(writeCall({ id: 1, target: 1, request: REQUEST }));
    assert.deepEqual(await answers(client), [[1, "unknown_service"]]);
    assert.equal(bind(client, { service: "motor/count" }).result["handle"], 2);
  });

  it("does not bind what a ticket does not name", () => {
    const { bench, client } = setUp();
    const { ticket } = client.result({ op: "ticket", parameters: ["motor/gains"] });
    const guest = bench.enter(String(ticket));
    assert.equal(guest.code({ op: "bind", service: "motor/count" }), "unknown_service");
    assert.equal(bind(guest, { parameter: "motor/gains" }).result["channel"], null);
  });

  it("answers unsupported to other records, and ends the session after what is none or lies about its length", () => {
    const cut = writeCall({ id: 1, target: 1, request: REQUEST }).subarray(0, 24);
    for (const bad of [new Uint8Array(0), Uint8Array.of(1, 2, 3), cut]) {
      const { client } = setUp();
      client.session.binary(writeReply(1, new Uint8Array(0)));
      assert.equal(codeOf(client.connection.texts()[0]), "unsupported");
      client.session.binary(bad);
      assert.match(JSON.stringify(client.connection.texts()), /"a binary message is no record; [^"]/);
      assert.equal(client.connection.closed?.code, 4400);
    }
    const { client } = setUp();
    const lying = writeCall({ id: 1, target: 1, request: REQUEST });
    lying[20] = 200;
    client.session.binary(lying);
    assert.equal(client.connection.closed?.code, 4400);
  });

  it("answers so many wrong records of one message and no more: a few bytes would else keep the bridge busy for long", () => {
    for (const wrong of [writeReply(1, new Uint8Array(0)), writePublication(9, 0, [{ payload: new Uint8Array(1) }])]) {
      const { client } = setUp();
      client.session.binary(Buffer.concat(Array.from({ length: MAX_MISTAKES }, () => wrong)));
      assert.equal(client.connection.texts().length, MAX_MISTAKES);
      client.session.binary(wrong);
      assert.equal(client.connection.texts().length, 1);
      client.session.binary(Buffer.concat(Array.from({ length: 3 * MAX_MISTAKES }, () => wrong)));
      assert.equal(client.connection.closed?.reason, "bad_message");
      assert.equal(client.connection.texts().length, MAX_MISTAKES + 2);
    }
  });

  it("ignores acknowledgements that were not promised", () => {
    const { client } = setUp();
    client.session.binary(writeAck(2 ** 50));
    assert.equal(client.connection.closed, undefined);
  });
});

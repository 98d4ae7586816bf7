// SPDX-License-Identifier: MIT
// A session from its hello to its end: requests, events, tickets, and whatever else it is told.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { MAX_REQUESTS } from "../../../bridge/session/pending.ts";
import { HELLO_MS } from "../../../bridge/session/session.ts";
import { EPOCH } from "../../support/hub.ts";
import { batchRecord, utf8 } from "../../support/records.ts";
import { codeOf, SessionBench, TOKEN, type Client } from "../../support/session.ts";

const doubles = (...values: number[]): Uint8Array => new Uint8Array(new Float64Array(values).buffer);

/** A bench whose driver has a channel, a parameter that governs it, and two services. */
function setUp(): SessionBench {
  const bench = new SessionBench();
  bench.connect();
  const channel = bench.struct("state");
  const schema = bench.schemas.entry("gains");
  bench.driver.declareParameter({ id: 5, name: "gains", schema, channel, value: doubles(2, 1, 0) });
  bench.driver.declareService({
    id: 6,
    name: "count",
    request: bench.schemas.entry("request"),
    reply: bench.schemas.entry("reply"),
  });
  bench.driver.declareService({ id: 7, name: "reset", request: null, reply: null });
  return bench;
}

async function answers(client: Client): Promise<Record<string, unknown>[]> {
  await new Promise((resolve) => setImmediate(resolve));
  return client.connection.texts();
}

describe("a session's beginning", () => {
  it("welcomes whoever has the token, and answers nothing before", () => {
    const client = setUp().open();
    client.say({ op: "hello", version: 1, token: TOKEN, client: "a test" });
    const [welcome] = client.connection.texts();
    assert.equal(welcome?.["op"], "welcome");
    assert.deepEqual(welcome["limits"], { messageBytes: 2_097_152, subscriptions: 256, windowBytes: 1_048_576 });
    assert.equal(client.session.state.client, "a test");
  });

  const refusals: [string, unknown, string, number][] = [
    ["a wrong token", { op: "hello", version: 1, token: "wrong" }, "unauthorized", 4401],
    ["an empty token", { op: "hello", version: 1, token: "" }, "unauthorized", 4401],
    ["a forged ticket", { op: "hello", version: 1, token: "t1.e30.AAAA" }, "unauthorized", 4401],
    ["another version", { op: "hello", version: 9, token: TOKEN }, "version_mismatch", 4406],
    ["a request without hello", { op: "list", id: 1 }, "bad_message", 4400],
    ["no token", { op: "hello", version: 1 }, "bad_message", 4400],
    ["a hello that is too long", { op: "hello", version: 1, token: "x".repeat(65_537) }, "message_too_large", 1009],
  ];
  for (const [what, message, code, close] of refusals) {
    it(`ends with ${code} after ${what}`, () => {
      const client = setUp().open();
      client.say(message);
      assert.equal(codeOf(client.connection.texts()[0]), code);
      assert.deepEqual(client.connection.closed, { code: close, reason: code });
      client.say({ op: "hello", version: 1, token: TOKEN });
      assert.deepEqual(client.connection.sent, []);
    });
  }

  it("tells a client that gave no token so, and where to get one", () => {
    const client = setUp().open();
    client.say({ op: "hello", version: 1, token: "" });
    const { message } = client.connection.texts()[0]?.["error"] as { message: string };
    assert.match(message, /^no token was given; .*link/);
  });

  it("ends when no hello comes in time", () => {
    const bench = setUp();
    const client = bench.open();
    bench.clock.advance(HELLO_MS);
    assert.equal(client.connection.closed?.code, 4408);
  });

  it("ends when the first message is binary", () => {
    const client = setUp().open();
    client.session.binary(new Uint8Array(8));
    assert.equal(client.connection.closed?.code, 4400);
  });

  it("leaves nothing behind in the hub when it ends", () => {
    const bench = setUp();
    const client = bench.enter();
    client.ask({ op: "subscribe", channels: ["**"] });
    client.ask({ op: "watch" });
    client.ask({ op: "logs" });
    assert.equal(bench.hub.directory.channels.get("motor/state")?.hasReaders, true);
    client.session.ended();
    assert.equal(bench.hub.directory.channels.get("motor/state")?.hasReaders, false);
    bench.disconnect();
    bench.clock.advance(1000);
    assert.equal(bench.clock.waiting, 0);
    assert.deepEqual(client.connection.sent, []);
  });
});

describe("a session's requests", () => {
  it("list what there is, with fields, units and limits", () => {
    const directory = setUp().enter().result({ op: "list" });
    assert.deepEqual(directory["drivers"], [
      { driver: "motor", state: "up", address: "unix:/run/motor.sock", epoch: String(EPOCH), pid: 12 },
    ]);
    const [channel] = directory["channels"] as Record<string, unknown>[];
    assert.deepEqual(channel, {
      channel: "motor/state",
      kind: "struct",
      driver: "motor",
      publishers: 0,
      stream: 1,
      schema: 1,
      type: "state",
      contentType: null,
      rate: 0,
      published: 0,
      fields: [{ name: "angle", type: "f64", unit: "rad" }],
    });
    const [parameter] = directory["parameters"] as Record<string, unknown>[];
    assert.deepEqual(parameter?.["value"], { kp: 2, ki: 1, kd: 0 });
    assert.equal(parameter["channel"], "motor/state");
    const services = directory["services"] as Record<string, unknown>[];
    assert.deepEqual(services[1]?.["request"], { type: "", fields: [] });
  });

  it("get a value", () => {
    assert.deepEqual(setUp().enter().result({ op: "get", parameter: "motor/gains" }), {
      parameter: "motor/gains",
      value: { kp: 2, ki: 1, kd: 0 },
    });
  });

  it("set fields by name: only their bytes go to the driver, and the answer says what was applied", async () => {
    const bench = setUp();
    const client = bench.enter();
    client.say({ op: "set", id: 9, parameter: "motor/gains", values: { kp: 4 } });
    const [set] = bench.port.sets;
    assert.deepEqual(set?.value, doubles(4, 0, 0));
    assert.deepEqual([...set.mask], [...new Array<number>(8).fill(255), ...new Array<number>(16).fill(0)]);
    const time = 1_763_635_212_345_678_900n;
    set.answer.resolve({ value: doubles(4, 1, 0), channel: "motor/state", epoch: EPOCH, next: 5120, time });
    assert.deepEqual(await answers(client), [
      {
        op: "result",
        id: 9,
        result: {
          parameter: "motor/gains",
          applied: { kp: 4, ki: 1, kd: 0 },
          channel: "motor/state",
          epoch: String(EPOCH),
          seq: 5120,
          time: 1763635212345.679,
        },
      },
    ]);
  });

  it("call with defaults filled in, and answer by field", async () => {
    const bench = setUp();
    const client = bench.enter();
    client.say({ op: "call", id: 1, service: "motor/count", args: { value: 7 } });
    client.say({ op: "call", id: 2, service: "motor/reset" });
    const [count, reset] = bench.port.calls;
    const view = new DataView(count!.request.buffer);
    assert.deepEqual([view.getInt32(0, true), view.getFloat64(8, true)], [7, 0.5]);
    assert.equal(reset?.request.byteLength, 0);
    reset.answer.resolve(new Uint8Array(0));
    count?.answer.resolve(new Uint8Array(new BigUint64Array([2n ** 60n]).buffer));
    assert.deepEqual(
      (await answers(client)).map((message) => message["result"]),
      [{}, { total: "1152921504606846976" }],
    );
  });

  it("cancel a call: it fails with cancelled, the driver is told, and a set cannot be cancelled", async () => {
    const bench = setUp();
    const client = bench.enter();
    client.say({ op: "call", id: 1, service: "motor/reset" });
    client.say({ op: "set", id: 2, parameter: "motor/gains", values: { kp: 1 } });
    client.say({ op: "cancel", id: 3, request: 1 });
    client.say({ op: "cancel", id: 4, request: 2 });
    const messages = await answers(client);
    assert.deepEqual(
      messages.map((message) => [message["id"], (message["error"] as { code: string } | undefined)?.code]),
      [
        [3, undefined],
        [4, "invalid_argument"],
        [1, "cancelled"],
      ],
    );
    assert.equal(bench.port.calls[0]?.givenUp, true);
  });

  it("fail at once when the driver dies", async () => {
    const bench = setUp();
    const client = bench.enter();
    client.say({ op: "call", id: 1, service: "motor/reset" });
    bench.disconnect();
    assert.equal(codeOf((await answers(client))[0]), "disconnected");
    client.say({ op: "call", id: 2, service: "motor/reset" });
    assert.equal(codeOf((await answers(client))[0]), "disconnected");
  });

  const errors: [string, Record<string, unknown>, string][] = [
    ["an unknown channel", { op: "subscribe", channels: ["motor/nothing"] }, "unknown_channel"],
    ["an unknown parameter", { op: "get", parameter: "motor/nothing" }, "unknown_parameter"],
    ["an unknown parameter", { op: "set", parameter: "motor/nothing", values: {} }, "unknown_parameter"],
    ["an unknown field", { op: "set", parameter: "motor/gains", values: { kq: 1 } }, "unknown_field"],
    ["a value of another type", { op: "set", parameter: "motor/gains", values: { kp: "fast" } }, "bad_value"],
    ["an unknown service", { op: "call", service: "motor/nothing" }, "unknown_service"],
    ["an unknown argument", { op: "call", service: "motor/count", args: { valeu: 1 } }, "unknown_field"],
    ["an argument outside its limits", { op: "call", service: "motor/count", args: { value: 11 } }, "out_of_range"],
    ["an argument of what takes none", { op: "call", service: "motor/reset", args: { a: 1 } }, "unknown_field"],
    ["an unknown subscription", { op: "unsubscribe", subscription: 4 }, "unknown_subscription"],
    ["a filter", { op: "subscribe", channels: ["**"], filter: { a: 1 } }, "unsupported"],
    ["the past", { op: "subscribe", channels: ["**"], from: -1000 }, "unsupported"],
    ["a wrong pattern", { op: "subscribe", channels: ["a//b"] }, "name_invalid"],
    ["no channel", { op: "subscribe", channels: [] }, "bad_message"],
    ["65 channels", { op: "subscribe", channels: new Array<string>(65).fill("a") }, "bad_message"],
    ["another delivery", { op: "subscribe", channels: ["**"], delivery: "some" }, "bad_message"],
    ["values that are no object", { op: "set", parameter: "motor/gains", values: [1] }, "bad_message"],
    ["a timeout that cannot be", { op: "call", service: "motor/reset", timeoutMs: 0 }, "bad_message"],
    ["a ticket that lives too long", { op: "ticket", channels: ["**"], ttlMs: 1e9 }, "bad_message"],
    [
      "a ticket that names too much",
      { op: "ticket", channels: new Array<string>(64).fill("a".repeat(250)) },
      "message_too_large",
    ],
  ];
  for (const [what, request, code] of errors) {
    it(`answer ${code} to ${what} (${String(request["op"])}), and the session goes on`, async () => {
      const client = setUp().enter();
      client.say({ id: 1, ...request });
      const [answer] = await answers(client);
      assert.equal(answer?.["id"], 1);
      assert.equal(codeOf(answer), code);
      assert.equal(typeof client.result({ op: "ping", id: 2 })["time"], "number");
    });
  }

  for (const text of ["{", "[]", "null", "7", `"hello"`, "{}", `{"op":"dance","id":1}`, `{"op":["list"],"id":1}`]) {
    it(`answer bad_message without an id to ${text}, and the session goes on`, () => {
      const client = setUp().enter();
      client.session.text(text);
      const [answer] = client.connection.texts();
      assert.equal(codeOf(answer), "bad_message");
      assert.equal("id" in answer!, false);
      client.result({ op: "ping" });
    });
  }

  it("may not use an id twice at a time, nor too many", () => {
    const bench = setUp();
    const client = bench.enter();
    client.say({ op: "call", id: 1, service: "motor/reset" });
    const [answer] = client.ask({ op: "ping", id: 1 });
    assert.equal(codeOf(answer), "bad_message");
    assert.equal("id" in answer!, false);
    for (let id = 2; id <= MAX_REQUESTS; id++) client.say({ op: "call", id, service: "motor/reset" });
    assert.equal(client.code({ op: "call", id: 1000, service: "motor/reset" }), "busy");
  });

  it("never crash the session and are always answered, whatever JSON they are", async () => {
    const ops = [
      "list",
      "watch",
      "subscribe",
      "unsubscribe",
      "get",
      "set",
      "call",
      "cancel",
      "logs",
      "ticket",
      "follow",
      "status",
      "bind",
      "ledger",
    ];
    const keys = ["id", "channels", "parameter", "service", "args", "values", "request", "ttlMs", "last", "x"];
    const field = fc.tuple(fc.constantFrom(...keys), fc.jsonValue());
    const request = fc
      .tuple(fc.constantFrom(...ops), fc.array(field))
      .map(([op, fields]) => ({ id: 1, ...Object.fromEntries(fields), op }));
    const client = setUp().enter();
    await fc.assert(
      fc.asyncProperty(fc.oneof(request, fc.jsonValue()), async (json) => {
        client.say(json);
        assert.ok((await answers(client)).length > 0);
        assert.equal(client.connection.closed, undefined);
      }),
      { numRuns: 500 },
    );
    assert.equal(typeof client.result({ op: "ping" })["time"], "number");
  });

  it("never crash the session, whatever their fields hold", async () => {
    const bench = setUp();
    const client = bench.enter();
    const names = ["kp", "ki", "kd", "kp[0]", "kp.x", "__proto__", "value", "step"];
    const values = fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.jsonValue(), fc.double()));
    const codes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("set", "call"), values, async (op, fields) => {
        const what =
          op === "set" ? { parameter: "motor/gains", values: fields } : { service: "motor/count", args: fields };
        client.say({ op, id: 1, ...what });
        bench.port.die(); // what went through to the driver
        codes.add(codeOf((await answers(client))[0]));
        assert.equal(client.connection.closed, undefined);
      }),
      { numRuns: 500 },
    );
    const allowed = ["bad_value", "disconnected", "out_of_range", "unknown_field"];
    assert.deepEqual(
      [...codes].filter((code) => !allowed.includes(code)),
      [],
    );
    assert.ok(codes.has("disconnected") && codes.has("bad_value"), "some were good and some were bad");
  });
});

describe("a session's events", () => {
  it("come after the answer: layout, stream, samples, restart and end in their place", () => {
    const bench = setUp();
    const client = bench.enter();
    const channel = bench.hub.directory.channels.get("motor/state")!;
    const ops = (): unknown[] =>
      client.connection.sent
        .splice(0)
        .map((message) => ("text" in message ? (JSON.parse(message.text) as { op: string }).op : "records"));
    client.say({ op: "subscribe", id: 1, channels: ["motor/state"] });
    bench.publish(channel, 0);
    assert.deepEqual(ops(), ["result", "schema", "stream", "records"]);
    bench.publish(channel, 1); // waits for the tick
    bench.disconnect();
    bench.connect(EPOCH + 1n);
    const again = bench.struct("state", { epoch: EPOCH + 1n, type: "wide_state" });
    bench.take(again, wideBatch(again.source.id, again.schema!.id));
    bench.hub.settle();
    assert.deepEqual(ops(), ["records", "end", "schema", "restart", "records"]);
    bench.driver.withdraw(again);
    const [end] = client.connection.texts();
    assert.deepEqual(end, { op: "end", stream: 1, channel: "motor/state", reason: "withdrawn" });
  });

  it("name the layout once, with the types that it needs and no other", () => {
    const bench = setUp();
    const client = bench.enter();
    const [, schema, stream] = client.ask({ op: "subscribe", channels: ["motor/state"] });
    const { blob, type } = schema as { blob: { types: object }; type: string };
    assert.equal(type, "state");
    assert.deepEqual(Object.keys(blob.types), ["state"]);
    assert.deepEqual(stream, {
      op: "stream",
      stream: 1,
      channel: "motor/state",
      kind: "struct",
      schema: 1,
      contentType: null,
      epoch: String(EPOCH),
      next: 0,
      subscriptions: [1],
    });
    const again = client.ask({ op: "subscribe", channels: ["motor/*"], delivery: "latest" });
    assert.deepEqual(
      again.map(({ op }) => op),
      ["result", "stream"],
    );
  });

  it("say what a channel has become when it comes back as another kind", () => {
    const bench = setUp();
    const client = bench.enter();
    client.ask({ op: "subscribe", channels: ["motor/state"] });
    bench.disconnect();
    bench.connect(EPOCH + 1n);
    const spec = { kind: "bytes", schema: null, contentType: "image/png", epoch: EPOCH + 1n, next: 0 } as const;
    bench.driver.advertise("state", spec);
    const [end, restart, stream] = client.connection.texts();
    assert.deepEqual([end?.["op"], restart?.["op"], restart?.["schema"]], ["end", "restart", null]);
    assert.deepEqual([stream?.["op"], stream?.["kind"], stream?.["contentType"]], ["stream", "bytes", "image/png"]);
  });

  it("hold the newest JSON and bytes as they were published", () => {
    const bench = setUp();
    const spec = { schema: null, epoch: EPOCH, next: 0 } as const;
    const image = bench.driver.advertise("image", { ...spec, kind: "bytes", contentType: "image/png" });
    const events = bench.driver.advertise("events", { ...spec, kind: "json", contentType: null });
    for (const [channel, samples] of [
      [image, [Uint8Array.of(1), Uint8Array.of(1, 2, 3)]],
      [events, [utf8("[1]"), utf8(`{"a":"ü"}`)]],
    ] as const) {
      bench.take(channel, batchRecord({ stream: channel.source.id, epoch: EPOCH, first: 0, variable: true, samples }));
    }
    const client = bench.enter();
    const channels = ["motor/image", "motor/events"];
    const samples = client
      .ask({ op: "subscribe", channels, encoding: "json", last: true })
      .flatMap((message) => (message["samples"] as Record<string, unknown>[] | undefined) ?? []);
    assert.deepEqual(
      samples.map(({ seq, value }) => [seq, value]),
      [
        [1, "AQID"],
        [1, { a: "ü" }],
      ],
    );
  });

  it("say which subscriptions a stream serves, and when it is over", () => {
    const bench = setUp();
    const client = bench.enter();
    client.ask({ op: "subscribe", channels: ["motor/state"] });
    const [, shared] = client.ask({ op: "subscribe", channels: ["**"] });
    assert.deepEqual(shared?.["subscriptions"], [1, 2]);
    const [left] = client.ask({ op: "unsubscribe", subscription: 1 });
    assert.deepEqual(left?.["subscriptions"], [2]);
    const [end, result] = client.ask({ op: "unsubscribe", subscription: 2 });
    assert.equal(end?.["reason"], "unsubscribed");
    assert.equal(result?.["op"], "result");
  });

  it("tell rates in a line for each channel that got something, for those who asked so", () => {
    const bench = setUp();
    const [compact, whole] = [bench.enter(), bench.enter()];
    compact.result({ op: "watch", rates: true });
    whole.result({ op: "watch" });
    const channel = bench.hub.directory.channels.get("motor/state")!;
    bench.publish(channel, 0, 100);
    bench.clock.advance(1000);
    bench.hub.beat();
    bench.clock.advance(250);
    assert.deepEqual(compact.connection.texts(), [{ op: "rates", rates: [[channel.source.id, 100, 100]] }]);
    const [event] = whole.connection.texts();
    assert.deepEqual(
      (event?.["changed"] as { rate: number }[]).map(({ rate }) => rate),
      [100],
    );
    compact.connection.bufferedBytes = 3_000_000; // it does not read
    bench.clock.advance(750);
    bench.hub.beat();
    assert.deepEqual(compact.connection.texts(), []);
    compact.connection.drain();
    assert.deepEqual(compact.connection.texts(), [{ op: "rates", rates: [[channel.source.id, 0, 100]] }]);
  });

  it("tell a watching session of the directory and of values, whoever set them", () => {
    const bench = setUp();
    const client = bench.enter();
    assert.equal((client.result({ op: "watch" })["channels"] as unknown[]).length, 1);
    const gains = bench.hub.parameter("motor/gains");
    bench.driver.applied(gains, { value: doubles(3, 1, 0), channel: "motor/state", epoch: EPOCH, next: 8, time: 0n });
    assert.deepEqual(client.connection.texts(), [
      {
        op: "parameter",
        parameter: "motor/gains",
        value: { kp: 3, ki: 1, kd: 0 },
        set: { channel: "motor/state", epoch: String(EPOCH), seq: 8, time: 0 },
      },
    ]);
    bench.disconnect();
    bench.clock.advance(250);
    const [event] = client.connection.texts();
    assert.equal(event?.["op"], "directory");
    assert.deepEqual(event["removed"], [
      { parameter: "motor/gains" },
      { channel: "motor/state" },
      { service: "motor/count" },
      { service: "motor/reset" },
    ]);
  });

  it("bring the latest log lines first, then each as it comes", () => {
    const bench = setUp();
    const line = { driver: "motor", level: "warn", time: 1, text: "hot" } as const;
    bench.hub.journal.add(line);
    const client = bench.enter();
    const [result, first] = client.ask({ op: "logs" });
    assert.equal(result?.["op"], "result");
    assert.deepEqual(first, { op: "log", ...line });
    bench.hub.journal.add({ ...line, text: "hotter" });
    assert.equal(client.connection.texts()[0]?.["text"], "hotter");
  });
});

describe("a ticket", () => {
  function ticketOf(bench: SessionBench, grant: Record<string, unknown>): string {
    return bench.enter().result({ op: "ticket", ...grant })["ticket"] as string;
  }

  it("opens a session for which only what it names exists", () => {
    const bench = setUp();
    bench.struct("secret");
    const client = bench.enter(ticketOf(bench, { channels: ["motor/state"], services: ["motor/reset"] }));
    const directory = client.result({ op: "list" });
    assert.deepEqual(
      ["drivers", "channels", "parameters", "services"].map((list) => (directory[list] as unknown[]).length),
      [1, 1, 0, 1],
    );
    assert.equal(client.code({ op: "subscribe", channels: ["motor/secret"] }), "unknown_channel");
    assert.equal(client.code({ op: "get", parameter: "motor/gains" }), "unknown_parameter");
    assert.equal(client.session.state.access, "ticket");
    const opened = client.ask({ op: "subscribe", channels: ["**"] });
    assert.deepEqual(
      opened.flatMap(({ channel }) => channel ?? []),
      ["motor/state"],
    );
  });

  it("does not name a channel that it does not show", () => {
    const bench = setUp();
    const client = bench.enter(ticketOf(bench, { parameters: ["motor/gains"] }));
    const [parameter] = client.result({ op: "list" })["parameters"] as Record<string, unknown>[];
    assert.equal(parameter?.["channel"], null);
  });

  it("cannot make tickets, read logs or the bridge's state", async () => {
    const bench = setUp();
    const client = bench.enter(ticketOf(bench, { channels: ["**"] }));
    assert.equal(client.code({ op: "follow", ticket: "t1.x" }), "forbidden");
    for (const op of ["ticket", "logs", "status"]) assert.equal(client.code({ op }), "forbidden");
    client.say({ op: "call", id: 99, service: "motor/reset" });
    assert.equal(codeOf((await answers(client))[0]), "unknown_service");
  });

  it("ends at its time, and its session with it", () => {
    const bench = setUp();
    const ticket = ticketOf(bench, { channels: ["**"], ttlMs: 5000 });
    const client = bench.enter(ticket);
    bench.clock.advance(5000);
    assert.equal(client.connection.closed?.code, 4401);
    const late = bench.open();
    late.say({ op: "hello", version: 1, token: ticket });
    assert.equal(late.connection.closed?.code, 4401);
  });

  it("is watched by who made it: how many sessions are open with it, as long as that is wanted", () => {
    const bench = setUp();
    const ticket = ticketOf(bench, { channels: ["motor/state"] });
    const maker = bench.enter();
    assert.deepEqual(maker.result({ op: "follow", ticket }), { sessions: 0 });
    const told = (): unknown[] => maker.connection.texts().map(({ op, sessions }) => [op, sessions]);
    const first = bench.enter(ticket);
    const second = bench.enter(ticket);
    assert.deepEqual(told(), [
      ["ticket", 1],
      ["ticket", 2],
    ]);
    first.session.ended();
    assert.deepEqual(told(), [["ticket", 1]]);
    assert.deepEqual(maker.result({ op: "follow", ticket, enabled: false }), { sessions: 1 });
    second.session.ended();
    assert.deepEqual(told(), []);
  });

  it("is watched only while it opens something, and a bounded number of them", () => {
    const bench = setUp();
    const maker = bench.enter();
    assert.equal(maker.code({ op: "follow", ticket: "t1.abc.def" }), "invalid_argument");
    const tickets = Array.from({ length: 257 }, (_, i) => ticketOf(bench, { channels: [`motor/${String(i)}`] }));
    for (const ticket of tickets.slice(0, 256)) maker.result({ op: "follow", ticket });
    assert.equal(maker.code({ op: "follow", ticket: tickets[256] }), "busy");
    const [first] = tickets;
    maker.result({ op: "follow", ticket: first, enabled: false });
    maker.result({ op: "follow", ticket: tickets[256] });
  });

  it("is worth nothing when a letter of it is changed, or at another bridge", () => {
    const bench = setUp();
    const ticket = ticketOf(bench, { channels: ["motor/state"] });
    const changed = ticket.replace(/.$/, (letter) => (letter === "A" ? "B" : "A"));
    const [prefix, , signature] = ticket.split(".");
    const wider = Buffer.from(JSON.stringify({ e: 9e15, c: ["**"], p: ["**"], s: ["**"] })).toString("base64url");
    for (const [where, token] of [
      [bench, changed],
      [bench, `${String(prefix)}.${wider}.${String(signature)}`],
      [setUp(), ticket],
    ] as const) {
      const client = where.open();
      client.say({ op: "hello", version: 1, token });
      assert.equal(client.connection.closed?.code, 4401);
    }
  });
});

function wideBatch(stream: number, schema: number): Uint8Array {
  const record = new Uint8Array(64);
  const view = new DataView(record.buffer);
  view.setUint32(0, 64, true);
  view.setUint8(4, 1);
  view.setUint32(8, stream, true);
  view.setUint32(12, schema, true);
  view.setBigUint64(16, EPOCH + 1n, true);
  view.setUint32(32, 1, true);
  view.setUint32(36, 16, true);
  return record;
}

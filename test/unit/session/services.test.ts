// SPDX-License-Identifier: MIT
// Services of programs as sessions use them: exposed by one, called by another, with every way in which a call can end.
import assert from "node:assert/strict";
import fc from "fast-check";
import { afterEach, beforeEach, describe, it } from "mocha";
import { MAX_CALLS, MAX_SERVICES } from "../../../bridge/hub/provider.ts";
import { MAX_CALL_BYTES } from "../../../bridge/session/program-messages.ts";
import { MAX_DEFAULTS_BYTES } from "../../../bridge/session/program-operations.ts";
import { MemoryDriver } from "../../support/hub.ts";
import { codeOf, SessionBench, type Client } from "../../support/session.ts";

type Message = Record<string, unknown>;

/** What came once everything that was promised has settled. */
async function came(client: Client): Promise<Message[]> {
  await new Promise((resolve) => setImmediate(resolve));
  return client.connection.texts();
}

function servicesOf(client: Client): Message[] {
  return client.result({ op: "list" })["services"] as Message[];
}

/** An array in so many arrays. */
function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < levels; i++) value = [value];
  return value;
}

describe("session: services of programs", () => {
  let bench: SessionBench;
  let provider: Client;
  let caller: Client;

  beforeEach(() => {
    bench = new SessionBench();
    bench.connect();
    bench.driver.declareService({
      id: 6,
      name: "count",
      request: bench.schemas.entry("request"),
      reply: bench.schemas.entry("reply"),
    });
    bench.driver.declareService({ id: 7, name: "reset", request: null, reply: null });
    provider = bench.enter();
    caller = bench.enter();
    provider.result({
      op: "expose",
      services: [
        { service: "camera/snap", doc: "takes a picture", params: ["exposure", "gain"] },
        { service: "camera/stop" },
      ],
    });
  });

  afterEach(() => {
    bench.hub.stop();
  });

  /** Calls and gives the event that the provider gets. */
  function invoke(body: Message, from = caller): Message {
    assert.deepEqual(from.ask({ op: "call", service: "camera/snap", ...body }), []);
    const [event] = provider.connection.texts();
    assert.ok(event?.["op"] === "invoke");
    return event;
  }

  describe("a call", () => {
    it("reaches the program with its arguments by position and by name, and brings back what it returned", async () => {
      const { call, service, args, named } = invoke({ id: 70, args: [0.5, { a: [1] }], named: { mode: "raw" } });
      assert.deepEqual(
        { service, args, named },
        {
          service: "camera/snap",
          args: [0.5, { a: [1] }],
          named: { mode: "raw" },
        },
      );
      provider.say({ op: "return", call, result: { width: 640, tags: ["x"] } });
      assert.deepEqual(await came(caller), [{ op: "result", id: 70, result: { width: 640, tags: ["x"] } }]);
      assert.deepEqual(provider.connection.texts(), []);
    });

    it("takes arguments by name alone, and none at all", () => {
      const { args, named } = invoke({ args: { gain: 2 } });
      assert.deepEqual({ args, named }, { args: [], named: { gain: 2 } });
      const none = invoke({});
      assert.deepEqual([none["args"], none["named"]], [[], {}]);
    });

    it("of a function that returns nothing answers null", async () => {
      const { call } = invoke({ id: 70 });
      provider.say({ op: "return", call });
      assert.deepEqual(await came(caller), [{ op: "result", id: 70, result: null }]);
    });

    it("with a timestamp tells when the answer came, by the bridge's clock", async () => {
      const { call } = invoke({ id: 70, timestamp: true });
      bench.clock.advance(25);
      provider.say({ op: "return", call, result: 3 });
      assert.deepEqual((await came(caller))[0]?.["result"], { value: 3, time: bench.clock.now() });
    });

    it("that fails brings the error's name, message and code", async () => {
      const { call } = invoke({ id: 70 });
      provider.say({ op: "return", call, error: { name: "RangeError", message: "too dark", code: "E_DARK" } });
      const error = { code: "service_failed", message: "too dark", name: "RangeError", detail: "E_DARK" };
      assert.deepEqual(await came(caller), [{ op: "error", id: 70, error }]);
    });

    it("is answered at once while an earlier one still runs", async () => {
      const slow = invoke({ id: 70 });
      const quick = invoke({ id: 71 });
      provider.say({ op: "return", call: quick["call"], result: "quick" });
      assert.deepEqual(await came(caller), [{ op: "result", id: 71, result: "quick" }]);
      provider.say({ op: "return", call: slow["call"], result: "slow" });
      assert.deepEqual(await came(caller), [{ op: "result", id: 70, result: "slow" }]);
    });

    it("that takes too long fails with timeout, and the program is told to abandon it", async () => {
      const { call } = invoke({ id: 70, timeoutMs: 500 });
      bench.clock.advance(500);
      assert.equal(codeOf((await came(caller))[0]), "timeout");
      assert.deepEqual(provider.connection.texts(), [{ op: "abandon", call }]);
      provider.say({ op: "return", call, result: "late" });
      assert.deepEqual([await came(caller), await came(provider)], [[], []]);
    });

    it("that is cancelled fails with cancelled, and the program is told to abandon it", async () => {
      const { call } = invoke({ id: 70 });
      assert.deepEqual(caller.result({ op: "cancel", request: 70 }), {});
      assert.equal(codeOf((await came(caller))[0]), "cancelled");
      assert.deepEqual(provider.connection.texts(), [{ op: "abandon", call }]);
    });

    it("of somebody who left is abandoned", () => {
      const { call } = invoke({});
      caller.session.ended();
      assert.deepEqual(provider.connection.texts(), [{ op: "abandon", call }]);
    });

    it("fails at once when the program dies, and its services are gone", async () => {
      invoke({ id: 70 });
      invoke({ id: 71 });
      provider.session.ended();
      const failed = await came(caller);
      assert.deepEqual(failed.map(codeOf), ["disconnected", "disconnected"]);
      assert.equal(caller.code({ op: "call", service: "camera/snap" }), "unknown_service");
      assert.deepEqual(
        servicesOf(caller).map(({ service }: Message) => service),
        ["motor/count", "motor/reset"],
      );
      // The others go on.
      const next = bench.enter();
      next.result({ op: "expose", services: [{ service: "camera/snap" }] });
    });

    it("goes on when its service is withdrawn meanwhile", async () => {
      const { call } = invoke({ id: 70 });
      provider.result({ op: "withdraw", services: ["camera/snap"] });
      provider.say({ op: "return", call, result: 1 });
      assert.deepEqual((await came(caller))[0]?.["result"], 1);
      assert.equal(caller.code({ op: "call", service: "camera/snap" }), "unknown_service");
    });

    it("is refused with busy when too many wait for the program, and taken again after", async () => {
      const others = [caller, bench.enter()];
      for (let i = 0; i < MAX_CALLS; i++) invoke({}, others[i % 2]);
      assert.equal(caller.code({ op: "call", service: "camera/stop" }), "busy");
      provider.say({ op: "return", call: 1, result: 1 });
      await came(caller);
      invoke({});
    });

    it("is refused with busy while the program does not read", () => {
      provider.connection.reads = false;
      const large = "x".repeat(900_000);
      const codes = Array.from({ length: 8 }, () => caller.ask({ op: "call", service: "camera/snap", args: [large] }));
      assert.deepEqual(codes.flat().map(codeOf), ["busy", "busy", "busy"]);
      assert.equal(provider.connection.closed, undefined);
    });

    it("to a service of one's own works", async () => {
      assert.deepEqual(provider.ask({ id: 9, op: "call", service: "camera/stop" })[0]?.["op"], "invoke");
      provider.say({ op: "return", call: 1, result: "done" });
      assert.deepEqual(await came(provider), [{ op: "result", id: 9, result: "done" }]);
    });

    const large = "x".repeat(MAX_CALL_BYTES);
    const wrong: [string, Message, string][] = [
      ["arguments that nest too deep", { args: nested(64) }, "bad_value"],
      ["names beside names", { args: { a: 1 }, named: { b: 1 } }, "invalid_argument"],
      ["arguments that are too large", { args: [large] }, "message_too_large"],
      ["one argument by position and by name", { args: [1], named: { exposure: 2 } }, "bad_value"],
      ["arguments that are no list and no fields", { args: 3 }, "bad_message"],
      ["a name for named", { args: [1], named: "x" }, "bad_message"],
    ];
    for (const [what, body, code] of wrong) {
      it(`with ${what} is refused with ${code}, and does not reach the program`, () => {
        assert.equal(caller.code({ op: "call", service: "camera/snap", ...body }), code);
        assert.deepEqual(provider.connection.texts(), []);
      });
    }

    it("keeps strange names of arguments what they are", () => {
      caller.session.text(
        `{"op":"call","id":5,"service":"camera/stop","args":[],"named":{"__proto__":{"a":1},"constructor":2}}`,
      );
      const text = (provider.connection.sent[0] as { text: string }).text;
      assert.ok(text.includes(`"named":{"__proto__":{"a":1},"constructor":2}`), text);
    });
  });

  describe("a return", () => {
    it("whose result cannot be sent on is an error to the caller, and the program lives on", async () => {
      const first = invoke({ id: 70 });
      provider.say({ op: "return", call: first["call"], result: "x".repeat(MAX_CALL_BYTES) });
      assert.equal(codeOf((await came(caller))[0]), "message_too_large");
      const second = invoke({ id: 71 });
      provider.say({ op: "return", call: second["call"], result: nested(65) });
      assert.equal(codeOf((await came(caller))[0]), "bad_value");
      const third = invoke({ id: 72 });
      provider.say({ op: "return", call: third["call"], result: 1 });
      assert.equal((await came(caller))[0]?.["result"], 1);
    });

    it("of a call that was never asked is an error, and the session goes on", () => {
      provider.say({ op: "return", call: 1, result: 1 });
      caller.say({ op: "return", call: 1, result: 1 });
      provider.say({ op: "return", result: 1 });
      for (const client of [provider, caller]) {
        for (const message of client.connection.texts()) assert.equal(codeOf(message), "bad_message");
        assert.equal(client.connection.closed, undefined);
      }
    });

    it("that comes twice is taken once", async () => {
      const { call } = invoke({ id: 70 });
      provider.say({ op: "return", call, result: 1 });
      provider.say({ op: "return", call, result: 2 });
      assert.deepEqual(await came(caller), [{ op: "result", id: 70, result: 1 }]);
      assert.deepEqual(provider.connection.texts(), []);
    });

    it("that is malformed fails its call, which does not wait for its time", async () => {
      const { call } = invoke({ id: 70 });
      provider.say({ op: "return", call, error: "boom" });
      const [answer] = await came(caller);
      assert.equal(codeOf(answer), "service_failed");
      assert.match((answer?.["error"] as { message: string }).message, /return/);
    });
  });

  describe("exposing", () => {
    it("shows the services in the directory, with who provides them", () => {
      const services = servicesOf(caller);
      assert.deepEqual(services[2], {
        service: "camera/snap",
        driver: null,
        provider: "s1",
        client: "",
        params: ["exposure", "gain"],
        doc: "takes a picture",
        request: { type: "", fields: [] },
        reply: { type: "", fields: [] },
      });
    });

    it("is told to those who watch, and so is withdrawing", () => {
      caller.result({ op: "watch" });
      provider.result({ op: "expose", services: [{ service: "camera/zoom" }] });
      provider.result({ op: "withdraw", services: ["camera/stop"] });
      bench.clock.advance(250);
      const [event] = caller.connection.texts();
      assert.deepEqual(
        (event?.["added"] as Message[]).map(({ service }) => service),
        ["camera/zoom"],
      );
      assert.deepEqual(event?.["removed"], [{ service: "camera/stop" }]);
    });

    it("is all or nothing", () => {
      const services = [{ service: "lamp/on" }, { service: "camera/snap" }];
      assert.equal(caller.code({ op: "expose", services }), "name_in_use");
      assert.equal(caller.code({ op: "call", service: "lamp/on" }), "unknown_service");
      assert.equal(provider.code({ op: "withdraw", services: ["camera/snap", "lamp/on"] }), "unknown_service");
      invoke({});
    });

    it("again of one's own replaces what it says", () => {
      provider.result({ op: "expose", services: [{ service: "camera/snap", doc: "new" }] });
      const services = servicesOf(caller);
      assert.equal(services.find(({ service }) => service === "camera/snap")?.["doc"], "new");
    });

    const wrong: [string, Message, string][] = [
      ["another program's name", { services: [{ service: "camera/snap" }] }, "name_in_use"],
      ["one name twice", { services: [{ service: "a/b" }, { service: "a/b" }] }, "name_in_use"],
      ["a driver's name", { services: [{ service: "motor/stop" }] }, "forbidden"],
      ["what is no name", { services: [{ service: "a b" }] }, "name_invalid"],
      ["nothing", { services: [] }, "bad_message"],
      [
        "too many at once",
        { services: Array.from({ length: 257 }, (_, i) => ({ service: `a/${String(i)}` })) },
        "bad_message",
      ],
      ["a field that is not known", { services: [{ service: "a/b", timeout: 3 }] }, "unsupported"],
    ];
    for (const [what, body, code] of wrong) {
      it(`of ${what} is refused with ${code}`, () => {
        assert.equal(caller.code({ op: "expose", ...body }), code);
        assert.equal(servicesOf(caller).length, 4);
      });
    }

    it("ten thousand services ends at the bound, and nobody else notices", () => {
      const codes: unknown[] = [];
      for (let i = 0; i < 10_000; i += 250) {
        const services = Array.from({ length: 250 }, (_, k) => ({ service: `a/${String(i + k)}` }));
        codes.push(caller.ask({ op: "expose", services })[0]?.["op"]);
      }
      assert.deepEqual(codes, [...Array<string>(4).fill("result"), ...Array<string>(36).fill("error")]);
      assert.equal(bench.hub.directory.services.size, 4 + MAX_SERVICES - (MAX_SERVICES % 250));
      invoke({});
    });

    it("needs the bridge's token, and a ticket calls only what it names", async () => {
      const { ticket } = caller.result({ op: "ticket", services: ["camera/snap"] });
      const guest = bench.enter(ticket as string);
      assert.equal(guest.code({ op: "expose", services: [{ service: "x/y" }] }), "forbidden");
      assert.equal(guest.code({ op: "alias", service: "x", target: "camera/stop" }), "forbidden");
      assert.equal(guest.code({ op: "withdraw", services: ["camera/snap"] }), "forbidden");
      assert.equal(guest.code({ op: "call", service: "camera/stop" }), "unknown_service");
      const { call } = invoke({ id: 70 }, guest);
      provider.say({ op: "return", call, result: 1 });
      assert.equal((await came(guest))[0]?.["result"], 1);
      assert.deepEqual(
        servicesOf(guest).map(({ service }) => service),
        ["camera/snap"],
      );
    });
  });

  describe("an alias", () => {
    it("fills in its defaults, which a caller replaces by index and by name", () => {
      provider.result({
        op: "alias",
        service: "dark",
        target: "camera/stop",
        args: [0.5, 2],
        named: { mode: "raw", fan: true },
      });
      const plain = invoke({ service: "dark" });
      assert.deepEqual(plain["args"], [0.5, 2]);
      assert.deepEqual(plain["named"], { mode: "raw", fan: true });
      assert.equal(plain["service"], "camera/stop");
      const changed = invoke({ service: "dark", args: [9], named: { fan: false, more: 1 } });
      assert.deepEqual(changed["args"], [9, 2]);
      assert.deepEqual(changed["named"], { mode: "raw", fan: false, more: 1 });
      assert.deepEqual(invoke({ service: "dark", args: [1, 2, 3] })["args"], [1, 2, 3]);
    });

    it("knows a position by its name where the service names its arguments", () => {
      provider.result({ op: "alias", service: "dark", target: "camera/snap", args: [0.5], named: { gain: 3 } });
      const byName = invoke({ service: "dark", args: { exposure: 2 } });
      assert.deepEqual([byName["args"], byName["named"]], [[2], { gain: 3 }]);
      const byIndex = invoke({ service: "dark", args: [1, 2] });
      assert.deepEqual([byIndex["args"], byIndex["named"]], [[1, 2], {}]);
    });

    it("of an alias goes through both, the outer defaults over the inner ones", () => {
      provider.result({ op: "alias", service: "inner", target: "camera/stop", args: [1, 2], named: { a: 1, b: 1 } });
      caller.result({ op: "alias", service: "outer", target: "inner", args: [9], named: { a: 2 } });
      const { args, named } = invoke({ service: "outer" });
      assert.deepEqual([args, named], [[9, 2], { a: 2, b: 1 }]);
    });

    it("waits for a target that is to come, and says so when it is not there", () => {
      caller.result({ op: "alias", service: "later", target: "lamp/on" });
      assert.equal(caller.code({ op: "call", service: "later" }), "unknown_service");
      provider.result({ op: "expose", services: [{ service: "lamp/on" }] });
      assert.equal(invoke({ service: "later" })["service"], "lamp/on");
    });

    it("goes with the session that made it, and not with its target", () => {
      caller.result({ op: "alias", service: "mine", target: "camera/snap" });
      caller.session.ended();
      assert.equal(provider.code({ op: "call", service: "mine" }), "unknown_service");
    });

    it("to itself, at once or in a circle, is refused with invalid_argument", () => {
      assert.equal(caller.code({ op: "alias", service: "a", target: "a" }), "invalid_argument");
      caller.result({ op: "alias", service: "a", target: "b" });
      caller.result({ op: "alias", service: "b", target: "c" });
      assert.equal(provider.code({ op: "alias", service: "c", target: "a" }), "invalid_argument");
      // One that closes the circle by becoming another.
      assert.equal(caller.code({ op: "alias", service: "b", target: "a" }), "invalid_argument");
    });

    it("is at most so deep, in whichever order it was built", () => {
      for (let i = 0; i < 17; i++) {
        caller.result({ op: "alias", service: `a${String(i)}`, target: i === 0 ? "camera/snap" : `a${String(i - 1)}` });
      }
      invoke({ service: "a15" });
      assert.equal(caller.code({ op: "call", service: "a16" }), "invalid_argument");
    });

    it("of what another has, of a driver's name, or with large defaults is refused", () => {
      assert.equal(caller.code({ op: "alias", service: "camera/snap", target: "motor/reset" }), "name_in_use");
      assert.equal(caller.code({ op: "alias", service: "motor", target: "motor/reset" }), "forbidden");
      const named = { x: "x".repeat(MAX_DEFAULTS_BYTES) };
      assert.equal(caller.code({ op: "alias", service: "x", target: "motor/reset", named }), "message_too_large");
    });

    it("shows its target to those who may see it", () => {
      caller.result({ op: "alias", service: "dark", target: "camera/snap" });
      const { ticket } = caller.result({ op: "ticket", services: ["dark"] });
      const shown = (client: Client): unknown =>
        servicesOf(client).find(({ service }) => service === "dark")?.["target"];
      assert.equal(shown(caller), "camera/snap");
      const guest = bench.enter(ticket as string);
      assert.equal(shown(guest), undefined);
      // What an alias stands for can be called by it: whoever made it wanted that.
      invoke({ service: "dark" }, guest);
    });
  });

  it("are counted in the state of their session, with the calls that wait", () => {
    caller.result({ op: "alias", service: "dark", target: "camera/snap" });
    invoke({ service: "dark" });
    assert.deepEqual(provider.session.state.provides, { services: 2, streams: 0, waiting: 1 });
    assert.deepEqual(caller.session.state.provides, { services: 1, streams: 0, waiting: 0 });
  });

  it("outlive whatever is said about services and streams", async () => {
    const ops = ["expose", "alias", "withdraw", "offer", "retract", "adjust", "call", "return"];
    const names = ["camera/snap", "camera/stop", "motor/count", "lamp/on", "dark", "a b", ""];
    const text = fc.oneof(fc.constantFrom(...names), fc.jsonValue());
    const offers = fc.array(fc.record({ service: text, params: fc.jsonValue() }, { requiredKeys: ["service"] }));
    const fields = fc.record(
      {
        services: fc.oneof(fc.array(text), offers),
        service: text,
        target: text,
        stream: text,
        channel: text,
        type: fc.constantFrom("periodic", "relay", "other"),
        args: fc.jsonValue(),
        named: fc.jsonValue(),
        call: fc.oneof(fc.nat(20), fc.jsonValue()),
        result: fc.jsonValue(),
        error: fc.oneof(fc.record({ message: fc.jsonValue() }), fc.jsonValue()),
        hz: fc.oneof(fc.double(), fc.jsonValue()),
        enabled: fc.oneof(fc.boolean(), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    let id = 1000;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...ops), fields, fc.boolean(), async (op, body, byProvider) => {
        const client = byProvider ? provider : caller;
        client.say({ ...body, op, id: (id += 1) });
        for (const message of await came(client)) {
          if (message["op"] === "error") assert.notEqual(codeOf(message), "internal", JSON.stringify(message));
        }
        assert.equal(client.connection.closed, undefined);
      }),
      { numRuns: 1000 },
    );
    for (const client of [provider, caller]) client.session.ended();
    assert.deepEqual([...bench.hub.directory.services.keys()], ["motor/count", "motor/reset"]);
    assert.equal(bench.hub.directory.streams.size, 0);
    await came(caller);
  });

  describe("a driver's service", () => {
    /** The struct that reached the driver with the last call. */
    const sent = (): Uint8Array | undefined => bench.port.calls.at(-1)?.request;

    it("takes its fields by position, by name, and both", () => {
      caller.ask({ op: "call", service: "motor/count", args: { value: 5 } });
      const byName = sent();
      caller.ask({ op: "call", service: "motor/count", args: [5] });
      assert.deepEqual(sent(), byName);
      caller.ask({ op: "call", service: "motor/count", args: [], named: { value: 5 } });
      assert.deepEqual(sent(), byName);
      assert.equal(bench.port.calls.length, 3);
    });

    it("refuses more positions than it has fields, a field that is given twice, and arguments where it takes none", () => {
      const ask = (body: Message): string => caller.code({ op: "call", ...body });
      assert.equal(ask({ service: "motor/count", args: [1, 2, 3, 4, 5, 6, 7, 8, 9] }), "bad_value");
      assert.equal(ask({ service: "motor/count", args: [1], named: { value: 1 } }), "bad_value");
      assert.equal(ask({ service: "motor/reset", args: [1] }), "bad_value");
      assert.equal(bench.port.calls.length, 0);
    });

    it("has aliases with defaults, and a timestamp", async () => {
      caller.result({ op: "alias", service: "by-five", target: "motor/count", args: [5] });
      caller.ask({ op: "call", service: "motor/count", args: [5] });
      const five = sent();
      caller.ask({ id: 70, op: "call", service: "by-five", timestamp: true });
      assert.deepEqual(sent(), five);
      bench.port.calls[1]?.answer.resolve(new Uint8Array(bench.schemas.entry("reply").layout.size));
      const [answer] = await came(caller);
      assert.deepEqual(Object.keys(answer?.["result"] as object), ["value", "time"]);
      caller.ask({ op: "call", service: "by-five", args: { value: 6 } });
      caller.ask({ op: "call", service: "motor/count", args: [6] });
      assert.deepEqual(bench.port.calls[2]?.request, bench.port.calls[3]?.request);
    });

    it("can be bound by an alias without defaults; what is no struct alone cannot", () => {
      caller.result({ op: "alias", service: "again", target: "motor/count" });
      caller.result({ op: "alias", service: "by-five", target: "motor/count", args: [5] });
      const messages = caller.ask({ op: "bind", service: "again" });
      assert.equal((messages.at(-1)?.["result"] as Message)["service"], "again");
      assert.equal(caller.code({ op: "bind", service: "by-five" }), "unsupported");
      assert.equal(caller.code({ op: "bind", service: "camera/snap" }), "unsupported");
    });

    it("takes a name below its own from the program that had it, and is called by it from then on", async () => {
      const other = bench.hub.driver("unix:/run/camera.sock", "camera");
      const port = new MemoryDriver();
      other.up({ name: "camera", epoch: 1n, pid: 3, schemas: null }, port);
      other.declareService({ id: 1, name: "snap", request: null, reply: null });
      caller.ask({ op: "call", service: "camera/snap" });
      port.calls[0]?.answer.resolve(new Uint8Array(0));
      const [answer] = await came(caller);
      assert.deepEqual(answer?.["result"], {});
    });
  });
});

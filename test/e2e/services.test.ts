// SPDX-License-Identifier: MIT
// Services and streams between programs over real sockets: many calls at once, programs that die, leave, misbehave, and drivers in the same calls.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { startTestBridge, type TestBridge } from "../support/bridge.ts";
import { type DriverProgram, RuntimeFolder, startDriver } from "../support/driver-program.ts";
import { WireClient, type Message } from "../support/wire-client.ts";

const CALLERS = 10;
const CALLS_EACH = 200;

/** For `assert.rejects`. */
const code = (wanted: string): { code: string } => ({ code: wanted });

describe("services between programs", () => {
  const closing: (() => unknown)[] = [];
  let runtime: RuntimeFolder;
  let started: TestBridge;
  let provider: WireClient;
  let caller: WireClient;

  beforeEach(async () => {
    runtime = new RuntimeFolder();
    closing.push(() => {
      runtime.remove();
    });
    started = await startTestBridge(runtime.path);
    closing.push(() => started.bridge.stop());
    provider = await enter();
    caller = await enter();
    await provider.ask({ op: "expose", services: [{ service: "camera/snap", params: ["exposure"] }] });
  });

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function enter(token = started.bridge.token): Promise<WireClient> {
    const client = await WireClient.enter(started.bridge.url, token);
    closing.push(() => {
      client.ws.terminate();
      return client.closed;
    });
    return client;
  }

  /** Calls and waits until the provider has the call; the answer is handed in an object so that it is not waited for. */
  async function invoke(body: Message = {}, from = caller): Promise<{ call: unknown; answer: Promise<unknown> }> {
    const answer = from.ask<unknown>({ op: "call", service: "camera/snap", ...body });
    answer.catch(() => undefined);
    const { call } = await provider.next(({ op }) => op === "invoke");
    return { call, answer };
  }

  it("carry thousands of calls of ten programs at once, each answered to its own caller", async () => {
    const serve = async (): Promise<void> => {
      for (let i = 0; i < CALLERS * CALLS_EACH; i++) {
        const { call, args } = await provider.next(({ op }) => op === "invoke");
        const [who, count] = args as [number, number];
        provider.say({ op: "return", call, result: { who, count } });
      }
    };
    const ask = async (who: number): Promise<void> => {
      const client = await enter();
      // Of all ten together fewer wait at a time than the bridge takes for one program.
      for (let count = 0; count < CALLS_EACH; count += 20) {
        const asked = Array.from({ length: 20 }, (_, i) =>
          client.ask({ op: "call", service: "camera/snap", args: [who, count + i] }),
        );
        const expected = Array.from({ length: 20 }, (_, i) => ({ who, count: count + i }));
        assert.deepEqual(await Promise.all(asked), expected);
      }
    };
    await Promise.all([serve(), ...Array.from({ length: CALLERS }, (_, who) => ask(who))]);
  });

  it("do not wait for a slow call of another", async () => {
    const slow = await invoke({ args: [1] });
    const quick = await invoke({ args: [2] }, await enter());
    provider.say({ op: "return", call: quick.call, result: "quick" });
    assert.equal(await quick.answer, "quick");
    provider.say({ op: "return", call: slow.call, result: "slow" });
    assert.equal(await slow.answer, "slow");
  });

  it("fail at once when their program dies, and are there again when it is back", async () => {
    const first = await invoke({ timeoutMs: 3_600_000 });
    const second = await invoke({ timeoutMs: 3_600_000 });
    provider.ws.terminate();
    await assert.rejects(first.answer, code("disconnected"));
    await assert.rejects(second.answer, code("disconnected"));
    await assert.rejects(caller.ask({ op: "call", service: "camera/snap" }), code("unknown_service"));
    provider = await enter();
    await provider.ask({ op: "expose", services: [{ service: "camera/snap" }] });
    const { call, answer } = await invoke();
    provider.say({ op: "return", call, result: 1 });
    assert.equal(await answer, 1);
  });

  it("tell their program of callers that go, of time that is over and of calls that are cancelled", async () => {
    const leaver = await enter();
    const left = await invoke({}, leaver);
    leaver.ws.terminate();
    const abandoned = async (): Promise<unknown> => (await provider.next(({ op }) => op === "abandon"))["call"];
    assert.equal(await abandoned(), left.call);
    const late = await invoke({ timeoutMs: 20 });
    await assert.rejects(late.answer, code("timeout"));
    assert.equal(await abandoned(), late.call);
    caller.say({ op: "call", id: 9000, service: "camera/snap" });
    const { call } = await provider.next(({ op }) => op === "invoke");
    await caller.ask({ op: "cancel", request: 9000 });
    const { error } = await caller.next(({ id }) => id === 9000);
    assert.equal((error as Message)["code"], "cancelled");
    assert.equal(await abandoned(), call);
  });

  it("bring errors as they were thrown, and refuse results that cannot be sent on while the program lives", async () => {
    const failed = await invoke();
    provider.say({ op: "return", call: failed.call, error: { name: "RangeError", message: "Crunch!", code: "E_42" } });
    await assert.rejects(failed.answer, { code: "service_failed", message: "Crunch!" });
    const large = await invoke();
    provider.say({ op: "return", call: large.call, result: "x".repeat(1_500_000) });
    await assert.rejects(large.answer, code("message_too_large"));
    const { call, answer } = await invoke();
    provider.say({ op: "return", call, result: "x".repeat(900_000) });
    assert.equal(((await answer) as string).length, 900_000);
  });

  it("of a program that sends what is too large to be read end with it, and with nobody else", async () => {
    const { call, answer } = await invoke();
    provider.say({ op: "return", call, result: "x".repeat(3_000_000) });
    await assert.rejects(answer, code("disconnected"));
    assert.equal((await provider.closed).code, 1009);
    await caller.ask({ op: "expose", services: [{ service: "camera/snap" }] });
  });

  it("go on beside programs that send nonsense, returns of calls that never were, and ten thousand services", async () => {
    const hostile = await enter();
    const codes: unknown[] = [];
    const refused = async (): Promise<void> => {
      const { error } = await hostile.next(({ op }) => op === "error");
      codes.push((error as Message)["code"]);
    };
    for (const text of [
      "{",
      "[]",
      `{"op":"return"}`,
      `{"op":"return","call":1,"result":1}`,
      `{"op":"return","call":-1}`,
    ]) {
      hostile.ws.send(text);
      await refused();
    }
    assert.deepEqual(codes, Array<string>(5).fill("bad_message"));
    let taken = 0;
    for (let i = 0; i < 10_000; i += 250) {
      const services = Array.from({ length: 250 }, (_, k) => ({ service: `mine/${String(i + k)}` }));
      await hostile.ask({ op: "expose", services }).then(
        () => (taken += 250),
        (error: unknown) => {
          assert.equal((error as { code: string }).code, "busy");
        },
      );
    }
    assert.equal(taken, 1000);
    const { call, answer } = await invoke();
    provider.say({ op: "return", call, result: "well" });
    assert.equal(await answer, "well");
    await caller.ask({ op: "watch" });
    await hostile.close();
    const names = async (): Promise<unknown[]> => {
      const { services } = await caller.ask<{ services: Message[] }>({ op: "list" });
      return services.map(({ service }) => service);
    };
    while ((await names()).length > 1) await caller.next(({ op }) => op === "directory");
    assert.deepEqual(await names(), ["camera/snap"]);
  });

  it("call drivers by position and by name, with aliases whose defaults are replaced", async () => {
    const drivers: DriverProgram[] = [];
    for (const program of ["motor", "host"]) drivers.push(await startDriver(runtime, program));
    closing.push(() => Promise.all(drivers.map((driver) => driver.stop())));
    await caller.ask({ op: "watch" });
    for (const service of ["motor/reset", "host/processes"]) await untilThere(service);
    const processes = (body: Message): Promise<{ count: number; processes: { memory: unknown }[] }> =>
      caller.ask({ op: "call", service: "host/processes", ...body });
    assert.equal((await processes({ args: ["MEMORY", 2] })).count, 2);
    assert.equal((await processes({ args: ["MEMORY"], named: { limit: 3 } })).count, 3);
    assert.equal((await processes({ args: { limit: 1 } })).count, 1);
    await caller.ask({ op: "alias", service: "largest", target: "host/processes", args: ["MEMORY", 4] });
    assert.equal((await processes({ service: "largest" })).count, 4);
    assert.equal((await processes({ service: "largest", args: ["CPU"] })).count, 4);
    assert.equal((await processes({ service: "largest", args: ["CPU", 1] })).count, 1);
    assert.equal((await processes({ service: "largest", args: { limit: 2 } })).count, 2);
    await assert.rejects(processes({ args: ["CPU", 1, 2] }), code("bad_value"));
    await assert.rejects(processes({ args: ["CPU"], named: { by: "CPU" } }), code("bad_value"));
    await assert.rejects(caller.ask({ op: "expose", services: [{ service: "motor/mine" }] }), code("forbidden"));
    const { time: before } = await caller.ask<{ time: number }>({ op: "ping" });
    const { value, time } = await caller.ask({ op: "call", service: "motor/reset", args: [], timestamp: true });
    assert.deepEqual(Object.keys(value as object), ["angle"]);
    const { received: after } = await caller.ask<{ received: number }>({ op: "ping" });
    assert.ok((time as number) >= before && (time as number) <= after);
  });

  async function untilThere(service: string): Promise<void> {
    for (;;) {
      const { services } = await caller.ask<{ services: Message[] }>({ op: "list" });
      if (services.some((entry) => entry["service"] === service)) return;
      await caller.next(({ op }) => op === "directory");
    }
  }

  it("have streams that others stop and pace, and that go with their program", async () => {
    const sine = { stream: "sine", channel: "sine", type: "periodic", hz: 50 };
    await provider.ask({ op: "offer", ...sine });
    const adjusting = caller.ask({ op: "adjust", stream: "sine", enabled: false, hz: 5 });
    const { call, enabled, hz } = await provider.next(({ op }) => op === "adjust");
    provider.say({ op: "return", call, result: { ...sine, enabled, hz, state: "stopped" } });
    const entry = await adjusting;
    assert.deepEqual([entry["enabled"], entry["hz"], entry["state"], entry["client"]], [false, 5, "stopped", "test"]);
    const waiting = caller.ask({ op: "adjust", stream: "sine", enabled: true });
    await provider.next(({ op }) => op === "adjust");
    provider.ws.terminate();
    await assert.rejects(waiting, code("disconnected"));
    assert.deepEqual((await caller.ask({ op: "list" }))["streams"], []);
  });

  it("are reached by a ticket that names them, and by no other", async () => {
    const { ticket } = await caller.ask<{ ticket: string }>({ op: "ticket", services: ["camera/*"] });
    const guest = await enter(ticket);
    const { call, answer } = await invoke({}, guest);
    provider.say({ op: "return", call, result: 1 });
    assert.equal(await answer, 1);
    await assert.rejects(guest.ask({ op: "expose", services: [{ service: "x/y" }] }), code("forbidden"));
    const none = await enter((await caller.ask<{ ticket: string }>({ op: "ticket", services: ["lamp/*"] })).ticket);
    await assert.rejects(none.ask({ op: "call", service: "camera/snap" }), code("unknown_service"));
  });
});

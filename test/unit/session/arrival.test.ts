// SPDX-License-Identifier: MIT
// Requests for what a driver has that was started this moment: they wait until it has said all that it has, and no longer.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { ARRIVAL_MS } from "../../../bridge/hub/arrivals.ts";
import { BridgeError } from "../../../bridge/model/errors.ts";
import { EPOCH } from "../../support/hub.ts";
import { type Client, codeOf, SessionBench } from "../../support/session.ts";

const REQUESTS: readonly Record<string, unknown>[] = [
  { op: "get", parameter: "motor/gains" },
  { op: "set", parameter: "motor/gains", values: { kp: 3 } },
  { op: "call", service: "motor/reset" },
  { op: "bind", parameter: "motor/gains" },
  { op: "bind", service: "motor/reset" },
  { op: "schema", driver: "motor" },
];

/** A bench whose `motor` listens and is not found yet. */
function setUp(): SessionBench {
  return new SessionBench((driver) => driver === "motor");
}

/** It has said who it is, and not yet what it has. */
function greet(bench: SessionBench): void {
  bench.driver.connected();
  bench.driver.up({ name: "motor", epoch: EPOCH, pid: 12, schemas: bench.schemas }, bench.port, false);
}

function declare(bench: SessionBench): void {
  const schema = bench.schemas.entry("gains");
  bench.driver.declareParameter({ id: 5, name: "gains", schema, channel: null, value: new Uint8Array(24) });
  bench.driver.declareService({ id: 7, name: "reset", request: null, reply: null });
}

async function answers(client: Client): Promise<Record<string, unknown>[]> {
  await new Promise((resolve) => setImmediate(resolve));
  return client.connection.texts();
}

describe("a request for what a driver has that was just started", () => {
  it("is refused at once when the driver breaks a rule before it has said all", async () => {
    const bench = setUp();
    const client = bench.enter();
    for (const request of REQUESTS) assert.deepEqual(client.ask(request), []);
    greet(bench);
    bench.driver.down("refused", new BridgeError("bad_schema", "build the driver again"));
    const came = await answers(client);
    assert.deepEqual(
      came.map(({ op }) => op),
      REQUESTS.map(() => "error"),
    );
  });

  for (const request of REQUESTS) {
    it(`(${Object.values(request).slice(0, 2).join(" ")}) is carried out once the driver has said all that it has`, async () => {
      const bench = setUp();
      const client = bench.enter();
      assert.deepEqual(client.ask(request), []);
      greet(bench);
      assert.deepEqual(client.ask(request), []);
      declare(bench);
      assert.deepEqual(
        (await answers(client)).filter(({ op }) => op === "error"),
        [],
      );
      bench.driver.ready();
      const came = await answers(client);
      bench.port.sets[0]?.answer.resolve({
        value: new Uint8Array(24),
        channel: null,
        epoch: null,
        next: null,
        time: 0n,
      });
      for (const { answer } of bench.port.calls) answer.resolve(new Uint8Array(0));
      const all = [...came, ...(await answers(client))].filter(({ op }) => op !== "schema");
      assert.deepEqual(
        all.map(({ op }) => op),
        request["op"] === "set" ? ["result"] : ["result", "result"],
      );
    });
  }

  it("is refused at once when the driver has said all that it has, and that is not among it", async () => {
    const bench = setUp();
    const client = bench.enter();
    client.ask({ op: "set", parameter: "motor/nothing", values: {} });
    client.ask({ op: "call", service: "motor/nothing" });
    greet(bench);
    declare(bench);
    bench.driver.ready();
    assert.deepEqual((await answers(client)).map(codeOf).sort(), ["unknown_parameter", "unknown_service"]);
    assert.equal(client.code({ op: "get", parameter: "motor/nothing" }), "unknown_parameter");
  });

  it("is refused as soon as nobody was found where the driver was", async () => {
    const bench = setUp();
    const client = bench.enter();
    client.ask({ op: "get", parameter: "motor/gains" });
    bench.driver.down("down", new BridgeError("driver_unreachable"));
    assert.deepEqual((await answers(client)).map(codeOf), ["unknown_parameter"]);
  });

  it("waits for a new life of a driver that was lost, which has what the one before had", async () => {
    const bench = setUp();
    const client = bench.enter();
    greet(bench);
    declare(bench);
    bench.driver.ready();
    bench.disconnect();
    assert.deepEqual(client.ask({ op: "get", parameter: "motor/gains" }), []);
    bench.driver.down("down", new BridgeError("driver_unreachable"));
    assert.deepEqual((await answers(client)).map(codeOf), ["disconnected"]);
    client.ask({ op: "get", parameter: "motor/gains" });
    greet(bench);
    declare(bench);
    bench.driver.ready();
    assert.deepEqual(
      (await answers(client)).map(({ op }) => op),
      ["result"],
    );
  });

  it("waits no longer than its own time, nor than a driver may take", async () => {
    const bench = setUp();
    const client = bench.enter();
    client.ask({ op: "set", parameter: "motor/gains", values: {}, timeoutMs: 100 });
    client.ask({ op: "call", service: "motor/reset" });
    bench.clock.advance(100);
    assert.deepEqual((await answers(client)).map(codeOf), ["unknown_parameter"]);
    bench.clock.advance(ARRIVAL_MS - 100);
    assert.deepEqual((await answers(client)).map(codeOf), ["unknown_service"]);
  });

  it("can be cancelled meanwhile, and is forgotten with its session", async () => {
    const bench = setUp();
    const client = bench.enter();
    client.ask({ op: "call", id: 40, service: "motor/reset" });
    client.ask({ op: "cancel", request: 40 });
    assert.deepEqual((await answers(client)).map(codeOf), ["cancelled"]);
    client.ask({ op: "set", parameter: "motor/gains", values: { kp: 3 } });
    client.session.ended();
    greet(bench);
    declare(bench);
    bench.driver.ready();
    await answers(client);
    assert.deepEqual(bench.port.sets, []);
    bench.disconnect();
    bench.clock.advance(1000);
    assert.equal(bench.clock.waiting, 0);
  });

  it("is refused at once to whom the name is not shown", async () => {
    const bench = setUp();
    const { ticket } = bench.enter().result({ op: "ticket", parameters: ["motor/other"] });
    const client = bench.enter(ticket as string);
    assert.equal(client.code({ op: "call", service: "motor/reset" }), "unknown_service");
    client.ask({ op: "set", parameter: "motor/gains", values: {} });
    assert.deepEqual((await answers(client)).map(codeOf), ["unknown_parameter"]);
  });

  it("is refused at once where no such driver listens", () => {
    assert.equal(setUp().enter().code({ op: "get", parameter: "arm/gains" }), "unknown_parameter");
  });
});

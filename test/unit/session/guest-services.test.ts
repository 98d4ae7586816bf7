// SPDX-License-Identifier: MIT
// Guests and services: what they call, what they adjust and what they provide themselves, without a wire.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { CallArguments } from "../../../bridge/hub/service.ts";
import { BridgeError } from "../../../bridge/model/errors.ts";
import type { Json } from "../../../bridge/model/values.ts";
import { FULL_ACCESS, openedTo } from "../../../bridge/session/access.ts";
import { Guest } from "../../../bridge/session/guest.ts";
import type { GuestServices } from "../../../bridge/session/guest-provider.ts";
import type { StreamOffer } from "../../../bridge/session/program-messages.ts";
import { throwsCode } from "../../support/codecs.ts";
import { SessionBench } from "../../support/session.ts";

const sine: StreamOffer = {
  stream: "sine",
  channel: "sine",
  type: "periodic",
  hz: 50,
  enabled: true,
  state: "running",
  encoding: "json",
  calls: 0,
  overruns: 0,
  error: null,
};

describe("a guest and services", () => {
  let bench: SessionBench;
  let provider: Guest;
  let caller: Guest;
  let signals: AbortSignal[];

  beforeEach(() => {
    bench = new SessionBench();
    bench.connect();
    provider = new Guest(bench.parts, { name: "g1", client: "a camera", access: FULL_ACCESS });
    caller = new Guest(bench.parts, { name: "g2", client: "a gateway", access: openedTo(["camera/**", "sine"]) });
    signals = [];
    const services: GuestServices = {
      call: (service: string, given: CallArguments, signal: AbortSignal): Promise<Json> => {
        signals.push(signal);
        switch (service) {
          case "camera/snap":
            return Promise.resolve({ ...given });
          case "camera/fail":
            throw Object.assign(new RangeError("too dark"), { code: "E_DARK" });
          case "camera/pass":
            return Promise.reject(new BridgeError("timeout", "the camera behind it"));
          default:
            return new Promise(() => undefined);
        }
      },
      adjust: (_stream, change) => Promise.resolve({ ...sine, ...change, calls: 7 }),
    };
    const names = ["camera/snap", "camera/fail", "camera/pass", "camera/never"];
    const { stream, ...state } = sine;
    const seat = provider.provide(services);
    seat.expose(names.map((name) => ({ name, params: null, doc: null })));
    seat.offer(stream, state);
  });

  afterEach(() => {
    provider.close();
    caller.close();
    bench.hub.stop();
  });

  it("call each other by values", async () => {
    assert.deepEqual(await caller.call("camera/snap", { args: [1], named: { gain: 2 } }), {
      args: [1],
      named: { gain: 2 },
    });
    assert.deepEqual(await caller.call("camera/snap"), { args: [], named: {} });
  });

  it("get a driver's reply as a value", async () => {
    bench.driver.declareService({ id: 7, name: "count", request: null, reply: bench.schemas.entry("reply") });
    const all = new Guest(bench.parts, { name: "g3", client: "", access: FULL_ACCESS });
    const reply = all.call("motor/count");
    bench.port.calls[0]?.answer.resolve(new Uint8Array(bench.schemas.entry("reply").layout.size));
    assert.equal(typeof (await reply), "object");
    all.close();
  });

  it("hear of failures with name and code, and errors of the bridge's own kind as they are", async () => {
    await assert.rejects(caller.call("camera/fail"), {
      code: "service_failed",
      name: "RangeError",
      message: "too dark",
      detail: "E_DARK",
    });
    await assert.rejects(caller.call("camera/pass"), { code: "timeout", message: "the camera behind it" });
  });

  it("reach only what was opened to them", async () => {
    await assert.rejects(caller.call("motor/count"), { code: "unknown_service" });
    await assert.rejects(caller.adjust("cosine", { hz: 1 }), { code: "unknown_stream" });
    throwsCode("forbidden", () => caller.provide({ call: () => Promise.resolve(null) }));
  });

  it("end a call by signal, by time and by leaving; the function hears of it", async () => {
    const stop = new AbortController();
    const stopped = caller.call("camera/never", { signal: stop.signal });
    const late = caller.call("camera/never", { timeoutMs: 100 });
    const left = caller.call("camera/never");
    await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    await assert.rejects(stopped, { code: "cancelled" });
    bench.clock.advance(100);
    await assert.rejects(late, { code: "timeout" });
    caller.close();
    await assert.rejects(left, { code: "cancelled" });
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true, true, true],
    );
    await assert.rejects(caller.call("camera/snap"), { code: "closed" });
    await assert.rejects(provider.call("camera/snap", { signal: AbortSignal.abort() }), { code: "cancelled" });
  });

  it("fail calls at once when they leave", async () => {
    const waiting = caller.call("camera/never");
    await new Promise((resolve) => setImmediate(resolve));
    provider.close();
    await assert.rejects(waiting, { code: "disconnected" });
    assert.equal(signals[0]?.aborted, true);
    assert.equal(bench.hub.directory.services.size, 0);
    assert.equal(bench.hub.directory.streams.size, 0);
  });

  it("adjust streams and get them as they then are", async () => {
    const entry = await caller.adjust("sine", { hz: 20 });
    assert.deepEqual(entry, { ...sine, hz: 20, calls: 7, provider: "g1", client: "a camera" });
    assert.equal(bench.hub.offer("sine").state.hz, 20);
  });

  it("provide once", () => {
    throwsCode("invalid_argument", () => provider.provide({ call: () => Promise.resolve(null) }));
  });
});

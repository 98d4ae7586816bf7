// SPDX-License-Identifier: MIT
// Programs that call each other through a real bridge.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, afterEach, beforeEach, describe, it } from "mocha";
import { cancellable, connect, type Client } from "../../bridge/index.ts";
import { ROOT } from "../../scripts/tools/paths.ts";
import { startTestBridge, type TestBridge } from "../support/bridge.ts";
import { RuntimeFolder } from "../support/driver-program.ts";
import { Relay } from "../support/relay.ts";

class Camera {
  gain = 1;
  snap(exposure: number, gain = this.gain): readonly [number, number] {
    return [exposure, gain];
  }
  async later(text: string): Promise<string> {
    await new Promise(setImmediate);
    return text.toUpperCase();
  }
  malfunction(): never {
    throw Object.assign(new RangeError("Crunch!"), { code: "E_CRUNCH" });
  }
  odd(): unknown {
    return { toString: () => "a function cannot be sent" };
  }
  huge(): string {
    return "x".repeat(1_200_000);
  }
}

describe("services of programs", () => {
  const runtime = new RuntimeFolder();
  let test: TestBridge;
  let provider: Client;
  let caller: Client;
  let others: Client[] = [];

  beforeEach(async () => {
    test = await startTestBridge(runtime.path);
    provider = await connect({ url: test.bridge.pageUrl, client: "provider" });
    caller = await connect({ url: test.bridge.pageUrl, client: "caller" });
  });

  afterEach(async () => {
    for (const client of [provider, caller, ...others]) await client.close();
    others = [];
    await test.bridge.stop();
  });

  after(() => {
    runtime.remove();
  });

  it("are called by position, by name and by both, with the methods' own defaults", async () => {
    await provider.expose("camera", new Camera()).ready;
    assert.deepEqual(await caller.call("camera/snap", [0.5]), [0.5, 1]);
    assert.deepEqual(await caller.call("camera/snap", [0.5, 3]), [0.5, 3]);
    assert.deepEqual(await caller.call("camera/snap", { gain: 4, exposure: 2 }), [2, 4]);
    assert.deepEqual(await caller.call("camera/snap", [2], { named: { gain: 5 } }), [2, 5]);
  });

  it("look like an object of one's own, async methods too", async () => {
    await provider.expose("camera", new Camera()).ready;
    const camera = caller.remote<Camera>("camera");
    assert.deepEqual(await camera.snap(1, 2), [1, 2]);
    assert.equal(await camera.later("late"), "LATE");
    assert.equal(await Promise.resolve(camera), camera, "it is no promise itself");
  });

  it("give the time at which the bridge had the result, when asked", async () => {
    await provider.expose("now", () => "x").ready;
    const { value, time } = await caller.call("now", [], { timestamp: true });
    assert.equal(value, "x");
    assert.ok(Math.abs(time - Date.now()) < 60_000);
  });

  it("tell the caller the name, message and code of what was thrown, and go on", async () => {
    const seen: unknown[] = [];
    const failed = (service: string, error: unknown): void => void seen.push([service, (error as Error).message]);
    await provider.expose("camera", new Camera(), { failed }).ready;
    const camera = caller.remote<Camera>("camera");
    await assert.rejects(camera.malfunction(), {
      name: "RangeError",
      code: "service_failed",
      message: "Crunch!",
      detail: "E_CRUNCH",
    });
    await assert.rejects(camera.odd(), { code: "service_failed", detail: "bad_value", message: /value\.toString/ });
    await assert.rejects(camera.huge(), { code: "service_failed", detail: "message_too_large" });
    await assert.rejects(caller.call("camera/snap", { gian: 1 }), {
      code: "service_failed",
      name: "TypeError",
      message: /it has exposure, gain/,
    });
    assert.deepEqual(await camera.snap(1), [1, 1]);
    assert.deepEqual(seen[0], ["camera/malfunction", "Crunch!"]);
    assert.equal(seen.length, 4);
  });

  it("do not block one another", async () => {
    let release: () => void = () => undefined;
    const slow = new Promise<string>((resolve) => {
      release = () => {
        resolve("slow");
      };
    });
    await provider.expose("work", { slow: () => slow, quick: (i: number) => i }).ready;
    const waiting = caller.call("work/slow");
    for (let i = 0; i < 100; i++) assert.equal(await caller.call("work/quick", [i]), i);
    release();
    assert.equal(await waiting, "slow");
  });

  it("hear when their caller cancels, runs out of time or goes", async () => {
    const aborted: string[] = [];
    let told: () => void = () => undefined;
    const wait = cancellable(
      (signal: AbortSignal, who: string) =>
        new Promise<never>(() => {
          signal.addEventListener("abort", () => {
            aborted.push(who);
            told();
          });
          began();
        }),
    );
    let began: () => void = () => undefined;
    const running = (): Promise<void> => new Promise((resolve) => (began = resolve));
    const heard = (): Promise<void> => new Promise((resolve) => (told = resolve));
    await provider.expose("wait", wait).ready;

    const giveUp = new AbortController();
    let [start, end] = [running(), heard()];
    const cancelled = assert.rejects(caller.call("wait", ["cancels"], { signal: giveUp.signal }), {
      code: "cancelled",
    });
    await start;
    giveUp.abort();
    await Promise.all([cancelled, end]);

    end = heard();
    await Promise.all([assert.rejects(caller.call("wait", ["late"], { timeoutMs: 50 }), { code: "timeout" }), end]);

    [start, end] = [running(), heard()];
    const left = assert.rejects(caller.call("wait", ["goes"]), { code: "closed" });
    await start;
    await caller.close();
    await Promise.all([left, end]);
    assert.deepEqual(aborted, ["cancels", "late", "goes"]);
  });

  it("fail at once when their program dies", async () => {
    const script = `
      import { connect } from ${JSON.stringify(new URL("../../bridge/index.ts", import.meta.url).href)};
      const client = await connect(${JSON.stringify(test.bridge.pageUrl)});
      await client.expose("dying", { wait: () => new Promise(() => process.send("called")) }).ready;
      process.send("ready");
    `;
    const args = ["--import", "tsx", "--input-type=module", "--eval", script];
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "inherit", "inherit", "ipc"] });
    const closed = once(child, "close");
    await once(child, "message");
    const call = assert.rejects(caller.call("dying/wait"), { code: "disconnected" });
    await once(child, "message");
    child.kill("SIGKILL");
    await call;
    await closed;
    await assert.rejects(caller.call("dying/wait"), { code: "unknown_service" });
  });

  it("have one provider for a name, in one program and in several", async () => {
    const first = provider.expose("camera", new Camera());
    await first.ready;
    assert.throws(() => provider.expose("camera", { snap: () => 1 }), { code: "name_in_use" });
    await assert.rejects(caller.expose("camera", { snap: () => 1 }).ready, { code: "name_in_use" });
    assert.deepEqual(await caller.call("camera/snap", [1]), [1, 1]);
    await first.close();
    const second = caller.expose("camera", { snap: () => "other" });
    await second.ready;
    assert.equal(await provider.call("camera/snap"), "other");
  });

  it("have other names with stored arguments, which a caller's replace by index and by name", async () => {
    await provider.expose("camera", new Camera()).ready;
    const dark = caller.alias("dark", "camera/snap", { args: [0], named: { gain: 9 } });
    await dark.ready;
    assert.deepEqual(await provider.call("dark"), [0, 9]);
    assert.deepEqual(await provider.call("dark", [7]), [7, 9]);
    assert.deepEqual(await provider.call("dark", { gain: 2 }), [0, 2]);
    await dark.close();
    await assert.rejects(provider.call("dark"), { code: "unknown_service" });
  });

  it("stand in the directory with who provides them and their parameters", async () => {
    await provider.expose("camera", new Camera(), { methods: ["snap"], doc: { snap: "takes a picture" } }).ready;
    const [entry] = (await caller.list()).services;
    const { service, driver, client, params, doc } = entry!;
    assert.deepEqual(
      [service, driver, client, params, doc],
      ["camera/snap", null, "provider", ["exposure", "gain"], "takes a picture"],
    );
  });

  it("are there again after a lost connection", async () => {
    const relay = new Relay(Number(new URL(test.bridge.url).port));
    await relay.mend();
    const url = `http://127.0.0.1:${String(relay.port)}/${new URL(test.bridge.pageUrl).hash}`;
    const wandering = await connect({ url, client: "wandering" });
    others.push(wandering);
    let count = 0;
    await wandering.expose("counter", () => ++count).ready;
    await wandering.alias("again", "counter").ready;
    await caller.watch();
    /** Resolves once so many services are there. */
    const services = (wanted: number): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (caller.directory.services.length !== wanted) return;
          off();
          resolve();
        };
        const off = caller.on("directory", look);
        look();
      });
    await services(2);
    assert.equal(await caller.call("again"), 1);
    await relay.cut();
    await services(0);
    await relay.mend();
    await services(2);
    assert.equal(await caller.call("again"), 2);
    await wandering.close();
    await relay.cut();
  });
});

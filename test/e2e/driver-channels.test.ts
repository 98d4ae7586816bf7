// SPDX-License-Identifier: MIT
// Drivers in C that take part in channels: the plumber's recognizer between a sensor and a viewer, its actuator, and a bridge that comes again.
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { ROOT } from "../../scripts/tools/paths.ts";
import { startTestBridge } from "../support/bridge.ts";
import { run } from "../support/compilers.ts";
import { RuntimeFolder, startDriver } from "../support/driver-program.ts";
import { WireClient, type Message } from "../support/wire-client.ts";

/** The lines of one output of a program, as they come. */
class Lines {
  readonly #lines: string[] = [];
  #wake: () => void = () => undefined;

  constructor(input: Readable | null) {
    assert.ok(input !== null);
    createInterface({ input }).on("line", (line) => {
      this.#lines.push(line);
      this.#wake();
    });
  }

  async next(): Promise<string> {
    for (;;) {
      const line = this.#lines.shift();
      if (line !== undefined) return line;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

/** A program of the example and what it says. */
class Example {
  readonly #process: ChildProcess;
  readonly #output: Lines;
  readonly #errors: Lines;

  constructor(program: string, args: readonly string[], runtime: RuntimeFolder) {
    this.#process = spawn(program, args, { env: runtime.env, stdio: ["ignore", "pipe", "pipe"] });
    this.#output = new Lines(this.#process.stdout);
    this.#errors = new Lines(this.#process.stderr);
  }

  /** The next line of its output. */
  line(): Promise<string> {
    return this.#output.next();
  }

  /** The next line of its standard error, which may come before or after what it printed meanwhile. */
  note(): Promise<string> {
    return this.#errors.next();
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    this.#process.kill("SIGTERM");
    const [code] = (await once(this.#process, "close")) as [number];
    assert.equal(code, 0);
  }
}

/** What the bridge's state says of a driver that reads. */
interface Reads {
  readonly driver: string;
  readonly link: { readonly reading: { readonly subscriptions: number } } | null;
}

describe("drivers that take part in channels", function () {
  this.timeout(240_000);
  const built = new RuntimeFolder();
  let runtime: RuntimeFolder;
  const closing: (() => Promise<unknown>)[] = [];

  before(() => {
    const flags = "CFLAGS=-O1 -Wall -Wextra -Wpedantic -Werror";
    run("make", ["-s", "-C", join(ROOT, "examples/plumber"), `OUT=${built.path}`, flags]);
  });
  after(() => {
    built.remove();
  });
  beforeEach(() => {
    runtime = new RuntimeFolder();
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    runtime.remove();
  });

  function start(program: string, ...args: readonly string[]): Example {
    const example = new Example(join(built.path, program), args, runtime);
    closing.push(() => example.stop());
    return example;
  }

  /** A bridge, and what makes clients of it. */
  async function bridge(): Promise<{ client: () => Promise<WireClient>; stop: () => Promise<void> }> {
    const { bridge: started } = await startTestBridge(runtime.path);
    let over: Promise<void> | undefined;
    const stop = (): Promise<void> => (over ??= started.stop());
    closing.push(stop);
    const client = async (): Promise<WireClient> => {
      const entered = await WireClient.enter(started.url, started.token);
      closing.push(() => entered.close());
      return entered;
    };
    return { client, stop };
  }

  /** Resolves when the recognizer is there and reads. */
  async function recognizes(client: WireClient): Promise<void> {
    const there = (channels: unknown): boolean => (channels as Message[]).some(({ channel }) => channel === "action");
    const { channels } = await client.ask({ op: "watch" });
    if (!there(channels)) await client.next(({ op, added }) => op === "directory" && there(added));
    const reads = async (): Promise<boolean> => {
      const { drivers } = await client.ask<{ drivers: readonly Reads[] }>({ op: "status" });
      return drivers.some(({ driver, link }) => driver === "recognizer" && (link?.reading.subscriptions ?? 0) > 0);
    };
    while (!(await reads()));
  }

  /** Samples of `action`, as they come. */
  async function actions(client: WireClient): Promise<() => Promise<{ value: unknown; sender: unknown }>> {
    await client.ask({ op: "subscribe", channels: ["action"], encoding: "json", wait: true });
    const waiting: { value: unknown; sender: unknown }[] = [];
    return async () => {
      while (waiting.length === 0) {
        const { samples } = await client.next(({ op }) => op === "samples");
        waiting.push(...(samples as { value: unknown; sender: unknown }[]));
      }
      return waiting.shift() ?? assert.fail();
    };
  }

  async function sense(client: WireClient, from: number, to: number): Promise<void> {
    for (let i = from; i < to; i++) {
      const value = { x: i, y: 2 * i, t: 1_763_635_200.25 + i, z: i * i };
      await client.ask({ op: "publish", channel: "compute", value });
    }
  }

  it("hand a classification of every tenth sample from program to program", async () => {
    const { client } = await bridge();
    const [sensor, viewer] = [await client(), await client()];
    const next = await actions(viewer);
    start("recognizer");
    await recognizes(sensor);
    const actuator = start("actuator");
    assert.match(await actuator.note(), /action of the bridge \S+ is there/);
    await sense(sensor, 0, 35);
    for (const n of [10, 20, 30]) {
      const value = { t: 1_763_635_200.25 + n - 1, classification: n };
      const sample = await next();
      assert.deepEqual(sample.value, value);
      assert.ok(Number(sample.sender) > 0);
      assert.deepEqual(JSON.parse(await actuator.line()), value);
    }
    const { name, client: program } = await viewer.next(({ op }) => op === "sender");
    assert.deepEqual([name, program], ["driver recognizer", "recognizer"]);
  });

  it("are there again at a bridge that comes again", async () => {
    start("recognizer");
    const first = await bridge();
    const sensor = await first.client();
    await recognizes(sensor);
    const actuator = start("actuator");
    assert.match(await actuator.note(), /is there/);
    // The first answer shows that all of these were taken in: what waits when a bridge stops is lost.
    await sense(sensor, 0, 10);
    assert.deepEqual(JSON.parse(await actuator.line()), { t: 1_763_635_209.25, classification: 10 });
    await sensor.close();
    await first.stop();
    assert.match(await actuator.note(), /action is gone: the connection to the bridge is gone/);
    const second = await bridge();
    const other = await second.client();
    await recognizes(other);
    assert.match(await actuator.note(), /is there/);
    await sense(other, 10, 20);
    assert.deepEqual(JSON.parse(await actuator.line()), { t: 1_763_635_219.25, classification: 20 });
  });

  it("read the structs of another driver as JSON", async () => {
    const motor = await startDriver(runtime, "motor");
    closing.push(() => motor.stop());
    await bridge();
    const printer = start("actuator", "motor/*");
    assert.match(await printer.note(), /motor\/state of the bridge \S+ is there/);
    for (let i = 0; i < 100; i++) {
      const state = JSON.parse(await printer.line()) as Readonly<Record<string, unknown>>;
      assert.equal(typeof state["angle"], "number");
      assert.equal(typeof state["mode"], "string"); // an enum's label
    }
  });
});

// SPDX-License-Identifier: MIT
// The built command line for channels, services and streams of programs, as processes on a real bridge.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { connect, type Client } from "../../bridge/index.ts";
import { bridgeEnv, startBridgeProgram, type BridgeProgram } from "../support/bridge-program.ts";
import { CliRun, jsonObjects, runCli } from "../support/cli.ts";
import { RuntimeFolder } from "../support/driver-program.ts";

const LAB = `
  export const camera = {
    gain: 1,
    snap(exposure, gain = this.gain) { return { exposure, gain }; },
    async fail() { throw Object.assign(new RangeError("Crunch!"), { code: "E_CRUNCH" }); },
  };
  export function add(a, b = 2) { return a + b; }
  export const pi = 3;
  export class Unused {}
`;

describe("the command line for programs", function () {
  this.timeout(400_000);
  const runtime = new RuntimeFolder();
  const env = bridgeEnv(runtime);
  let bridge: BridgeProgram;
  let client: Client;

  before(async () => {
    bridge = await startBridgeProgram(runtime);
    client = await connect({ url: bridge.link, client: "lab" });
    await writeFile(join(runtime.path, "lab.mjs"), LAB);
  });

  after(async () => {
    await client.close();
    await bridge.stop();
    runtime.remove();
  });

  const run = (...args: readonly string[]) => runCli("built", args, env);

  /** Runs a command with an input. */
  async function fed(input: string | Uint8Array, ...args: readonly string[]) {
    const started = new CliRun("built", args, env);
    started.child.stdin.end(input);
    return started.ended;
  }

  it("pub publishes one message, which sub shows with its sender, also later", async () => {
    const { code, stdout, stderr } = await run("pub", "one", '{"x":[1,2]}', "--json");
    assert.deepEqual([code, stderr], [0, ""]);
    const [published] = jsonObjects(stdout);
    assert.deepEqual([published?.["channel"], published?.["seq"]], ["one", 0]);
    const last = jsonObjects((await run("sub", "one", "--last", "--count", "1", "--json")).stdout)[0];
    assert.deepEqual([last?.["channel"], last?.["seq"], last?.["value"]], ["one", 0, { x: [1, 2] }]);
    assert.equal((last?.["sender"] as { client: string }).client, "structwire-cli");
    assert.equal(last?.["time"], published?.["time"]);
    const text = (await run("sub", "one", "--last", "--count", "1")).stdout;
    assert.match(text, /one {2}#0 {2}s\d+ \(structwire-cli\) {2}x=\[1, 2\]\n$/);
  });

  it("pub takes each line of its input as a message, in order", async () => {
    const reading = new CliRun("built", ["sub", "many", "--wait", "--count", "3000", "--json"], env);
    await reading.note(/waiting for "many"/);
    const lines = Array.from({ length: 3000 }, (_, i) => `{"i":${String(i)}}\n`).join("\n");
    const { code, stdout } = await fed(lines, "pub", "many", "-", "--json");
    assert.equal(code, 0);
    assert.deepEqual(jsonObjects(stdout), [{ channel: "many", published: 3000 }]);
    const seen = jsonObjects((await reading.ended).stdout);
    assert.deepEqual(
      seen.map(({ seq, value }) => [seq, (value as { i: number }).i]),
      Array.from({ length: 3000 }, (_, i) => [i, i]),
    );
  });

  it("pub publishes bytes of a file and of its input, of which sub shows size and type", async () => {
    const file = join(runtime.path, "picture.png");
    await writeFile(file, new Uint8Array(1000));
    assert.equal((await run("pub", "picture", "--bytes", "image/png", file)).code, 0);
    assert.match((await run("sub", "picture", "--last", "--count", "1")).stdout, / 1000 bytes of image\/png\n$/);
    assert.equal((await fed(new Uint8Array([1, 2, 3]), "pub", "picture", "--bytes", "image/png")).code, 0);
    const [sample] = jsonObjects((await run("sub", "picture", "--last", "--count", "1", "--json")).stdout);
    assert.deepEqual([sample?.["contentType"], sample?.["value"], sample?.["seq"]], ["image/png", "AQID", 1]);
  });

  it("pub says what it cannot publish, and has published what stood before", async () => {
    const wrong = await fed("1\n2\n{nope\n4\n", "pub", "wrong", "-");
    assert.deepEqual([wrong.code, wrong.stdout], [1, ""]);
    assert.match(wrong.stderr, /bad_value: line 3 is not JSON: \{nope/);
    assert.equal((await client.list()).channels.find(({ channel }) => channel === "wrong")?.published, 2);
    const text = await run("pub", "wrong", "hello");
    assert.match(text.stderr, /bad_value: this is not JSON: hello; a text needs quotes: '"hello"'/);
    assert.equal(text.code, 1);
    const name = await run("pub", "no spaces", "1", "--json");
    assert.equal((jsonObjects(name.stderr)[0]?.["error"] as { code: string }).code, "name_invalid");
    assert.equal((await run("pub", "big", "--bytes", "a/b", "/dev/zero")).code, 2);
  });

  it("pub ends quietly on Ctrl-C, with what it had read", async () => {
    const writing = new CliRun("built", ["pub", "live", "-", "--json"], env);
    const subscription = client.subscribe("live", { wait: true });
    await subscription.ready;
    writing.child.stdin.write("1\n2\n");
    let count = 0;
    for await (const delivery of subscription) {
      if (delivery.kind === "batch") count += delivery.count;
      if (count === 2) break;
    }
    const { code, signal, stdout, stderr } = await writing.stop("SIGINT");
    assert.deepEqual([code, signal, stderr], [0, null, ""]);
    assert.deepEqual(jsonObjects(stdout), [{ channel: "live", published: 2 }]);
  });

  it("expose makes a module callable, prints what can be called and logs what fails", async () => {
    const exposing = new CliRun("built", ["expose", join(runtime.path, "lab.mjs"), "--json"], env);
    await exposing.line((line) => line.includes('"camera/fail"'));
    assert.deepEqual(
      exposing.lines.map((line) => JSON.parse(line) as unknown),
      [
        { service: "add", params: ["a", "b"] },
        { service: "camera/snap", params: ["exposure", "gain"] },
        { service: "camera/fail", params: [] },
      ],
    );
    const call = async (...args: readonly string[]) => (await run("call", ...args, "--json")).stdout.trim();
    assert.equal(await call("camera/snap", "0.5", "3"), '{"exposure":0.5,"gain":3}');
    assert.equal(await call("camera/snap", "gain=4", "0.5"), '{"exposure":0.5,"gain":4}');
    assert.equal(await call("camera/snap", '{"exposure":[1]}'), '{"exposure":[1],"gain":1}');
    assert.equal(await call("add", "1"), "3");
    assert.equal(await call("add", "a", "b"), '"ab"');
    assert.equal((await run("call", "add", "x", "y")).stdout, "xy\n");
    const timed = jsonObjects(await call("add", "1", "--timestamp"))[0];
    assert.deepEqual([timed?.["value"], typeof timed?.["time"]], [3, "number"]);

    const failed = await run("call", "camera/fail");
    assert.deepEqual([failed.code, failed.stdout], [1, ""]);
    assert.equal(failed.stderr, "structwire: service_failed: RangeError: Crunch! (E_CRUNCH)\n");
    assert.deepEqual(jsonObjects((await run("call", "camera/fail", "--json")).stderr), [
      { error: { code: "service_failed", message: "Crunch!", name: "RangeError", detail: "E_CRUNCH" } },
    ]);
    await exposing.note(/camera\/fail failed: RangeError: Crunch!/);

    const second = await run("expose", join(runtime.path, "lab.mjs"));
    assert.equal(second.code, 1);
    assert.match(second.stderr, /^structwire: name_in_use: .*\n$/);
    const list = (await run("ls")).stdout;
    assert.match(list, /SERVICE +FROM +TAKES +GIVES\n[^]*camera\/snap +s\d+ \(structwire-cli\) +exposure, gain +…/);

    const { code, signal } = await exposing.stop("SIGINT");
    assert.deepEqual([code, signal], [0, null]);
    assert.match((await run("call", "add", "1")).stderr, /unknown_service/);
  });

  it("expose puts a name before those of the exports", async () => {
    const exposing = new CliRun("built", ["expose", join(runtime.path, "lab.mjs"), "--name", "lab1"], env);
    await exposing.note(/until Ctrl-C/);
    assert.deepEqual(exposing.lines, ["lab1/add(a, b)", "lab1/camera/snap(exposure, gain)", "lab1/camera/fail()"]);
    await exposing.stop();
    const missing = await run("expose", join(runtime.path, "nothing.mjs"));
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /there is no file .*nothing\.mjs\n/);
  });

  it("streams lists, stops, starts and changes the rate of what a program offers", async () => {
    let n = 0;
    await client.streams.add("sine", { hz: 100, call: () => Math.sin(n++) }).ready;
    await client.streams.manual("position", { channel: "lab/position" }).ready;
    const [sine, position] = jsonObjects((await run("streams", "ls", "--json")).stdout);
    assert.deepEqual(
      [sine?.["stream"], sine?.["type"], sine?.["hz"], sine?.["state"], sine?.["client"], position?.["type"]],
      ["sine", "periodic", 100, "running", "lab", "manual"],
    );
    assert.match(
      (await run("streams", "ls")).stdout,
      /STREAM .*\nsine +periodic +100 Hz +running .* json +s\d+ \(lab\)\nposition +manual +- .*\n +in the channel lab\/position\n$/,
    );
    assert.equal(jsonObjects((await run("streams", "stop", "sine", "--json")).stdout)[0]?.["state"], "stopped");
    assert.equal(jsonObjects((await run("streams", "rate", "sine", "20", "--json")).stdout)[0]?.["hz"], 20);
    assert.equal(jsonObjects((await run("streams", "start", "sine", "--json")).stdout)[0]?.["state"], "running");
    assert.equal((await run("sub", "sine", "--count", "2", "--json")).code, 0);
    assert.match((await run("streams", "stop", "position")).stderr, /refused/);
    assert.match((await run("streams", "stop", "nope")).stderr, /unknown_stream/);
    assert.equal((await run("streams", "rate", "sine")).code, 2);
    const all = jsonObjects((await run("ls", "--json")).stdout);
    const channel = all.find((each) => each["channel"] === "sine" && !("stream" in each));
    assert.deepEqual([channel?.["driver"], channel?.["publishers"], channel?.["kind"]], [null, 1, "json"]);
    assert.ok(all.some(({ stream }) => stream === "position"));
    await client.streams.remove("sine");
  });
});

// SPDX-License-Identifier: MIT
// The commands of the command line against a scripted bridge: help, wrong use, output and exit codes.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { COMMAND_NAMES } from "../../../bridge/cli/program.ts";
import { CliRun, jsonObjects, runCli } from "../../support/cli.ts";
import { ScriptedBridge, type Peer } from "../../support/scripted-bridge.ts";

const DIRECTORY = {
  drivers: [
    { driver: "motor", state: "up", address: "unix:/m.sock", epoch: "1", pid: 1 },
    { driver: "arm", state: "down", address: "unix:/a.sock", epoch: null, pid: null },
  ],
  channels: [
    {
      channel: "motor/state",
      kind: "struct",
      driver: "motor",
      stream: 1,
      schema: 1,
      type: "motor_state",
      contentType: null,
      rate: 1000,
      published: 5,
      fields: [{ name: "angle", type: "f64", unit: "rad", doc: "shaft angle", min: -1, max: 1 }],
    },
  ],
  parameters: [
    {
      parameter: "motor/gains",
      driver: "motor",
      channel: "motor/state",
      schema: 2,
      type: "motor_gains",
      value: { kp: 2 },
      fields: [{ name: "kp", type: "f64", unit: "V/rad" }],
    },
  ],
  services: [
    {
      service: "motor/reset",
      driver: "motor",
      request: { type: "", fields: [] },
      reply: { type: "reply", fields: [{ name: "angle", type: "f64", unit: "rad" }] },
    },
  ],
  streams: [],
};

/** Runs a command against a bridge whose part `script` plays. */
async function against(args: readonly string[], script: (peer: Peer) => Promise<void>): ReturnType<typeof runCli> {
  const bridge = await ScriptedBridge.start();
  try {
    const run = new CliRun("source", [...args, "--bridge", bridge.url], {});
    const peer = await bridge.peer();
    await peer.welcome();
    await script(peer);
    return await run.ended;
  } finally {
    await bridge.stop();
  }
}

describe("the help", () => {
  for (const command of COMMAND_NAMES) {
    it(`of ${command} has examples`, async () => {
      const { code, stdout, stderr } = await runCli("source", [command, "--help"]);
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`Examples:\n  \\$ structwire ${command}`));
      assert.equal(stderr, "");
    });
  }

  it("lists every command", async () => {
    for (const args of [["--help"], ["help"]]) {
      const { code, stdout } = await runCli("source", args);
      assert.equal(code, 0);
      for (const command of COMMAND_NAMES) assert.match(stdout, new RegExp(`^  ${command} `, "m"));
    }
  });

  it("of one command is what that command says", async () => {
    const { code, stdout } = await runCli("source", ["help", "sub"]);
    assert.equal(code, 0);
    assert.match(stdout, /^Usage: structwire sub /);
  });

  it("says that there is no such command", async () => {
    const { code, stdout, stderr } = await runCli("source", ["help", "nope"]);
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, /^structwire: usage: there is no command 'nope'; these are: demo, notebook, serve, ls, /);
  });
});

describe("a wrong use", () => {
  for (const args of [
    [],
    ["nonsense"],
    ["sub"],
    ["sub", "a", "--count", "x"],
    ["sub", "a", "--max-hz", "0"],
    ["sub", "a", "--fields", "b,,c"],
    ["sub", "a", "--column-ms", "10"],
    ["sub", "a", "--delivery", "minmax"],
    ["sub", "a", "--delivery", "minmax", "--column-ms", "10", "--max-hz", "5"],
    ["set", "motor/gains"],
    ["ls", "--wrong"],
  ]) {
    it(`like "structwire ${args.join(" ")}" ends with 2 and writes no data`, async () => {
      const { code, stdout, stderr } = await runCli("source", args);
      assert.equal(code, 2);
      assert.equal(stdout, "");
      assert.notEqual(stderr, "");
    });
  }

  it("has a code like every failure", async () => {
    const { stderr } = await runCli("source", ["sub"]);
    assert.match(stderr, /^structwire: usage: missing required argument 'pattern'\n.*--help/);
  });

  it("is one JSON object with --json", async () => {
    const { code, stderr } = await runCli("source", ["sub", "--json"]);
    assert.equal(code, 2);
    const [error, ...more] = jsonObjects(stderr);
    assert.deepEqual(error, { error: { code: "usage", message: "missing required argument 'pattern'" } });
    assert.deepEqual(more, []);
  });
});

describe("without a bridge", () => {
  it("a command fails with 1, a code and what to do", async () => {
    const env = { STRUCTWIRE_RUNTIME_DIR: "/nowhere", STRUCTWIRE_URL: "" };
    const { code, stdout, stderr } = await runCli("source", ["ls"], env);
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /no_bridge.*structwire serve/);
    const json = await runCli("source", ["--json", "ls"], env);
    assert.equal((jsonObjects(json.stderr)[0]?.["error"] as { code: string }).code, "no_bridge");
  });
});

describe("ls", () => {
  it("gives one JSON object for each channel, parameter and service", async () => {
    const { code, stdout } = await against(["ls", "--json"], async (peer) => {
      await peer.answer("list", DIRECTORY);
    });
    assert.equal(code, 0);
    const [channel, parameter, service, ...more] = jsonObjects(stdout);
    const { kind, rate, driver, fields } = DIRECTORY.channels[0]!;
    const { channel: name, ...rest } = channel!;
    assert.equal(name, "motor/state");
    assert.deepEqual(
      { kind: rest["kind"], rate: rest["rate"], driver: rest["driver"], fields: rest["fields"] },
      { kind, rate, driver, fields },
    );
    assert.equal(parameter?.["parameter"], "motor/gains");
    assert.deepEqual(parameter["value"], { kp: 2 });
    assert.equal(service?.["service"], "motor/reset");
    assert.deepEqual(more, []);
  });

  it("shows units, and on standard error drivers that are not up", async () => {
    const { stdout, stderr } = await against(["ls"], async (peer) => {
      await peer.answer("list", DIRECTORY);
    });
    assert.match(stdout, /motor\/state +struct +1000 Hz +motor +angle \[rad\]/);
    assert.match(stdout, /motor\/gains +\{kp: 2\}/);
    assert.match(stderr, /driver arm at unix:\/a\.sock is down/);
  });

  it("shows limits and what a field is with --long, only of what the pattern names", async () => {
    const { stdout } = await against(["ls", "-l", "motor/*"], async (peer) => {
      await peer.answer("list", DIRECTORY);
    });
    assert.match(stdout, /angle +f64 +rad +-1 … 1 +shaft angle/);
  });

  it("fails when nothing has the name", async () => {
    const { code, stderr } = await against(["ls", "motor/typo"], async (peer) => {
      await peer.answer("list", DIRECTORY);
    });
    assert.equal(code, 1);
    assert.match(stderr, /unknown_channel.*motor\/typo/);
  });
});

describe("get, set, call and status", () => {
  const applied = {
    parameter: "motor/gains",
    applied: { kp: 4 },
    channel: "motor/state",
    epoch: "1763000000000000000",
    seq: 5120,
    time: 1763635212345.678,
  };

  it("get prints a parameter", async () => {
    const script = async (peer: Peer): Promise<void> => {
      await peer.answer("list", DIRECTORY);
      assert.equal(
        (await peer.answer("get", { parameter: "motor/gains", value: { kp: 2 } }))["parameter"],
        "motor/gains",
      );
    };
    const json = await against(["get", "motor/gains", "--json"], script);
    assert.deepEqual(jsonObjects(json.stdout), [{ parameter: "motor/gains", value: { kp: 2 } }]);
    const text = await against(["get"], script);
    assert.equal(text.stdout, "motor/gains\n  kp  2  V/rad\n");
  });

  it("set sends the fields by their types and prints what was applied", async () => {
    const script = async (peer: Peer): Promise<void> => {
      await peer.answer("list", DIRECTORY);
      const { parameter, values } = await peer.answer("set", applied);
      assert.deepEqual([parameter, values], ["motor/gains", { kp: 4 }]);
    };
    const json = await against(["set", "motor/gains", "kp=4", "--json"], script);
    assert.deepEqual(jsonObjects(json.stdout), [applied]);
    const text = await against(["set", "motor/gains", "kp=4"], script);
    assert.equal(text.stdout, "motor/gains is now from sample #5120 of motor/state on\n  kp  4  V/rad\n");
  });

  it("set fails with the driver's reason", async () => {
    const { code, stdout, stderr } = await against(["set", "motor/gains", "kp=400", "--json"], async (peer) => {
      await peer.answer("list", DIRECTORY);
      peer.refuse((await peer.expect("set")).id, "out_of_range", "kp must be within 0 and 50");
    });
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.deepEqual(jsonObjects(stderr), [{ error: { code: "out_of_range", message: "kp must be within 0 and 50" } }]);
  });

  it("call prints the reply", async () => {
    const script = async (peer: Peer): Promise<void> => {
      await peer.answer("list", DIRECTORY);
      await peer.answer("call", { angle: 0.25 });
    };
    const json = await against(["call", "motor/reset", "--json"], script);
    assert.deepEqual(jsonObjects(json.stdout), [{ angle: 0.25 }]);
    const text = await against(["call", "motor/reset"], script);
    assert.equal(text.stdout, "  angle  0.25  rad\n");
  });

  it("call is given up on Ctrl-C, and the bridge is told", async () => {
    const bridge = await ScriptedBridge.start();
    try {
      const run = new CliRun("source", ["call", "motor/reset", "--bridge", bridge.url], {});
      const peer = await bridge.peer();
      await peer.welcome();
      await peer.answer("list", DIRECTORY);
      await peer.expect("call");
      run.child.kill("SIGINT");
      await peer.expect("cancel");
      const { code, stderr } = await run.ended;
      assert.equal(code, 1);
      assert.match(stderr, /cancelled/);
    } finally {
      await bridge.stop();
    }
  });

  it("status prints the bridge's state", async () => {
    const state = { name: "default", sessions: [{ session: "s1", client: "page" }], drivers: [] };
    const json = await against(["status", "--json"], async (peer) => {
      await peer.answer("status", state);
    });
    assert.deepEqual(jsonObjects(json.stdout), [state]);
  });
});

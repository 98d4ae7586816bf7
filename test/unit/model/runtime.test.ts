// SPDX-License-Identifier: MIT
// Where bridges keep their files, and what of them is believed.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  bridgeFilePath,
  isJupyterKernel,
  parseBridgeFile,
  runtimeFolder,
  stateFolder,
  stateTokenPath,
} from "../../../bridge/model/runtime.ts";

describe("the runtime folder", () => {
  const rules: [Record<string, string>, string][] = [
    [{ STRUCTWIRE_RUNTIME_DIR: "/a", XDG_RUNTIME_DIR: "/b", TMPDIR: "/c" }, "/a"],
    [{ STRUCTWIRE_RUNTIME_DIR: "", XDG_RUNTIME_DIR: "/b", TMPDIR: "/c" }, "/b/structwire"],
    [{ XDG_RUNTIME_DIR: "", TMPDIR: "/c/" }, "/c/structwire-7"],
    [{ TMPDIR: "/" }, "/structwire-7"],
    [{}, "/tmp/structwire-7"],
  ];
  for (const [env, folder] of rules) {
    it(`of ${JSON.stringify(env)} is ${folder}`, () => {
      assert.equal(runtimeFolder(env, 7).replace("//", "/"), folder);
    });
  }
});

describe("the state folder", () => {
  const rules: [Record<string, string>, string][] = [
    [{ XDG_STATE_HOME: "/a/" }, "/a/structwire"],
    [{ XDG_STATE_HOME: "" }, "/own/.local/state/structwire"],
    [{}, "/own/.local/state/structwire"],
  ];
  for (const [env, folder] of rules) {
    it(`of ${JSON.stringify(env)} is ${folder}`, () => {
      assert.equal(stateFolder(env, "/own"), folder);
    });
  }

  it("has tokens by names that cannot lead elsewhere", () => {
    assert.equal(stateTokenPath("/state", "rig1"), "/state/tokens/rig1.token");
    assert.throws(() => stateTokenPath("/state", "../rig1"), { code: "name_invalid" });
  });
});

describe("a bridge's file", () => {
  const file = { name: "rig1", pid: 1, url: "http://127.0.0.1:1", token: "t", started: 2, version: "0.1.0" };

  it("is read, and what is none is none", () => {
    assert.deepEqual(parseBridgeFile(JSON.stringify({ ...file, more: 1 })), file);
    for (const text of [
      "",
      "{",
      "null",
      "[]",
      "7",
      JSON.stringify({ ...file, pid: "1" }),
      JSON.stringify({ name: "a" }),
    ]) {
      assert.equal(parseBridgeFile(text), undefined);
    }
  });

  it("has a path that its name cannot lead elsewhere", () => {
    assert.equal(bridgeFilePath("/run", "rig1"), "/run/bridges/rig1.json");
    for (const name of ["", ".", "..", "a/b", "a b", "x".repeat(65), "ä"]) {
      assert.throws(() => bridgeFilePath("/run", name), { code: "name_invalid" });
    }
  });
});

describe("a Jupyter kernel", () => {
  const argv = ["node", "/opt/tslab", "kernel", "--config-path=/run/user/0/jupyter/kernel-1f.json"];

  it("is known by what Jupyter starts it with", () => {
    assert.equal(isJupyterKernel({ JPY_PARENT_PID: "1" }, argv), true);
  });

  it("is neither a program that a kernel starts nor one with a JSON file", () => {
    assert.equal(isJupyterKernel({ JPY_PARENT_PID: "1" }, ["node", "script.js"]), false);
    assert.equal(isJupyterKernel({}, argv), false);
  });
});

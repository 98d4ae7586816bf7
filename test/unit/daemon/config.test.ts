// SPDX-License-Identifier: MIT
// The configuration from flags, environment and file, with every mistake named.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { loadConfig, type BridgeConfig, type ConfigFlags } from "../../../bridge/daemon/config.ts";
import { temporaryFolders } from "../../support/folder.ts";

describe("the configuration", () => {
  const newFolder = temporaryFolders();

  function load(flags: ConfigFlags, env: Record<string, string> = {}, file?: string): BridgeConfig {
    const home = newFolder();
    if (file !== undefined) {
      mkdirSync(join(home, "structwire"));
      writeFileSync(join(home, "structwire", "config.json"), file);
    }
    return loadConfig(flags, { XDG_CONFIG_HOME: home, STRUCTWIRE_RUNTIME_DIR: "/run/sw", HOME: "/own", ...env });
  }

  it("has defaults for everything", () => {
    assert.deepEqual(load({}), {
      name: "default",
      host: "127.0.0.1",
      port: 8720,
      phone: false,
      tls: false,
      tlsCert: "",
      tlsKey: "",
      drivers: [],
      watch: true,
      origins: [],
      gateways: [],
      upstreams: [],
      flushMs: 8,
      logLevel: "info",
      sendQueueBytes: 2_097_152,
      runtimeFolder: "/run/sw",
      stateFolder: "/own/.local/state/structwire",
    });
  });

  it("takes flags over the environment over the file", () => {
    const file = JSON.stringify({ name: "file", port: 1, flushMs: 33, origins: ["https://a.example"], watch: false });
    const env = { STRUCTWIRE_NAME: "env", STRUCTWIRE_PORT: "2", STRUCTWIRE_DRIVERS: "unix:/a.sock, unix:/b.sock" };
    const config = load({ name: "flag", drivers: undefined }, env, file);
    assert.deepEqual(
      [config.name, config.port, config.flushMs, config.watch, config.origins, config.drivers],
      ["flag", 2, 33, false, ["https://a.example"], ["unix:/a.sock", "unix:/b.sock"]],
    );
  });

  it("counts an empty variable as absent", () => {
    assert.equal(load({}, { STRUCTWIRE_PORT: "" }).port, 8720);
  });

  it("is read from a file that is named, which then must be there", () => {
    const path = join(newFolder(), "rig.json");
    assert.throws(() => loadConfig({}, {}, path), { code: "config_invalid", message: /rig\.json cannot be read/ });
    writeFileSync(path, `{"name":"rig1"}`);
    assert.equal(loadConfig({}, {}, path).name, "rig1");
  });

  const faults: [string, () => BridgeConfig, RegExp][] = [
    ["a flag", () => load({ port: "70000" }), /--port cannot be "70000": it must be a whole number from 0 to 65535/],
    ["a flag of two words", () => load({ flushMs: -1 }), /--flush-ms/],
    ["an environment variable", () => load({}, { STRUCTWIRE_LOG_LEVEL: "loud" }), /STRUCTWIRE_LOG_LEVEL/],
    ["a key of the file", () => load({}, {}, `{"port":"many"}`), /"port" in .*config\.json/],
    ["an unknown key of the file", () => load({}, {}, `{"prot":1}`), /unknown key "prot"; known are name, host, port/],
    ["a file that is no JSON", () => load({}, {}, "port: 1"), /config\.json is no JSON/],
    ["a file that is no object", () => load({}, {}, "[]"), /must hold one JSON object/],
    ["a name", () => load({ name: "a/b" }), /--name cannot be "a\/b"/],
    ["a driver's address", () => load({ drivers: ["tcp://1.2.3.4"] }), /--driver .*unix:\/path/],
    ["a gateway", () => load({ gateways: ["telnet:23"] }), /--gateway .*there is no gateway "telnet"/],
    ["a gateway of the environment", () => load({}, { STRUCTWIRE_GATEWAYS: "a;b:x" }), /STRUCTWIRE_GATEWAYS/],
    ["an origin", () => load({ origins: ["lab.example.org"] }), /--origin .*as browsers send it/],
    ["an origin with a path", () => load({ origins: ["https://a.example/"] }), /--origin/],
  ];
  for (const [what, run, message] of faults) {
    it(`names ${what} that is wrong`, () => {
      assert.throws(run, { code: "config_invalid", message });
    });
  }
});

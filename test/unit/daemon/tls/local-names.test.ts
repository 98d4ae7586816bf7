// SPDX-License-Identifier: MIT
// Which of a machine's addresses a phone is told, and which names the certificate holds for.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { NetworkInterfaceInfo } from "node:os";
import { lanAddresses, localNames } from "../../../../bridge/daemon/tls/local-names.ts";

const at = (address: string, internal = false): NetworkInterfaceInfo =>
  address.includes(":")
    ? { address, family: "IPv6", internal, netmask: "", mac: "", cidr: null, scopeid: 0 }
    : { address, family: "IPv4", internal, netmask: "", mac: "", cidr: null };

const MACHINE = {
  lo: [at("127.0.0.1", true), at("::1", true)],
  docker0: [at("172.17.0.1")],
  tun0: [at("10.8.0.2")],
  enp3s0: [at("192.168.1.20"), at("fe80::1"), at("fd00::20")],
  wwan0: [at("100.70.1.2")],
  wlp2s0: [at("192.168.1.21")],
  usb0: [at("169.254.3.4")],
};

describe("the addresses of this machine", () => {
  it("puts those first that a phone reaches: wireless, wired, other networks, then containers and tunnels", () => {
    assert.deepEqual(
      lanAddresses(MACHINE).map(({ interface: name }) => name),
      ["wlp2s0", "enp3s0", "wwan0", "docker0", "tun0"],
    );
  });

  it("knows when there is none", () => {
    assert.deepEqual(lanAddresses({ lo: MACHINE.lo }), []);
  });

  it("names everything by which the machine is reached, once, but no address that holds on one link only", () => {
    const names = localNames("rig.example.org", MACHINE);
    for (const name of ["localhost", "127.0.0.1", "::1", "rig.example.org", "192.168.1.21", "fd00::20"]) {
      assert.equal(names.filter((each) => each === name).length, 1, name);
    }
    assert.ok(!names.includes("fe80::1"));
    assert.ok(!localNames("0.0.0.0", MACHINE).includes("0.0.0.0"));
  });
});

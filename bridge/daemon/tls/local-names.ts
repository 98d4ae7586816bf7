// SPDX-License-Identifier: MIT
// By which names and addresses this machine is reached, and which of them a phone in the same network would use.
import { hostname, networkInterfaces, type NetworkInterfaceInfo } from "node:os";

/** An address of this machine in a local network. */
export interface LanAddress {
  /** `wlan0` */
  readonly interface: string;
  /** IPv4. */
  readonly address: string;
}

type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** Interfaces of containers, virtual machines and tunnels: a phone does not reach them. */
const VIRTUAL = /^(?:docker|br-|veth|virbr|vmnet|vboxnet|tun|tap|wg|utun|zt|tailscale|cni|flannel|cali|lxc|lxd|podman)/;

/** IPv4 addresses that a phone may reach, the likeliest first: private networks of real interfaces, wireless before wired; then others. */
export function lanAddresses(interfaces: Interfaces = networkInterfaces()): LanAddress[] {
  const found = Object.entries(interfaces).flatMap(([name, addresses = []]) =>
    addresses
      .filter(({ family, internal, address }) => family === "IPv4" && !internal && !address.startsWith("169.254."))
      .map(({ address }) => ({ interface: name, address })),
  );
  return found
    .map((each, index) => ({ each, index, rank: rankOf(each) }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map(({ each }) => each);
}

/** Every name and address by which a client may reach this machine; `host` is what the bridge listens on. */
export function localNames(host: string, interfaces: Interfaces = networkInterfaces()): string[] {
  const own = hostname();
  const addresses = Object.values(interfaces).flatMap((each = []) =>
    each.filter(({ address }) => !address.startsWith("fe80:")).map(({ address }) => address),
  );
  const isAny = host === "0.0.0.0" || host === "::";
  const names = ["localhost", own, `${own}.local`, "127.0.0.1", "::1", ...(isAny ? [] : [host]), ...addresses];
  return [...new Set(names)].filter((name) => name !== "" && !name.endsWith(".local.local"));
}

function rankOf({ interface: name, address }: LanAddress): number {
  const isPrivate = /^(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./.test(address);
  if (VIRTUAL.test(name)) return 4;
  if (!isPrivate) return 3;
  return /^(?:wl|wifi|ath)/.test(name) ? 0 : 1;
}

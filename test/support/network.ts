// SPDX-License-Identifier: MIT
// A network of a test's own, where interfaces can be made without touching the machine's.
import { spawnSync } from "node:child_process";

/** Runs a driver in a network of its own with only the loopback interface, which is up: a command to put before the driver's. */
export const OWN_NETWORK: readonly string[] = [
  ...["unshare", "--user", "--map-root-user", "--net", "--"],
  ...["sh", "-c", 'ip link set lo up && exec "$0" "$@"'],
];

// What a kernel can make differs: none of these exists in all.
const KINDS = ["dummy", "ifb", "bridge", "veth"];

/** The kind of interface that can be made in a network of one's own here, or why none can. */
export function makeableKind(): { readonly kind: string } | { readonly why: string } {
  let why = "";
  for (const kind of KINDS) {
    const tried = spawnSync(
      "unshare",
      ["--user", "--map-root-user", "--net", "ip", "link", "add", "try0", "type", kind],
      {
        encoding: "utf8",
      },
    );
    if (tried.status === 0) return { kind };
    why = tried.error?.message ?? tried.stderr.trim();
  }
  return { why: `no interface can be made in a network of one's own here: ${why}` };
}

/** Runs `ip` in the network of process `pid`. */
export function ipAt(pid: number, ...args: string[]): void {
  const done = spawnSync("nsenter", ["-t", String(pid), "-U", "-n", "--preserve-credentials", "ip", ...args], {
    encoding: "utf8",
  });
  if (done.status !== 0) throw new Error(`ip ${args.join(" ")}: ${done.error?.message ?? done.stderr}`);
}

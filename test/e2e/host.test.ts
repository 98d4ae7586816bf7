// SPDX-License-Identifier: MIT
// The host driver against the kernel's own numbers, read by the test just before and just after.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "mocha";
import type { Channel, DriverHandle, Sample } from "../../bridge/index.ts";
import { isBridgeError } from "../support/errors.ts";
import { ipAt, makeableKind, OWN_NETWORK } from "../support/network.ts";
import { cpuTicks, diskCounters, linkCounters, memoryBytes } from "../support/proc.ts";
import { Rig } from "../support/rig.ts";

const TICKS = ["user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal", "guest", "guest_nice"] as const;

type Core = Readonly<Record<(typeof TICKS)[number], bigint>> & {
  readonly number: number;
  readonly busy_percent: number;
};

interface Cpu {
  readonly total: Core;
  readonly interrupts: bigint;
  readonly context_switches: bigint;
  readonly forks: bigint;
  readonly online: number;
  readonly count: number;
  readonly cores: readonly Core[];
}

interface Memory {
  readonly total: bigint;
  readonly free: bigint;
  readonly used: bigint;
  readonly used_percent: number;
}

interface Disk {
  readonly count: number;
  readonly disks: readonly {
    readonly name: string;
    readonly reads: bigint;
    readonly read_sectors: bigint;
    readonly writes: bigint;
    readonly written_sectors: bigint;
  }[];
}

interface TcpState {
  readonly tcpi_state: number;
  readonly tcpi_bytes_acked: bigint;
  readonly tcpi_bytes_received: bigint;
  readonly tcpi_segs_out: number;
}

interface TcpMeta {
  readonly sent: bigint;
  readonly received: bigint;
  readonly connections: number;
  readonly valid_bytes: number;
  readonly struct_bytes: number;
  readonly connected: boolean;
}

interface Process {
  readonly pid: number;
  readonly name: string;
  readonly cpu_percent: number;
  readonly memory: bigint;
}

interface LinkStats {
  readonly rx_bytes: bigint;
  readonly rx_packets: bigint;
  readonly tx_bytes: bigint;
  readonly tx_packets: bigint;
}

type Of<V> = { value: V; columns: Record<string, never> };

/** The parts of native/drivers/host/host.h that are looked at here, as `gen` types them. */
interface Host {
  channels: {
    cpu: Of<Cpu>;
    memory: Of<Memory>;
    load: Of<{ uptime: number; one: number }>;
    disk: Of<Disk>;
    tcp: Of<TcpState>;
    tcp_meta: Of<TcpMeta>;
  };
  parameters: { sampling: { period_ms: number } };
  services: {
    processes: {
      request: { by: "CPU" | "MEMORY"; limit: number };
      reply: { count: number; total: number; interval: number; processes: readonly Process[] };
    };
  };
}

/**
 * The first sample of a channel that was read after this was called: the second that was published since then, because the driver reads
 * for the next one only after it has published the one before.
 */
async function readFromNowOn<V>(channel: Channel<V, unknown>): Promise<Sample<V>> {
  const nowMs = Date.now() + 1; // a ms has a fraction, Date.now() has none
  let seen = 0;
  for await (const batch of channel.batches())
    for (const [at, time] of batch.times.entries())
      if (time > nowMs && ++seen === 2) return { seq: batch.sequences[at]!, time, value: batch.values()[at]! };
  throw new Error("the channel ended");
}

function between(low: bigint, value: bigint, high: bigint, what: string): void {
  assert.ok(low <= value && value <= high, `${what}: ${String(low)} <= ${String(value)} <= ${String(high)}`);
}

describe("the host", () => {
  let rig: Rig;
  let host: DriverHandle<Host>;

  before(async () => {
    rig = await Rig.start("host");
    host = rig.client.driver<Host>("host");
  });

  after(() => rig.stop());

  beforeEach(() => host.set("sampling", { period_ms: 20 }));

  it("has the kernel's own processor counters", async () => {
    const low = cpuTicks();
    const { value } = await readFromNowOn(host.channel("cpu"));
    const high = cpuTicks();
    const compare = (line: string, core: Core): void => {
      for (const [at, name] of TICKS.entries()) {
        // The kernel itself lets these two go back by a little now and then.
        const slack = name === "idle" || name === "iowait" ? 2n : 0n;
        between(low.get(line)![at]! - slack, core[name], high.get(line)![at]! + slack, `${line} ${name}`);
      }
    };
    compare("cpu", value.total);
    assert.equal(value.count, Math.min(value.online, 64));
    for (const core of value.cores.slice(0, value.count)) compare(`cpu${String(core.number)}`, core);
    assert.ok(value.cores.slice(value.count).every((core) => core.user === 0n && core.idle === 0n));
    between(low.get("intr")![0]!, value.interrupts, high.get("intr")![0]!, "interrupts");
    between(low.get("ctxt")![0]!, value.context_switches, high.get("ctxt")![0]!, "context switches");
    between(low.get("processes")![0]!, value.forks, high.get("processes")![0]!, "forks");
    assert.ok(value.total.busy_percent >= 0 && value.total.busy_percent <= 100);
  });

  it("has the kernel's own disk counters", async () => {
    const { value: list } = await readFromNowOn(host.channel("disk"));
    const names = list.disks.slice(0, list.count).map(({ name }) => name);
    const low = new Map(names.map((name) => [name, diskCounters(name)]));
    const { value } = await readFromNowOn(host.channel("disk"));
    for (const { name, reads, read_sectors, writes, written_sectors } of value.disks.slice(0, value.count)) {
      const [before, now] = [low.get(name)!, diskCounters(name)];
      for (const [at, counter] of [
        reads,
        undefined,
        read_sectors,
        undefined,
        writes,
        undefined,
        written_sectors,
      ].entries())
        if (counter !== undefined) between(before[at]!, counter, now[at]!, `${name} ${String(at)}`);
    }
  });

  it("has the kernel's own interface counters, in the kernel's own struct, for every interface", async () => {
    const interfaces = [...linkCounters().keys()];
    await rig.until(
      () => rig.client.directory.channels.filter(({ channel }) => channel.startsWith("host/link/")).length > 0,
    );
    const entries = (await rig.client.list()).channels.filter(({ channel }) => channel.startsWith("host/link/"));
    assert.deepEqual(
      entries.map(({ channel }) => channel).sort(),
      interfaces.map((name) => `host/link/${name.replaceAll(/[^A-Za-z0-9_.-]/g, "_")}`).sort(),
    );
    assert.ok(entries.every(({ type }) => type === "rtnl_link_stats64"));
    for (const name of interfaces) {
      const low = linkCounters().get(name)!;
      const { value } = await readFromNowOn(rig.client.channel<LinkStats>(`host/link/${name}`));
      const high = linkCounters().get(name)!;
      for (const counter of ["rx_bytes", "rx_packets", "tx_bytes", "tx_packets"] as const)
        between(low[counter], value[counter], high[counter], `${name} ${counter}`);
    }
  });

  it("has the memory and the load", async () => {
    const { value } = await readFromNowOn(host.channel("memory"));
    assert.equal(value.total, memoryBytes("MemTotal"));
    assert.ok(value.free <= value.total && value.used < value.total && value.used_percent > 0);
    const { value: load } = await readFromNowOn(host.channel("load"));
    assert.ok(load.uptime > 0 && load.one >= 0);
  });

  it("shows a TCP connection that lives, as the kernel describes it", async () => {
    const [first, meta] = await Promise.all([
      readFromNowOn(host.channel("tcp")),
      readFromNowOn(host.channel("tcp_meta")),
    ]);
    assert.equal(first.value.tcpi_state, 1, "established");
    assert.ok(meta.value.connected && meta.value.connections >= 1);
    assert.ok(meta.value.valid_bytes >= 104 && meta.value.valid_bytes <= meta.value.struct_bytes);
    const { value: later } = await readFromNowOn(host.channel("tcp"));
    const { value: laterMeta } = await readFromNowOn(host.channel("tcp_meta"));
    assert.ok(later.tcpi_bytes_acked >= first.value.tcpi_bytes_acked + 16384n, "16 KiB at each sample");
    assert.ok(later.tcpi_bytes_received > first.value.tcpi_bytes_received);
    assert.ok(later.tcpi_segs_out > first.value.tcpi_segs_out);
    assert.ok(later.tcpi_bytes_acked <= laterMeta.sent + 1n, "no more than was sent, and the SYN");
    assert.equal(laterMeta.connections, meta.value.connections);
  });

  it("gives a sample of tcp and of what belongs to it the same time", async () => {
    const [tcp, meta] = await Promise.all([host.channel("tcp").take(20), host.channel("tcp_meta").take(20)]);
    const times = new Set(meta.timesNs);
    assert.ok(tcp.timesNs.filter((time) => times.has(time)).length >= 10);
  });

  it("reads as often as it is told, from the sample on that the answer names", async () => {
    const channel = host.channel("cpu");
    const batches = channel.batches()[Symbol.asyncIterator]();
    await batches.next();
    const applied = await host.set("sampling", { period_ms: 200 });
    assert.deepEqual(applied.applied, { period_ms: 200 });
    assert.equal(applied.channel, "host/cpu");
    const times = new Map<number, number>();
    while (!times.has(applied.seq! + 5)) {
      const { value: batch } = await batches.next();
      for (const [at, seq] of batch!.sequences.entries()) times.set(seq, batch!.times[at]!);
    }
    await batches.return(undefined);
    const gaps = [0, 1, 2, 3, 4].map((at) => times.get(applied.seq! + at + 1)! - times.get(applied.seq! + at)!);
    const sum = gaps.reduce((total, gap) => total + gap, 0);
    assert.ok(
      Math.abs(sum - 1000) < 150,
      `five periods of 200 ms took ${gaps.map((gap) => gap.toFixed(0)).join(", ")}`,
    );
    assert.ok(times.get(applied.seq!)! - applied.time > 150, "and the first came one period after the set");
  });

  it("keeps its period when a set is refused", async () => {
    for (const period_ms of [9, 10_001, -1, 1e12])
      await assert.rejects(rig.client.set("host/sampling", { period_ms }), (error) =>
        isBridgeError(error, period_ms === 9 || period_ms === 10_001 ? "out_of_range" : "bad_value"),
      );
    assert.deepEqual(await host.get("sampling"), { period_ms: 20 });
  });

  it("lists the processes that are large or busy", async () => {
    const { count, total, processes } = await host.call("processes", { by: "MEMORY", limit: 5 });
    assert.equal(count, Math.min(5, total));
    const memory = processes.slice(0, count).map((each) => each.memory);
    assert.deepEqual(
      memory,
      [...memory].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0)),
    );
    const all = await host.call("processes", { by: "CPU", limit: 50 });
    const shares = all.processes.slice(0, all.count).map((each) => each.cpu_percent);
    assert.deepEqual(
      shares,
      [...shares].sort((a, b) => b - a),
    );
    const { processes: largest, count: listed } = await host.call("processes", { by: "MEMORY", limit: 50 });
    const known = new Map(largest.slice(0, listed).map((each) => [each.pid, each]));
    assert.ok(known.get(process.pid)!.memory > 1_000_000n, "this test is one of them");
  });

  it("refuses to list no processes, or too many", async () => {
    for (const limit of [0, 51])
      await assert.rejects(host.call("processes", { by: "CPU", limit }), (error) =>
        isBridgeError(error, "out_of_range"),
      );
    await assert.rejects(rig.client.call("host/processes", { by: "SIZE", limit: 1 }), (error) =>
      isBridgeError(error, "bad_value"),
    );
  });
});

describe("the host's interfaces", () => {
  let rig: Rig | undefined;
  let kind = "";

  before(async function () {
    const found = makeableKind();
    if ("why" in found) {
      console.log(`      ${found.why}`);
      this.skip();
    }
    kind = found.kind;
    rig = await Rig.start("host", OWN_NETWORK);
    await rig.client.set("host/sampling", { period_ms: 10_000 });
  });

  after(() => rig?.stop());

  const channels = (): string[] => rig!.client.directory.channels.map(({ channel }) => channel);

  it("are channels for as long as they are there", async () => {
    const { client, driver } = rig!;
    const named = client.subscribe("host/link/*");
    await named.ready;
    ipAt(driver.pid, "link", "add", "rig0", "type", kind);
    const first = await client.channel<LinkStats>("host/link/rig0").batches({ last: true, wait: true }).next();
    const low = linkCounters(driver.pid).get("rig0")!;
    assert.equal(
      first.value!.values().at(-1)!.tx_packets,
      low.tx_packets,
      "with a sample at once, whatever the period",
    );
    ipAt(driver.pid, "link", "delete", "rig0");
    for await (const delivery of named)
      if (delivery.kind === "end" && delivery.channel === "host/link/rig0") {
        assert.equal(delivery.reason, "withdrawn");
        break;
      }
    await rig!.until(() => !channels().includes("host/link/rig0"));
    assert.ok(channels().includes("host/link/lo"), "the others stay");
  });

  it("move with their name, which is made fit for a channel, and stay apart when they become alike", async () => {
    const { driver } = rig!;
    ipAt(driver.pid, "link", "add", "rig+1", "type", kind);
    await rig!.until(() => channels().includes("host/link/rig_1"));
    ipAt(driver.pid, "link", "add", "rig=1", "type", kind);
    await rig!.until(() => channels().some((name) => /^host\/link\/rig_1_\d+$/.test(name)));
    ipAt(driver.pid, "link", "set", "rig+1", "name", "rig2");
    await rig!.until(() => channels().includes("host/link/rig2") && !channels().includes("host/link/rig_1"));
  });

  it("may come and go quickly", async () => {
    const { driver } = rig!;
    for (let round = 0; round < 20; round++) {
      ipAt(driver.pid, "link", "add", "quick0", "type", kind);
      ipAt(driver.pid, "link", "delete", "quick0");
    }
    ipAt(driver.pid, "link", "add", "quick1", "type", kind);
    await rig!.until(() => channels().includes("host/link/quick1") && !channels().includes("host/link/quick0"));
  });
});

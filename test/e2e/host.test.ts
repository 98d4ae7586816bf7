// SPDX-License-Identifier: MIT
// The host driver against the kernel's own numbers, read by the test just before and just after.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "mocha";
import type { Channel, DriverHandle, Sample } from "../../bridge/index.ts";
import { isBridgeError } from "../support/errors.ts";
import { ipAt, makeableKind, OWN_NETWORK } from "../support/network.ts";
import {
  assertTicksBetween,
  between,
  type CpuTicks,
  cpuTicks,
  diskCounters,
  linkCounters,
  memoryBytes,
} from "../support/proc.ts";
import { Rig } from "../support/rig.ts";

type Core = CpuTicks & {
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
async function readFromNowOn<V>(channel: Channel<V, unknown>, signal?: AbortSignal): Promise<Sample<V>> {
  const nowMs = Date.now() + 1; // a ms has a fraction, Date.now() has none
  let seen = 0;
  for await (const batch of channel.batches({ signal }))
    for (const [at, time] of batch.times.entries())
      if (time > nowMs && ++seen === 2) return { seq: batch.sequences[at]!, time, value: batch.values()[at]! };
  throw new Error("the channel ended");
}

/** Interfaces come and go: the channel that one has. */
function channelOfLink(name: string): string {
  return `host/link/${name.replaceAll(/[^A-Za-z0-9_.-]/g, "_")}`;
}

describe("the host", function () {
  this.timeout(400_000);
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
    assertTicksBetween(low.get("cpu")!, value.total, high.get("cpu")!, value.online);
    assert.equal(value.count, Math.min(value.online, 64));
    for (const core of value.cores.slice(0, value.count)) {
      const [before, after] = [low.get(`cpu${String(core.number)}`), high.get(`cpu${String(core.number)}`)];
      // A core may be switched off or on meanwhile.
      if (before !== undefined && after !== undefined) assertTicksBetween(before, core, after, 1);
    }
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
      const [before, now] = [low.get(name), diskCounters(name)];
      if (before === undefined || now === undefined) continue; // it came or went meanwhile
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
    const entries = () => rig.client.directory.channels.filter(({ channel }) => channel.startsWith("host/link/"));
    // They may come and go here at any time, and then the directory changes too.
    await rig.until(() => {
      const wanted = [...linkCounters().keys()].map(channelOfLink).sort();
      const found = entries().map(({ channel }) => channel);
      return found.sort().join() === wanted.join();
    });
    assert.ok(entries().every(({ type }) => type === "rtnl_link_stats64"));
    let compared = 0;
    for (const name of linkCounters().keys()) {
      const low = linkCounters().get(name);
      const read = await readLink(name);
      const high = linkCounters().get(name);
      if (low === undefined || read === undefined || high === undefined) continue; // it went meanwhile
      for (const counter of ["rx_bytes", "rx_packets", "tx_bytes", "tx_packets"] as const)
        between(low[counter], read[counter], high[counter], `${name} ${counter}`);
      compared++;
    }
    assert.ok(compared > 0);
  });

  /** The counters of an interface that are read from now on; undefined when it goes before. */
  async function readLink(name: string): Promise<LinkStats | undefined> {
    const channel = channelOfLink(name);
    const gone = new AbortController();
    const look = (): void => {
      if (!rig.client.directory.channels.some((entry) => entry.channel === channel)) gone.abort();
    };
    const stop = rig.client.on("directory", look);
    look();
    try {
      return (await readFromNowOn(rig.client.channel<LinkStats>(channel), gone.signal)).value;
    } catch (error) {
      if (!gone.signal.aborted) throw error;
      return undefined;
    } finally {
      stop();
    }
  }

  it("has the memory and the load", async () => {
    const before = memoryBytes("MemTotal"); // of which a virtual machine may be given more or less at any time
    const { value } = await readFromNowOn(host.channel("memory"));
    const after = memoryBytes("MemTotal");
    between(before < after ? before : after, value.total, before < after ? after : before, "total");
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
    let later = first.value;
    // 16 KiB are sent at each sample; the kernel delivers them when it has time.
    while (
      later.tcpi_bytes_acked < first.value.tcpi_bytes_acked + 4n * 16384n ||
      later.tcpi_bytes_received === first.value.tcpi_bytes_received
    )
      later = (await readFromNowOn(host.channel("tcp"))).value;
    const { value: laterMeta } = await readFromNowOn(host.channel("tcp_meta"));
    assert.ok(later.tcpi_bytes_received > first.value.tcpi_bytes_received);
    assert.ok(later.tcpi_segs_out > first.value.tcpi_segs_out);
    assert.ok(later.tcpi_bytes_acked <= laterMeta.sent + 1n, "no more than was sent, and the SYN");
    assert.equal(laterMeta.connections, meta.value.connections);
  });

  it("gives a sample of tcp and of what belongs to it the same time", async () => {
    const [tcp, meta]: [bigint[], bigint[]] = [[], []];
    /** Those of a channel from when both have begun to where both have come. */
    const common = (times: readonly bigint[]): bigint[] =>
      times.filter((time) => [tcp, meta].every((each) => each.length > 0 && each[0]! <= time && time <= each.at(-1)!));
    for await (const each of rig.client.subscribe(["host/tcp", "host/tcp_meta"])) {
      if (each.kind === "batch") (each.channel === "host/tcp" ? tcp : meta).push(...each.timesNs);
      if (common(tcp).length >= 10) break;
    }
    assert.deepEqual(common(tcp), common(meta));
  });

  it("reads as often as it is told, from the sample on that the answer names", async () => {
    const channel = host.channel("cpu");
    const batches = channel.batches()[Symbol.asyncIterator]();
    await batches.next();
    const applied = await host.set("sampling", { period_ms: 200 });
    assert.deepEqual(applied.applied, { period_ms: 200 });
    assert.equal(applied.channel, "host/cpu");
    const times: number[] = [];
    /** How long the last five periods took. */
    const five = (): number => (times.at(-1) ?? NaN) - (times.at(-6) ?? NaN);
    // Where the machine is held up, a period is longer and the next ones are shorter: until it was not for a while.
    while (!(Math.abs(five() - 1000) < 150)) {
      const { value: batch } = await batches.next();
      for (const [at, seq] of batch!.sequences.entries()) if (seq >= applied.seq!) times.push(batch!.times[at]!);
    }
    await batches.return(undefined);
    assert.ok(times[0]! - applied.time > 150, "the first came one period after the set");
    // Of which the first, and the one after it, may have been held up.
    assert.ok(times[5]! - times[0]! > 550, "and no other but one period after that");
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
    const own = known.get(process.pid)?.memory;
    // On a machine where 50 are larger than this test it is none of them.
    if (own === undefined) between(BigInt(process.memoryUsage.rss()) / 2n, largest[49]!.memory, 1n << 60n, "the 50th");
    else assert.ok(own > 1_000_000n, "this test is one of them");
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

describe("the host's interfaces", function () {
  this.timeout(400_000);
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

// SPDX-License-Identifier: MIT
// The page subscribes to what it shows and to nothing else, and knows what of it is missing.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Latency } from "../../../../bridge/client/flow/latency.ts";
import { BridgeError } from "../../../../bridge/model/errors.ts";
import { fieldRef } from "../../../../bridge/client/trace/field-ref.ts";
import type { FeedClient, PageBatch, PageDelivery } from "../../../../bridge/pages/parts/link/client-port.ts";
import { Feeds } from "../../../../bridge/pages/parts/trace/feeds.ts";
import { LossBook } from "../../../../bridge/pages/parts/trace/loss-book.ts";
import type { Wanted } from "../../../../bridge/pages/parts/trace/running.ts";
import { SampleClock } from "../../../../bridge/pages/parts/trace/sample-clock.ts";
import { thinnedAt } from "../../../../bridge/pages/parts/trace/thinned.ts";

/** Subscriptions by channel and delivery, fed by the test. */
class Streams {
  readonly open = new Set<string>();
  readonly refused = new Set<string>();
  readonly latencies = new Map<string, Latency>();
  readonly #pushes = new Map<string, (item: PageDelivery) => void>();

  readonly client: FeedClient = {
    subscribe: (channel: string, options?: { delivery?: string | undefined }) =>
      this.#subscribe(channel, options?.delivery ?? ""),
  };

  async deliver(name: string, ...items: PageDelivery[]): Promise<void> {
    for (const item of items) this.#pushes.get(name)?.(item);
    await settled();
  }

  #subscribe(channel: string, delivery: string) {
    const name = `${channel} ${delivery}`;
    this.open.add(name);
    const queue: PageDelivery[] = [];
    let wake = (): void => undefined;
    let isClosed = false;
    this.#pushes.set(name, (item) => {
      queue.push(item);
      wake();
    });
    const { refused, latencies } = this;
    return {
      get latency() {
        return latencies.get(name);
      },
      close: () => {
        isClosed = true;
        this.open.delete(name);
        wake();
      },
      async *[Symbol.asyncIterator]() {
        await Promise.resolve();
        if (refused.has(channel)) throw new BridgeError("unknown_channel");
        while (!isClosed) {
          const item = queue.shift();
          if (item === undefined) await new Promise<void>((resolve) => (wake = resolve));
          else yield item;
        }
      },
    };
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function batch(epoch: bigint, first: number, count: number): PageBatch {
  const numbers = Float64Array.from({ length: count }, (_, i) => first + i);
  return {
    kind: "batch",
    channel: "m/s",
    carries: "struct",
    contentType: null,
    epoch,
    first,
    last: first + count - 1,
    count,
    times: Float64Array.from(numbers, (seq) => Number(epoch) * 1e6 + seq),
    sequences: numbers,
    columns: { speed: numbers },
    payloads: () => [],
    from: (from) => batch(epoch, from, first + count - from),
  };
}

function setUp() {
  const losses = new LossBook();
  const feeds = new Feeds(losses, new SampleClock());
  return { losses, feeds, streams: new Streams() };
}

describe("feeds", () => {
  it("open and close with what is wanted", () => {
    const { feeds, streams } = setUp();
    feeds.follow(
      streams.client,
      new Map([
        ["a", "latest"],
        ["b", "queue"],
      ]),
      true,
    );
    assert.deepEqual([...streams.open], ["a latest", "b queue"]);
    feeds.follow(streams.client, new Map([["a", "queue"]]), false);
    assert.deepEqual([...streams.open], ["a queue"]);
    feeds.follow(null, new Map(), false);
    assert.equal(streams.open.size, 0);
  });

  it("ask again for a refused channel only when the directory has changed", async () => {
    const { feeds, streams } = setUp();
    const wanted = new Map([["a", "queue"] as const]);
    streams.refused.add("a");
    feeds.follow(streams.client, wanted, true);
    await settled();
    streams.open.clear();
    feeds.follow(streams.client, wanted, false);
    assert.equal(streams.open.size, 0);
    feeds.follow(streams.client, wanted, true);
    assert.deepEqual([...streams.open], ["a queue"]);
  });

  it("record every sample of a plotted channel, and book what is missing by its reason", async () => {
    const { feeds, streams, losses } = setUp();
    const { recorder, check } = feeds.trace("m/s");
    recorder.track(fieldRef("m/s", { name: "speed", type: "f64" }));
    feeds.follow(streams.client, new Map([["m/s", "queue"]]), true);
    await streams.deliver(
      "m/s queue",
      batch(1n, 10, 4),
      { kind: "lost", channel: "m/s", loss: { epoch: 1n, from: 14, to: 19, count: 6, reason: "slow_reader" } },
      batch(1n, 20, 2),
      batch(1n, 25, 1),
    );
    assert.deepEqual([check.samples, check.lost, check.missed], [7, 6, 3]);
    assert.deepEqual(
      losses.lines.value.map(({ reason, count }) => [reason, count]),
      [
        ["slow_reader", 6],
        ["unknown", 3],
      ],
    );
    assert.deepEqual(
      recorder.marks.map(({ kind, count }) => [kind, count]),
      [
        ["lost", 6],
        ["lost", 3],
      ],
    );
    assert.equal(recorder.value("speed", recorder.head - 1), 25);
  });

  it("of a very fast channel take the extremes of the plotted fields, and the newest sample besides", async () => {
    const { feeds, streams, losses } = setUp();
    const trace = feeds.trace("m/s");
    trace.recorder.track(fieldRef("m/s", { name: "speed", type: "f64" }));
    const thinned = thinnedAt(100_000, ["speed", "speed"], true, null);
    assert.ok(thinned !== null);
    assert.deepEqual(thinned.fields, ["speed"]);
    feeds.follow(streams.client, new Map([["m/s", thinned]]), true);
    assert.deepEqual([...streams.open].sort(), ["m/s latest", "m/s minmax"]);
    assert.deepEqual([...feeds.thinned.value.keys()], ["m/s"]);
    await streams.deliver("m/s latest", batch(1n, 5, 1));
    await streams.deliver("m/s minmax", batch(1n, 10, 2), batch(1n, 210, 2));
    assert.equal(trace.latest?.first, 5, "the newest sample has all fields");
    assert.deepEqual([trace.check.samples, trace.check.missed, losses.total], [4, 0, 0]);
    const loss = { epoch: 1n, from: 212, to: 400, count: 3, reason: "slow_reader" } as const;
    await streams.deliver("m/s minmax", { kind: "lost", channel: "m/s", loss });
    assert.equal(losses.total, 3);
    feeds.follow(streams.client, new Map([["m/s", "queue"]]), false);
    await streams.deliver("m/s queue", batch(1n, 900, 2));
    assert.equal(trace.check.next, 401, "the extremes have not come so far");
    await streams.deliver("m/s minmax", batch(1n, 899, 1));
    assert.deepEqual([...streams.open], ["m/s queue"]);
    assert.deepEqual([trace.check.next, losses.total], [902, 3], "what was left out on purpose is no loss");
  });

  const lost = (from: number, to: number, reason: "slow_reader" | "link_full" = "link_full"): PageDelivery => {
    return { kind: "lost", channel: "m/s", loss: { epoch: 1n, from, to, count: to - from + 1, reason } };
  };

  it("change the form of a channel without a hole: what is told meanwhile is counted once, by whomever it was told", async () => {
    const { feeds, streams, losses } = setUp();
    const { check, recorder } = feeds.trace("m/s");
    const thinned = thinnedAt(100_000, ["speed"], false, null);
    assert.ok(thinned !== null);
    feeds.follow(streams.client, new Map([["m/s", "queue"]]), true);
    await streams.deliver("m/s queue", batch(1n, 0, 10));
    feeds.follow(streams.client, new Map([["m/s", thinned]]), false);
    assert.deepEqual([...streams.open], ["m/s queue", "m/s minmax"], "the new one comes before the old one goes");
    // The new one begins at 30; a loss before that is told to the old one alone, a later one to both.
    await streams.deliver("m/s minmax", batch(1n, 30, 10), lost(40, 49));
    assert.equal(check.samples, 10);
    await streams.deliver("m/s queue", lost(10, 19), batch(1n, 20, 15));
    assert.deepEqual([...streams.open], ["m/s minmax"]);
    await streams.deliver("m/s minmax", batch(1n, 50, 2));
    assert.deepEqual([check.samples, check.lost, check.missed, check.next], [32, 20, 0, 52]);
    assert.equal(losses.total, 20);
    assert.equal(recorder.head - recorder.start, 32);
  });

  it("cut a loss that both forms were told", async () => {
    const { feeds, streams, losses } = setUp();
    const thinned = thinnedAt(100_000, ["speed"], false, null);
    assert.ok(thinned !== null);
    feeds.follow(streams.client, new Map([["m/s", "queue"]]), true);
    await streams.deliver("m/s queue", batch(1n, 0, 10));
    feeds.follow(streams.client, new Map([["m/s", thinned]]), false);
    await streams.deliver("m/s queue", lost(10, 29));
    await streams.deliver("m/s minmax", lost(20, 39), batch(1n, 40, 1));
    assert.equal(losses.total, 30);
  });

  it("change the form again before the first change was over", async () => {
    const { feeds, streams, losses } = setUp();
    const { check } = feeds.trace("m/s");
    const [slow, fast] = [thinnedAt(100_000, ["speed"], false, null), thinnedAt(100_000, ["turn"], false, null)];
    assert.ok(slow !== null && fast !== null);
    feeds.follow(streams.client, new Map([["m/s", "queue"]]), true);
    await streams.deliver("m/s queue", batch(1n, 0, 10));
    feeds.follow(streams.client, new Map([["m/s", slow]]), false);
    feeds.follow(streams.client, new Map([["m/s", fast]]), false);
    await streams.deliver("m/s minmax", batch(1n, 12, 2));
    await streams.deliver("m/s queue", batch(1n, 10, 2));
    assert.deepEqual([check.samples, check.missed, losses.total], [14, 0, 0]);
    feeds.follow(null, new Map(), false);
    assert.equal(streams.open.size, 0);
  });

  it("see a new life of the producer while one form takes over from the other", async () => {
    const { feeds, streams, losses } = setUp();
    const { check, recorder } = feeds.trace("m/s");
    const thinned = thinnedAt(100_000, ["speed"], false, null);
    assert.ok(thinned !== null);
    const restart: PageDelivery = { kind: "restart", channel: "m/s", epoch: 2n, previous: 1n };
    const early: PageDelivery = {
      kind: "lost",
      channel: "m/s",
      loss: { epoch: 2n, from: 0, to: 4, count: 5, reason: "disconnected" },
    };
    feeds.follow(streams.client, new Map([["m/s", "queue"]]), true);
    await streams.deliver("m/s queue", batch(1n, 0, 10));
    feeds.follow(streams.client, new Map([["m/s", thinned]]), false);
    await streams.deliver("m/s minmax", restart, early, batch(2n, 5, 2));
    await streams.deliver("m/s queue", restart, early, batch(2n, 5, 2));
    await streams.deliver("m/s minmax", batch(2n, 7, 1));
    assert.deepEqual([check.restarts, check.samples, losses.total], [1, 13, 5]);
    assert.deepEqual(
      recorder.marks.map(({ kind }) => kind),
      ["restart", "lost"],
    );
  });

  it("tell the beginning of a new life that the old form cannot show", async () => {
    const { feeds, streams, losses } = setUp();
    const { check, recorder } = feeds.trace("m/s");
    const thinned = thinnedAt(100_000, ["speed"], false, null);
    assert.ok(thinned !== null);
    feeds.follow(streams.client, new Map([["m/s", thinned]]), true);
    await streams.deliver("m/s minmax", batch(1n, 0, 10), { kind: "end", channel: "m/s", reason: "disconnected" });
    feeds.follow(streams.client, new Map([["m/s", "queue"]]), false);
    await streams.deliver("m/s queue", batch(2n, 20, 5));
    await new Promise((resolve) => setTimeout(resolve, 0));
    await streams.deliver("m/s queue", batch(2n, 25, 5));
    assert.deepEqual([...streams.open], ["m/s queue"]);
    assert.deepEqual([check.restarts, check.samples, check.missed, check.next], [1, 20, 0, 30]);
    assert.deepEqual(losses.lines.value, [{ channel: "m/s", reason: "disconnected", count: 20 }]);
    assert.deepEqual(
      recorder.marks.map(({ kind }) => kind),
      ["end", "restart", "lost"],
    );
  });

  it("ask a new connection again for what the old one refused", async () => {
    const { feeds, streams } = setUp();
    const other = new Streams();
    streams.refused.add("a");
    feeds.follow(streams.client, new Map([["a", "queue"]]), true);
    await settled();
    feeds.follow(other.client, new Map([["a", "queue"]]), false);
    assert.deepEqual([...other.open], ["a queue"]);
  });

  it("thin only what is fast, and go on with it until it is slow", () => {
    assert.equal(thinnedAt(1000, ["a"], false, null), null);
    const thinned = thinnedAt(20_000, ["a"], false, null);
    assert.deepEqual(thinnedAt(5_000, ["a"], false, thinned), thinned);
    assert.equal(thinnedAt(3_000, ["a"], false, thinned), null);
  });

  it("know how long the samples of plotted channels take, and of no others", () => {
    const { feeds, streams } = setUp();
    const delays = { p50Ms: 1, p99Ms: 2 };
    const latency = {
      stamps: 9,
      total: delays,
      toBridge: delays,
      inBridge: delays,
      toClient: delays,
      uncertaintyMs: 0.1,
    };
    for (const name of ["a queue", "b minmax", "c latest"]) streams.latencies.set(name, latency);
    const thinned = thinnedAt(100_000, ["speed"], true, null);
    assert.ok(thinned !== null);
    const wanted = new Map<string, Wanted>([
      ["a", "queue"],
      ["b", thinned],
      ["c", "latest"],
      ["d", "queue"],
    ]);
    feeds.follow(streams.client, wanted, true);
    assert.deepEqual(
      ["a", "b", "c", "d", "e"].map((name) => feeds.latency(name)),
      [latency, latency, undefined, undefined, undefined],
    );
  });

  it("mark a producer's end and its new life, and count nothing across them", async () => {
    const { feeds, streams, losses } = setUp();
    const trace = feeds.trace("m/s");
    feeds.follow(streams.client, new Map([["m/s", "queue"]]), true);
    await streams.deliver("m/s queue", batch(1n, 10, 4), { kind: "end", channel: "m/s", reason: "disconnected" });
    assert.equal(trace.isEnded, true);
    await streams.deliver("m/s queue", { kind: "restart", channel: "m/s", epoch: 2n, previous: 1n }, batch(2n, 3, 2));
    assert.equal(trace.isEnded, false);
    assert.equal(losses.total, 0);
    assert.deepEqual(
      trace.recorder.marks.map(({ kind }) => kind),
      ["end", "restart"],
    );
  });

  it("count no loss where only the newest samples are wanted", async () => {
    const { feeds, streams, losses } = setUp();
    feeds.follow(streams.client, new Map([["m/s", "latest"]]), true);
    await streams.deliver("m/s latest", batch(1n, 10, 1), batch(1n, 90, 1));
    assert.equal(losses.total, 0);
    assert.equal(feeds.trace("m/s").latest?.first, 90);
  });

  it("do not call missed what was published while nobody plotted it", async () => {
    const { feeds, streams, losses } = setUp();
    feeds.follow(streams.client, new Map([["m/s", "queue"]]), true);
    await streams.deliver("m/s queue", batch(1n, 10, 1));
    feeds.follow(streams.client, new Map(), false);
    feeds.follow(streams.client, new Map([["m/s", "queue"]]), false);
    await streams.deliver("m/s queue", batch(1n, 500, 1));
    assert.equal(losses.total, 0);
    assert.equal(feeds.trace("m/s").recorder.head - feeds.trace("m/s").recorder.start, 1);
  });
});

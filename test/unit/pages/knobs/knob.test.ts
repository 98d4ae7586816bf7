// SPDX-License-Identifier: MIT
// Knobs never lie: what they show is what the driver applied, or plainly marked as not answered yet.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { BridgeError, type ErrorCode } from "../../../../bridge/model/errors.ts";
import { History, MAX_STEPS } from "../../../../bridge/pages/parts/knobs/history.ts";
import { Knob } from "../../../../bridge/pages/parts/knobs/knob.ts";
import type { Applied, Json } from "../../../../bridge/session/messages.ts";

/** A driver whose answers and clock are turned by hand. */
class Bench {
  readonly sent: Readonly<Record<string, Json>>[] = [];
  readonly knob: Knob;
  nowMs = 0;
  #tasks: { readonly ms: number; readonly task: () => void }[] = [];
  #answer: { resolve: (applied: Applied) => void; reject: (error: Error) => void } | null = null;

  constructor(applied: Json) {
    this.knob = new Knob(applied, {
      set: (values) => {
        assert.equal(this.#answer, null, "a second set while one is on its way");
        this.sent.push(values);
        return new Promise((resolve, reject) => (this.#answer = { resolve, reject }));
      },
      later: (ms, task) => void this.#tasks.push({ ms, task }),
      now: () => this.nowMs,
    });
  }

  /** Lets all that waits for time happen. */
  tick(): void {
    for (const { task } of this.#tasks.splice(0)) task();
  }

  /** Lets what need not wait happen. */
  turn(): void {
    const now = this.#tasks.filter(({ ms }) => ms === 0);
    this.#tasks = this.#tasks.filter(({ ms }) => ms > 0);
    for (const { task } of now) task();
  }

  async applies(applied: Json, seq: number | null = 7): Promise<void> {
    const answer = this.#answer;
    this.#answer = null;
    answer?.resolve({ parameter: "motor/gains", applied, channel: "motor/state", epoch: "1", seq, time: 0 });
    await new Promise((resolve) => setImmediate(resolve));
  }

  async refuses(message: string, code: ErrorCode = "out_of_range"): Promise<void> {
    const answer = this.#answer;
    this.#answer = null;
    answer?.reject(new BridgeError(code, message));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("knob", () => {
  it("shows what the driver applied, not what was asked for", async () => {
    const bench = new Bench({ kp: 2, ki: 1 });
    const { knob } = bench;
    knob.edit("kp", 4.1);
    assert.equal(knob.state.value.drafts.get("kp"), 4.1);
    bench.tick();
    assert.deepEqual(bench.sent, [{ kp: 4.1 }]);
    await bench.applies({ kp: 4, ki: 1 });
    assert.deepEqual(knob.state.value.applied, { kp: 4, ki: 1 });
    assert.equal(knob.state.value.drafts.size, 0);
    assert.deepEqual(knob.state.value.receipt, { paths: ["kp"], channel: "motor/state", seq: 7 });
  });

  it("snaps back when refused, and says why", async () => {
    const bench = new Bench({ kp: 2 });
    const { knob } = bench;
    knob.edit("kp", 1000);
    bench.tick();
    await bench.refuses("kp is above 100");
    assert.equal(knob.state.value.drafts.size, 0);
    assert.deepEqual(knob.state.value.applied, { kp: 2 });
    assert.deepEqual(knob.state.value.refusal, { paths: ["kp"], code: "out_of_range", message: "kp is above 100" });
    knob.edit("kp", 3);
    assert.equal(knob.state.value.refusal, null);
  });

  it("has one set on its way while it is dragged, and ends with the last place", async () => {
    const bench = new Bench({ kp: 0 });
    const { knob } = bench;
    for (const place of [1, 2, 3]) knob.edit("kp", place);
    bench.tick();
    for (const place of [4, 5, 6]) knob.edit("kp", place);
    bench.tick();
    assert.deepEqual(bench.sent, [{ kp: 3 }]);
    await bench.applies({ kp: 3 });
    assert.equal(knob.state.value.drafts.get("kp"), 6, "the newer place is still only asked for");
    bench.tick();
    assert.deepEqual(bench.sent, [{ kp: 3 }, { kp: 6 }]);
    await bench.applies({ kp: 6 });
    assert.equal(knob.state.value.drafts.size, 0);
    bench.tick();
    assert.equal(bench.sent.length, 2);
  });

  it("sends the first change at once, and the next ones of a drag at a distance", async () => {
    const bench = new Bench({ kp: 0 });
    bench.knob.edit("kp", 1);
    bench.turn();
    assert.deepEqual(bench.sent, [{ kp: 1 }]);
    await bench.applies({ kp: 1 });
    bench.knob.edit("kp", 2);
    bench.turn();
    assert.equal(bench.sent.length, 1);
    bench.tick();
    bench.turn();
    assert.deepEqual(bench.sent, [{ kp: 1 }, { kp: 2 }]);
  });

  it("sends fields that were changed together in one set", () => {
    const bench = new Bench({ kp: 0, trim: [0, 0] });
    const { knob } = bench;
    knob.edit("kp", 1);
    knob.edit("trim[1]", 5);
    bench.tick();
    assert.deepEqual(bench.sent, [{ kp: 1, "trim[1]": 5 }]);
  });

  it("shows and marks what somebody else changed, but not the answer to its own set", async () => {
    const bench = new Bench({ kp: 0, ki: 0, trim: [1, 2] });
    const { knob } = bench;
    knob.changed({ kp: 0, ki: 9, trim: [1, 3] });
    assert.deepEqual([...knob.state.value.foreign], ["ki", "trim[1]"]);
    bench.tick();
    assert.equal(knob.state.value.foreign.size, 0, "the mark fades");
    knob.edit("kp", 4);
    bench.tick();
    knob.changed({ kp: 4, ki: 9, trim: [1, 3] });
    assert.equal(knob.state.value.foreign.size, 0);
    await bench.applies({ kp: 4, ki: 9, trim: [1, 3] });
  });

  it("shows a restarted driver's values and sends nothing to overwrite them", () => {
    const bench = new Bench({ kp: 4 });
    const { knob } = bench;
    knob.changed({ kp: 1 });
    bench.tick();
    assert.deepEqual(knob.state.value.applied, { kp: 1 });
    assert.deepEqual(bench.sent, []);
  });
});

describe("taking back what was changed", () => {
  it("sets what was before, and does it again", async () => {
    const bench = new Bench({ kp: 2, ki: 1 });
    const { knob } = bench;
    knob.edit("kp", 4);
    bench.tick();
    await bench.applies({ kp: 4, ki: 1 });
    assert.deepEqual(knob.state.value.undo, new Map([["kp", 2]]));
    assert.equal(knob.state.value.redo, null);
    bench.tick();
    knob.go("undo");
    bench.tick();
    assert.deepEqual(bench.sent.at(-1), { kp: 2 });
    await bench.applies({ kp: 2, ki: 1 });
    assert.equal(knob.state.value.undo, null);
    assert.deepEqual(knob.state.value.redo, new Map([["kp", 4]]));
    bench.tick();
    knob.go("redo");
    bench.tick();
    await bench.applies({ kp: 4, ki: 1 });
    assert.deepEqual(bench.sent, [{ kp: 4 }, { kp: 2 }, { kp: 4 }]);
    assert.deepEqual([knob.state.value.undo, knob.state.value.redo], [new Map([["kp", 2]]), null]);
  });

  it("takes back what others changed too, several fields at once", async () => {
    const bench = new Bench({ kp: 2, ki: 1, trim: [0, 0] });
    bench.knob.changed({ kp: 9, ki: 1, trim: [0, 5] });
    bench.knob.go("undo");
    bench.tick();
    assert.deepEqual(bench.sent, [{ kp: 2, "trim[1]": 0 }]);
    // The event may come before the answer.
    bench.knob.changed({ kp: 2, ki: 1, trim: [0, 0] });
    await bench.applies({ kp: 2, ki: 1, trim: [0, 0] });
    assert.equal(bench.knob.state.value.undo, null);
  });

  it("takes a drag back as a whole, and two changes one by one", async () => {
    const bench = new Bench({ kp: 0 });
    const { knob } = bench;
    const turn = async (kp: number, atMs: number): Promise<void> => {
      bench.nowMs = atMs;
      knob.edit("kp", kp);
      bench.tick();
      await bench.applies({ kp });
      bench.tick();
    };
    for (const [kp, atMs] of [
      [1, 0],
      [2, 60],
      [3, 120],
      [8, 5000],
    ] as const) {
      await turn(kp, atMs);
    }
    knob.go("undo");
    bench.tick();
    assert.deepEqual(bench.sent.at(-1), { kp: 3 });
    await bench.applies({ kp: 3 });
    bench.tick();
    knob.go("undo");
    bench.tick();
    assert.deepEqual(bench.sent.at(-1), { kp: 0 });
  });

  it("keeps what others changed meanwhile apart", async () => {
    const bench = new Bench({ kp: 2, ki: 1 });
    const { knob } = bench;
    knob.changed({ kp: 4, ki: 1 });
    knob.go("undo");
    bench.tick();
    knob.changed({ kp: 4, ki: 7 });
    await bench.applies({ kp: 2, ki: 7 });
    assert.deepEqual(knob.state.value.undo, new Map([["ki", 1]]));
    assert.deepEqual(knob.state.value.redo, new Map([["kp", 4]]));
  });

  it("forgets a step that the driver refuses, and keeps one whose driver is away", async () => {
    const bench = new Bench({ kp: 2 });
    const { knob } = bench;
    knob.changed({ kp: 4 });
    knob.go("undo");
    bench.tick();
    await bench.refuses("the driver is gone", "disconnected");
    assert.deepEqual(knob.state.value.undo, new Map([["kp", 2]]));
    bench.tick();
    knob.go("undo");
    bench.tick();
    await bench.refuses("kp is below 3");
    assert.equal(knob.state.value.undo, null);
    assert.equal(knob.state.value.refusal?.message, "kp is below 3");
  });

  it("has nothing to do without a change, and waits for the answer to one that is on its way", async () => {
    const bench = new Bench({ kp: 2 });
    const { knob } = bench;
    knob.go("undo");
    knob.go("redo");
    assert.equal(knob.state.value.drafts.size, 0);
    knob.changed({ kp: 4 });
    knob.edit("kp", 5);
    knob.go("undo");
    knob.go("undo");
    bench.tick();
    for (const kp of [5, 4, 2]) {
      assert.deepEqual(bench.sent.at(-1), { kp });
      await bench.applies({ kp });
      bench.tick();
      bench.tick();
    }
    assert.deepEqual(bench.sent, [{ kp: 5 }, { kp: 4 }, { kp: 2 }]);
    assert.equal(knob.state.value.undo, null);
  });

  it("keeps apart what the reader changed and what others did right after", async () => {
    const bench = new Bench({ kp: 2 });
    bench.knob.edit("kp", 5);
    bench.tick();
    // The event may come before the answer.
    bench.knob.changed({ kp: 5 });
    await bench.applies({ kp: 5 });
    bench.knob.changed({ kp: 9 });
    assert.deepEqual(bench.knob.state.value.undo, new Map([["kp", 5]]));
  });

  it("remembers a bounded number of steps", () => {
    const history = new History();
    for (let step = 0; step < 3 * MAX_STEPS; step++)
      history.note(["kp"], { kp: step }, { kp: step + 1 }, { isOwn: true, atMs: step * 10_000 });
    let count = 0;
    while (history.take("undo") !== undefined) count++;
    assert.equal(count, MAX_STEPS);
  });
});

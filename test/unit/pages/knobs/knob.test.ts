// SPDX-License-Identifier: MIT
// Knobs never lie: what they show is what the driver applied, or plainly marked as not answered yet.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { BridgeError } from "../../../../bridge/model/errors.ts";
import { Knob } from "../../../../bridge/pages/parts/knobs/knob.ts";
import type { Applied, Json } from "../../../../bridge/session/messages.ts";

/** A driver whose answers and clock are turned by hand. */
class Bench {
  readonly sent: Readonly<Record<string, Json>>[] = [];
  readonly knob: Knob;
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

  async refuses(message: string): Promise<void> {
    const answer = this.#answer;
    this.#answer = null;
    answer?.reject(new BridgeError("out_of_range", message));
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

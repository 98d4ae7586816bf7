// SPDX-License-Identifier: MIT
// The knobs of all parameters, and what the plots hear of them.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Knobs } from "../../../../bridge/pages/parts/knobs/knobs.ts";
import type { SetNote } from "../../../../bridge/pages/parts/knobs/set-note.ts";
import type { Json, ParameterEntry } from "../../../../bridge/session/messages.ts";

const entry = (value: Json): ParameterEntry => ({
  parameter: "motor/gains",
  driver: "motor",
  channel: "motor/state",
  schema: 1,
  type: "t",
  value,
  fields: [],
});

describe("knobs", () => {
  it("note every set that took effect, with what was changed and since when", () => {
    const notes: SetNote[] = [];
    const knobs = new Knobs(
      () => null,
      (note) => notes.push(note),
    );
    knobs.update([entry({ kp: 1, ki: 2 })]);
    const set = { channel: "motor/state", epoch: "1", seq: 5, time: 1000.5 };
    knobs.changed({ parameter: "motor/gains", value: { kp: 4, ki: 2 }, set });
    assert.deepEqual(notes, [{ channel: "motor/state", atMs: 1000.5, text: "kp 4" }]);
    knobs.changed({ parameter: "motor/gains", value: { kp: 4, ki: 2 }, set });
    assert.equal(notes.length, 1, "nothing was changed");
    knobs.changed({ parameter: "motor/gains", value: { kp: 5, ki: 6 }, set: null });
    assert.equal(notes.length, 1, "the driver changed it by itself, at a time that nobody knows");
    assert.deepEqual(knobs.knob(entry({})).state.value.applied, { kp: 5, ki: 6 });
  });

  it("are kept when their driver comes back, with the values that it has now", () => {
    const knobs = new Knobs(() => null);
    const knob = knobs.knob(entry({ kp: 9 }));
    knobs.update([entry({ kp: 1 })]);
    assert.equal(knobs.knob(entry({ kp: 1 })), knob);
    assert.deepEqual(knob.state.value.applied, { kp: 1 });
  });

  it("refuse a set without a connection, and snap back", async () => {
    const knobs = new Knobs(() => null);
    const knob = knobs.knob(entry({ kp: 1 }));
    const refused = new Promise<string>((resolve) => {
      knob.state.subscribe(({ refusal }) => {
        if (refusal !== null) resolve(refusal.code);
      });
    });
    knob.edit("kp", 2);
    assert.equal(await refused, "disconnected");
    assert.equal(knob.state.value.drafts.size, 0);
  });
});

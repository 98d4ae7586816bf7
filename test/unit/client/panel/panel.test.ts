// SPDX-License-Identifier: MIT
// A panel is drawn seldom enough, always with the newest, and shows nothing that a text could do.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Panel } from "../../../../bridge/client/panel/panel.ts";
import { panelHtml, type PanelView } from "../../../../bridge/client/panel/panel-html.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

const VIEW: PanelView = { title: "motor", state: "running", tone: "good", facts: [], lines: [], earlier: 0 };

describe("a panel", () => {
  const rig = (): {
    clock: ManualClock;
    drawn: string[];
    say: (state: string) => void;
    panel: Panel;
    ended: () => number;
  } => {
    const clock = new ManualClock();
    const drawn: string[] = [];
    let state = "first";
    let ends = 0;
    const panel = new Panel({
      timers: clock,
      draw: (html) => drawn.push(/>([a-z0-9]+)<\/span>/.exec(html)?.[1] ?? html),
      view: () => ({ ...VIEW, state }),
      ended: () => {
        ends++;
      },
    });
    const say = (next: string): void => {
      state = next;
      panel.changed();
    };
    return { clock, drawn, say, panel, ended: () => ends };
  };

  it("is drawn at once, then at most five times a second, always with the newest", () => {
    const { clock, drawn, say } = rig();
    assert.deepEqual(drawn, ["first"]);
    for (let i = 0; i < 100; i++) {
      say(`state${String(i)}`);
      clock.advance(10);
    }
    assert.deepEqual(drawn.length, 6);
    say("last");
    clock.advance(200);
    assert.equal(drawn.at(-1), "last");
    clock.advance(1000);
    say("later");
    assert.equal(drawn.at(-1), "later");
  });

  it("is not drawn again when it would look the same", () => {
    const { clock, drawn, panel } = rig();
    clock.advance(1000);
    panel.changed();
    clock.advance(1000);
    assert.deepEqual(drawn, ["first"]);
  });

  it("is left as it was last once it is closed", async () => {
    const { clock, drawn, say, panel, ended } = rig();
    say("last");
    panel.close();
    panel.close();
    await panel.closed;
    say("later");
    clock.advance(1000);
    assert.deepEqual([drawn, ended(), clock.waiting], [["first", "last"], 1, 0]);
  });
});

describe("how a panel looks", () => {
  it("has its lines with their level and time, and nothing that they could do", () => {
    const html = panelHtml({
      ...VIEW,
      title: "<motor>",
      facts: ["pid 7"],
      lines: [{ text: "<script>alert(1)</script>" }, { text: "too hot", level: "warn", timeMs: Date.UTC(2026, 0, 1) }],
      earlier: 3,
    });
    assert.equal(html.includes("<script"), false);
    assert.equal(html.includes("<motor"), false);
    assert.match(html, /pid 7/);
    assert.match(html, /… 3 earlier lines/);
    assert.match(html, /\d\d:\d\d:00.*>warn<.*too hot/);
  });

  it("cuts lines that do not end, and says when nothing was written", () => {
    const html = panelHtml({ ...VIEW, lines: [{ text: "x".repeat(1_000_000) }] });
    assert.ok(html.length < 2000);
    assert.match(panelHtml(VIEW), /nothing written yet/);
  });
});

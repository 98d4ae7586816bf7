// SPDX-License-Identifier: MIT
// The kernel's side of a plot with a real bridge and driver: the picture that a saved notebook keeps, what is drawn where no browser comes, and what is left afterwards.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "mocha";
import { connect } from "../../bridge/index.ts";
import type { PlotHandle, PlotView, Client } from "../../bridge/index.ts";
import { ROOT } from "../../scripts/tools/paths.ts";
import { type BridgeProgram, startBridgeProgram } from "../support/bridge-program.ts";
import { type DriverProgram, RuntimeFolder, startDriver } from "../support/driver-program.ts";
import { Pad } from "../support/pad.ts";

const PICTURES = join(ROOT, "build", "pictures");
const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47];

describe("the pictures of a plot in a kernel", function () {
  this.timeout(180_000);
  let runtime: RuntimeFolder;
  let driver: DriverProgram;
  let bridge: BridgeProgram;
  let client: Client;
  let pad: Pad;

  before(async () => {
    mkdirSync(PICTURES, { recursive: true });
    runtime = new RuntimeFolder();
    driver = await startDriver(runtime, "motor");
    bridge = await startBridgeProgram(runtime);
    client = await connect({ url: bridge.link });
    await client.channel("motor/state").latest({ timeoutMs: 60_000 });
  });

  beforeEach(() => {
    pad = new Pad();
    client.attach(pad);
  });

  after(async () => {
    await client.close();
    await bridge.stop();
    await driver.stop();
    runtime.remove();
  });

  const motor = (view: PlotView, fields: readonly string[]): Promise<PlotHandle> =>
    client.plot("motor/state", fields, { view, windowMs: 4000, title: `motor, ${view}` });

  for (const [view, fields, seen] of [
    ["lines", ["angle", "reference", "speed"], ["[rad]", "[rad/s]", "time before the newest sample [s]"]],
    ["bars", ["angle", "speed"], ["angle", "speed"]],
    ["xy", ["angle", "speed"], ["angle [rad]", "speed [rad/s]"]],
    ["spectrum", ["angle"], ["frequency [Hz]", "amplitude"]],
  ] as const) {
    it(`show the view ${view}, with its fields and units`, async () => {
      const plot = await motor(view, fields);
      await client.channel("motor/state").take(2000);
      const shot = await plot.snapshot();
      await plot.close();
      writeFileSync(join(PICTURES, `still-${view}.png`), shot.png);
      writeFileSync(join(PICTURES, `still-${view}.svg`), shot.svg);
      assert.deepEqual([...shot.png.subarray(0, 4)], PNG_SIGNATURE);
      assert.ok(shot.svg.includes(`motor, ${view}`));
      for (const text of seen) assert.ok(shot.svg.includes(`>${text}`) || shot.svg.includes(text), text);
      assert.match(String(shot), /^a picture of motor, \w+ \(PNG of \d+ bytes\)$/);
    });
  }

  it("come into the cell by themselves, and the last one when the plot is closed", async () => {
    const plot = await motor("lines", ["angle"]);
    await pad.picture(1, 1);
    const before = pad.pictures(1).length;
    await plot.close();
    assert.ok(pad.pictures(1).length > before);
    assert.ok(pad.pages(0).at(-1)?.includes(`"isClosed":true`));
  });

  it("move while no browser opens the output, and the kernel is told when one does", async () => {
    const plot = await motor("lines", ["angle"]);
    await pad.picture(1, 8);
    const ticket = /"ticket":"([^"]+)"/.exec(pad.pages(0).at(-1) ?? "")?.[1] ?? "";
    const browser = await connect({ url: bridge.url, token: ticket });
    assert.equal(await sessionsOf(client, ticket), 1);
    await browser.close();
    await plot.close();
  });

  it("show what was when the plot was paused", async () => {
    const plot = await motor("lines", ["angle"]);
    await client.channel("motor/state").take(500);
    plot.pause();
    const first = await plot.snapshot();
    await client.channel("motor/state").take(500);
    const second = await plot.snapshot();
    assert.equal(second.svg, first.svg);
    plot.resume();
    await client.channel("motor/state").take(500);
    assert.notEqual((await plot.snapshot()).svg, first.svg);
    await plot.close();
  });

  it("are drawn of JSON, an object's keys as bars", async () => {
    await client.publish("tally", { counts: { "3": 2, "7": 5 } });
    const plot = await client.plot("tally", "counts", { view: "bars" });
    let { svg } = await plot.snapshot();
    // A picture that is asked for does not wait for ever for the first sample.
    while (svg.includes("no samples yet")) ({ svg } = await plot.snapshot());
    assert.ok(svg.includes(">3<") && svg.includes(">7<"), svg);
    await plot.close();
  });

  it("leave no subscription and nothing followed behind when the plot is closed", async () => {
    const plots = [await motor("lines", ["angle"]), await motor("bars", ["speed"]), await motor("spectrum", ["angle"])];
    await plots[0]?.add("current");
    await Promise.all(plots.map((plot) => plot.snapshot()));
    await Promise.all(plots.map((plot) => plot.close()));
    const left = async (): Promise<number[][]> => {
      const { sessions } = (await client.status()) as { sessions: { subscriptions: number; streams: number }[] };
      return sessions.map(({ subscriptions, streams }) => [subscriptions, streams]);
    };
    let sessions = await left();
    // The bridge hears of the end of another program's session when it hears of it.
    while (sessions.length > 1) sessions = await left();
    assert.deepEqual(sessions, [[0, 0]]);
  });
});

async function sessionsOf(client: Client, ticket: string): Promise<number> {
  return new Promise((resolve) => {
    const stop = client.watchTicket(ticket, (sessions) => {
      stop();
      resolve(sessions);
    });
  });
}

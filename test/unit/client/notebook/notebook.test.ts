// SPDX-License-Identifier: MIT
// What a cell of a notebook is given to show: one piece of HTML, with a ticket and never the token.
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { describe, it } from "mocha";
import { type CellSpec, outputHtml, type PlotSpec } from "../../../../bridge/client/notebook/output.ts";
import type { Directory } from "../../../../bridge/session/messages.ts";
import type { PlotHandle } from "../../../../bridge/client/notebook/plot-handle.ts";
import { Pad } from "../../../support/pad.ts";
import { type Peer, TOKEN } from "../../../support/scripted-bridge.ts";
import { withClient } from "../../../support/scripted-client.ts";

const DIRECTORY: Directory = {
  drivers: [],
  channels: [
    {
      ...{
        channel: "rig/reading",
        kind: "struct",
        driver: "rig",
        publishers: 0,
        stream: 1,
        schema: 1,
        type: "reading",
      },
      ...{ contentType: null, rate: 0, published: 0 },
      fields: [
        { name: "value", type: "f64", unit: "V" },
        { name: "label", type: "text" },
      ],
    },
  ],
  parameters: [
    { parameter: "rig/gains", driver: "rig", channel: "rig/reading", schema: 2, type: "gains", value: {}, fields: [] },
  ],
  services: [],
  streams: [],
};

/** What an output hands to the module of the bridge. */
function specOf(html: string): CellSpec {
  const [, , , , given] = JSON.parse(/ = (\[.*\]);$/m.exec(html)?.[1] ?? "") as unknown[];
  return (given as [string, CellSpec])[1];
}

/** The client asks once more for what is missing: its driver may be just coming. */
async function stillMissing(peer: Peer): Promise<void> {
  await peer.answer("list", DIRECTORY);
  const { id } = await peer.expect("schema");
  peer.refuse(id, "unknown_driver");
  await peer.answer("list", DIRECTORY);
}

describe("a plot in a notebook", () => {
  it("takes its place at once, asks for a ticket of its channel only, then shows it", () =>
    withClient(async ({ peer, client }) => {
      const pad = new Pad();
      client.attach(pad);
      const done = client.driver("rig").plot("reading", "value", { title: "Volts", windowMs: 2000 });
      assert.equal(pad.size, 2, "before anything is awaited");
      await peer.answer("list", DIRECTORY);
      const { channels, parameters } = await peer.answer("ticket", { ticket: "t1.abc", expires: 1 });
      assert.deepEqual([channels, parameters], [["rig/reading"], undefined]);
      await done;
      const html = pad.pages(0).at(-1) ?? "";
      assert.ok(html.includes("t1.abc"));
      assert.ok(html.includes('"fields":["value"]') && html.includes('"windowMs":2000'));
      assert.equal(html.includes(TOKEN), false);
    }));

  it("works with a notebook that can only append", () =>
    withClient(async ({ peer, client }) => {
      const shown: string[] = [];
      client.attach({ display: { html: (html) => void shown.push(html) } });
      const done = client.driver("rig").plot("reading", ["value"]);
      await peer.answer("list", DIRECTORY);
      await peer.answer("ticket", { ticket: "t1.abc", expires: 1 });
      await done;
      assert.equal(shown.length, 1);
    }));

  it("is refused for what is not there to plot, with what is", () =>
    withClient(async ({ peer, client }) => {
      client.attach(new Pad());
      const refused = async (channel: string, field: string, code: string, message: RegExp): Promise<void> => {
        const plot = client.plot(channel, ["value", field]);
        await peer.answer("list", DIRECTORY);
        if (code === "unknown_channel") await stillMissing(peer);
        await assert.rejects(plot, { code, message });
      };
      await refused("rig/reading", "valeu", "unknown_field", /has no field "valeu" to plot; there are: value$/);
      await refused("rig/reading", "label", "invalid_argument", /"label" of .* is text .*; there are: value$/);
      await refused(
        "rig/readings",
        "value",
        "unknown_channel",
        /no channel "rig\/readings" to plot; there are: rig\/reading$/,
      );
    }));

  it("is refused for a look that cannot be", () =>
    withClient(async ({ client }) => {
      client.attach(new Pad());
      const message = /windowMs must be a number of at least 10, not -1/;
      await assert.rejects(client.plot("rig/reading", "value", { windowMs: -1 }), {
        code: "invalid_argument",
        message,
      });
      await assert.rejects(client.plot("rig/reading", "value", { view: "xy" }), { message: /two fields or more/ });
    }));

  it("is refused without a notebook to draw in", () =>
    withClient(async ({ client }) => {
      await assert.rejects(client.driver("rig").plot("reading", "value"), {
        code: "invalid_argument",
        message: /client\.attach/,
      });
    }));
});

describe("a plot that is drawn", () => {
  const drawn = async (use: (parts: { pad: Pad; plot: PlotHandle; peer: Peer }) => Promise<void>): Promise<void> =>
    withClient(async ({ peer, client }) => {
      const pad = new Pad();
      client.attach(pad);
      const done = client.driver("rig").plot("reading", "value");
      await peer.answer("list", DIRECTORY);
      await peer.answer("ticket", { ticket: "t1.abc", expires: 1 });
      const plot = await done;
      await peer.answer("follow", { sessions: 0 });
      await peer.answer("subscribe", { subscription: 1 });
      await use({ pad, plot, peer });
    });
  const newest = (pad: Pad): PlotSpec => specOf(pad.pages(0).at(-1) ?? "") as PlotSpec;

  it("is shown anew in its place, under its name, when it is paused or its window changes", () =>
    drawn(({ pad, plot }) => {
      plot.pause();
      plot.window(2000);
      const { id, isPaused, windowMs, ticket } = newest(pad);
      assert.deepEqual([id, isPaused, windowMs, ticket], [plot.id, true, 2000, "t1.abc"]);
      plot.resume();
      assert.equal(newest(pad).isPaused, false);
      assert.throws(() => {
        plot.window(Number.NaN);
      }, /windowMs must be a number/);
      return Promise.resolve();
    }));

  it("takes further fields in, of another channel with a ticket that names both", () =>
    drawn(async ({ pad, plot, peer }) => {
      const other = { ...DIRECTORY.channels[0]!, channel: "rig/other" };
      const added = plot.add("value", { channel: "rig/other" });
      await peer.answer("list", { ...DIRECTORY, channels: [...DIRECTORY.channels, other] });
      await peer.answer("subscribe", { subscription: 2 });
      const { channels } = await peer.answer("ticket", { ticket: "t1.def", expires: 1 });
      await added;
      for (const followed of ["t1.abc", "t1.def"]) {
        assert.equal((await peer.answer("follow", { sessions: 0 }))["ticket"], followed);
      }
      assert.deepEqual(channels, ["rig/reading", "rig/other"]);
      const { series, ticket } = newest(pad);
      assert.deepEqual(series, [
        { channel: "rig/reading", fields: ["value"] },
        { channel: "rig/other", fields: ["value"] },
      ]);
      assert.equal(ticket, "t1.def");
      const wrong = plot.add("valeu");
      await peer.answer("list", DIRECTORY);
      await assert.rejects(wrong, { code: "unknown_field" });
      assert.deepEqual(newest(pad).series, series);
    }));

  it("is closed once, tells its output so, and cannot be changed then", () =>
    drawn(async ({ pad, plot }) => {
      await plot.close();
      await plot.close();
      assert.equal(plot.closed, true);
      assert.equal(newest(pad).isClosed, true);
      assert.throws(() => {
        plot.pause();
      }, /was closed/);
      await assert.rejects(plot.add("value"), { code: "closed" });
    }));

  it("is printed as one line", () =>
    drawn(async ({ plot }) => {
      assert.equal(inspect(plot), "plot of rig/reading: value (lines)");
      await plot.close();
      assert.equal(inspect(plot), "plot of rig/reading: value (lines, closed)");
    }));
});

describe("knobs in a notebook", () => {
  it("get a ticket for their parameter and the channel that it governs", () =>
    withClient(async ({ peer, client }) => {
      client.attach(new Pad());
      const done = client.driver("rig").knobs("gains");
      await peer.answer("list", DIRECTORY);
      const { channels, parameters } = await peer.answer("ticket", { ticket: "t1.abc", expires: 1 });
      assert.deepEqual([channels, parameters], [["rig/reading"], ["rig/gains"]]);
      await done;
      const unknown = client.driver("rig").knobs("gain");
      await peer.answer("list", DIRECTORY);
      await stillMissing(peer);
      await assert.rejects(unknown, { code: "unknown_parameter" });
    }));
});

describe("the HTML of an output", () => {
  const evil = `</script><img src=x onerror=alert(1)>\u2028"'`;
  const access = { id: "a", url: "http://127.0.0.1:8720", ticket: evil };
  const spec = { kind: "knobs", ...access, title: evil, parameter: "a/b" } as const;
  const html = outputHtml(spec, evil);

  it("lets no text end its script or become markup", () => {
    assert.equal(html.match(/<\/script>/g)?.length, 1);
    assert.equal(html.includes("<img"), false);
    assert.equal(html.includes("\u2028"), html.split("<script>")[0]?.includes("\u2028"));
  });

  it("hands the texts over as they are", () => {
    const code = /<script>([\s\S]*)<\/script>/.exec(html)?.[1] ?? "";
    const literal = / = (\[.*\]);$/m.exec(code)?.[1] ?? "";
    const [direct, proxied, places, , given] = JSON.parse(literal) as unknown[];
    assert.deepEqual([direct, proxied], ["http://127.0.0.1:8720/cell.mjs", "proxy/8720/cell.mjs"]);
    const [place, handed] = given as unknown[];
    assert.equal(places, `[data-structwire="${String(place)}"]`);
    assert.deepEqual(handed, spec);
  });

  it("has a place of its own each time", () => {
    assert.notEqual(outputHtml(spec, "x"), outputHtml(spec, "x"));
  });
});

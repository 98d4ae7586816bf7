// SPDX-License-Identifier: MIT
// What a cell of a notebook is given to show: one piece of HTML, with a ticket and never the token.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { outputHtml } from "../../../../bridge/client/notebook/output.ts";
import type { Notebook } from "../../../../bridge/client/notebook/notebook.ts";
import type { Directory } from "../../../../bridge/session/messages.ts";
import { TOKEN } from "../../../support/scripted-bridge.ts";
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

/** A notebook that keeps what its displays show, newest last. */
class Pad implements Notebook {
  readonly displays: string[][] = [];
  readonly display = {
    html: (html: string): void => {
      this.newDisplay().html(html);
    },
  };

  newDisplay(): { html(html: string): void } {
    const shown: string[] = [];
    this.displays.push(shown);
    return { html: (html) => void shown.push(html) };
  }
}

describe("a plot in a notebook", () => {
  it("takes its place at once, asks for a ticket of its channel only, then shows it", () =>
    withClient(async ({ peer, client }) => {
      const pad = new Pad();
      client.attach(pad);
      const done = client.driver("rig").plot("reading", "value", { title: "Volts", windowMs: 2000 });
      assert.equal(pad.displays.length, 1, "before anything is awaited");
      await peer.answer("list", DIRECTORY);
      const { channels, parameters } = await peer.answer("ticket", { ticket: "t1.abc", expires: 1 });
      assert.deepEqual([channels, parameters], [["rig/reading"], undefined]);
      await done;
      const html = pad.displays[0]?.at(-1) ?? "";
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
      const wrongField = client.driver("rig").plot("reading", ["value", "label"]);
      await peer.answer("list", DIRECTORY);
      await assert.rejects(wrongField, { code: "unknown_field", message: /"label".*it has value$/ });
      const wrongChannel = client.driver("rig").plot("readings", ["value"]);
      await peer.answer("list", DIRECTORY);
      await assert.rejects(wrongChannel, { code: "unknown_channel" });
    }));

  it("is refused without a notebook to draw in", () =>
    withClient(async ({ client }) => {
      await assert.rejects(client.driver("rig").plot("reading", "value"), {
        code: "invalid_argument",
        message: /client\.attach/,
      });
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

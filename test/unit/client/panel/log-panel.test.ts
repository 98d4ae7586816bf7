// SPDX-License-Identifier: MIT
// The log of a driver as it stands in a cell of a notebook.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Client } from "../../../../bridge/client/client.ts";
import { showLogs, type LogPanelOptions } from "../../../../bridge/client/panel/log-panel.ts";
import type { Panel } from "../../../../bridge/client/panel/panel.ts";
import type { Directory, DriverEntry, LogEvent } from "../../../../bridge/session/messages.ts";
import { ManualClock } from "../../../support/manual-clock.ts";
import type { Peer } from "../../../support/scripted-bridge.ts";
import { arrived, withClient } from "../../../support/scripted-client.ts";

const RIG: DriverEntry = { driver: "rig", state: "up", address: "/run/rig.sock", epoch: "11", pid: 42 };
const DIRECTORY: Directory = { drivers: [RIG], channels: [], parameters: [], services: [], streams: [] };

function line(text: string, level: LogEvent["level"] = "info", driver = "rig"): LogEvent {
  return { op: "log", driver, level, time: 1_763_635_200_000, text };
}

interface Shown {
  readonly peer: Peer;
  readonly client: Client;
  readonly panel: Panel;
  /** What the panel shows once all that was sent before has come, without tags. */
  readonly text: () => Promise<string>;
}

function withPanel(options: LogPanelOptions, run: (shown: Shown) => Promise<void>): Promise<void> {
  return withClient(async ({ peer, client }) => {
    const clock = new ManualClock();
    let html = "";
    const place = {
      html: (next: string): void => {
        html = next;
      },
      png: () => undefined,
    };
    const showing = showLogs(client, "rig", { ...options, place, timers: clock });
    await peer.answer("logs", {});
    await peer.answer("watch", DIRECTORY);
    const text = async (): Promise<string> => {
      await arrived(peer, client);
      clock.advance(1000);
      return html.replace(/<[^>]*>|&ensp;/g, " ").replace(/\s+/g, " ");
    };
    await run({ peer, client, panel: await showing, text });
  });
}

describe("a driver's log in a cell", () => {
  it("shows how the driver stands and its lines, those of others and the least grave ones left out", () =>
    withPanel({}, async ({ peer, text }) => {
      assert.match(await text(), /rig up.*pid 42.*nothing written yet/);
      peer.send(line("too hot", "warn"));
      peer.send(line("quiet", "debug"));
      peer.send(line("not mine", "error", "other"));
      peer.send(line("cold again"));
      const shown = await text();
      assert.match(shown, /warn too hot.*info cold again/);
      assert.doesNotMatch(shown, /quiet|not mine/);
      const { address, epoch } = RIG;
      peer.send({
        op: "directory",
        added: [],
        changed: [{ driver: "rig", state: "down", address, epoch, pid: null }],
        removed: [],
      });
      assert.match(await text(), /rig down/);
    }));

  it("keeps the last lines and counts those before", () =>
    withPanel({ lines: 2, level: "debug" }, async ({ peer, text }) => {
      for (let i = 0; i < 5; i++) peer.send(line(`line ${String(i)}`, "debug"));
      assert.match(await text(), /… 3 earlier lines.*line 3.*line 4/);
    }));

  it("has the lines that an earlier panel was told already", () =>
    withPanel({}, async ({ peer, client, text }) => {
      peer.send(line("told before"));
      await text();
      let html = "";
      const place = {
        html: (next: string): void => {
          html = next;
        },
        png: () => undefined,
      };
      const clock = new ManualClock();
      const showing = showLogs(client, "rig", { place, timers: clock });
      await peer.answer("logs", {});
      await peer.answer("watch", DIRECTORY);
      await showing;
      clock.advance(1000);
      assert.match(html, /told before/);
    }));

  it("ends with the client, and leaves no listener", () =>
    withPanel({}, async ({ peer, client, panel, text }) => {
      peer.send(line("last words"));
      assert.match(await text(), /last words/);
      await client.close();
      await panel.closed;
    }));
});

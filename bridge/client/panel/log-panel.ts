// SPDX-License-Identifier: MIT
// A driver's log in a cell: how the driver stands, and the last lines of its own log, whoever started it.
import type { LogEvent } from "../../session/messages.ts";
import type { Client } from "../client.ts";
import type { Place } from "../notebook/notebook.ts";
import type { Timers } from "../streams/timers.ts";
import { DEFAULT_PANEL_LINES, MAX_PANEL_LINES, Panel } from "./panel.ts";
import type { PanelLevel, PanelView } from "./panel-html.ts";

/** What a panel of a log shows. */
export interface LogPanelOptions {
  readonly title?: string;
  /** How many lines (default 12). */
  readonly lines?: number;
  /** The least grave ones that are shown (default `info`). */
  readonly level?: PanelLevel;
}

const LEVELS: readonly PanelLevel[] = ["debug", "info", "warn", "error"];

/** What the panel needs of its client. */
export type LogPanelClient = Pick<Client, "on" | "logs" | "watch" | "directory" | "state">;

/** Draws the panel and keeps it fresh until it or the client is closed. Resolves once the bridge has told the latest lines; rejects as `logs()` does. */
export async function showLogs(
  client: LogPanelClient,
  driver: string,
  { timers, place, ...options }: LogPanelOptions & { readonly timers: Timers; readonly place: Place },
): Promise<Panel> {
  const count = Math.min(options.lines ?? DEFAULT_PANEL_LINES, MAX_PANEL_LINES);
  const least = LEVELS.indexOf(options.level ?? "info");
  const isWanted = (event: LogEvent): boolean => event.driver === driver && LEVELS.indexOf(event.level) >= least;
  let events: LogEvent[] = [];
  let earlier = 0;
  const add = (more: readonly LogEvent[]): void => {
    const all = [...more];
    earlier += Math.max(0, all.length - count);
    events = all.slice(-count);
  };
  const view = (): PanelView => ({
    title: options.title ?? driver,
    ...standing(client, driver),
    lines: events.map(({ text, level, time }) => ({ text, level, timeMs: time })),
    earlier,
  });
  const stops = [
    client.on("log", (event) => {
      if (!isWanted(event)) return;
      add([...events, event]);
      panel.changed();
    }),
    client.on("directory", () => {
      panel.changed();
    }),
    client.on("state", ({ state }) => {
      if (state === "closed") panel.close();
      else panel.changed();
    }),
  ];
  const panel = new Panel({
    timers,
    view,
    draw: (html) => {
      place.html(html);
    },
    ended: () => {
      for (const stop of stops) stop();
    },
  });
  try {
    const [known] = await Promise.all([client.logs(), client.watch()]);
    const seen = new Set(events);
    add([...known.filter((event) => isWanted(event) && !seen.has(event)), ...events]);
    panel.changed();
    return panel;
  } catch (error) {
    panel.close();
    throw error;
  }
}

/** How a driver stands, as far as this client knows. */
function standing(client: LogPanelClient, driver: string): Pick<PanelView, "state" | "tone" | "facts"> {
  if (client.state !== "open") return { state: "no connection to the bridge", tone: "bad", facts: [] };
  const entry = client.directory.drivers.find((each) => each.driver === driver);
  if (entry === undefined) return { state: "not there", tone: "idle", facts: [] };
  const facts = entry.pid === null ? [] : [`pid ${String(entry.pid)}`];
  if (entry.state === "up") return { state: "up", tone: "good", facts };
  const why = entry.error === undefined ? [] : [entry.error.message];
  return { state: entry.state, tone: entry.state === "down" ? "idle" : "bad", facts: [...facts, ...why] };
}

// SPDX-License-Identifier: MIT
// How a panel looks: what something is called, how it stands, and the last lines that it wrote. HTML without a script, readable on light and dark and where nothing is trusted.
import { escaped } from "../notebook/output.ts";
import { counted } from "../../model/counted.ts";

/** How grave a line is. */
export type PanelLevel = "debug" | "info" | "warn" | "error";

/** One line of a log. */
export interface PanelLine {
  readonly text: string;
  readonly level?: PanelLevel | undefined;
  /** ms since 1970 UTC. */
  readonly timeMs?: number | undefined;
}

/** What a panel shows. */
export interface PanelView {
  readonly title: string;
  /** How it stands, in a word or two. */
  readonly state: string;
  readonly tone: "good" | "bad" | "idle";
  /** What else is to be known: its pid, since when. */
  readonly facts: readonly string[];
  /** The last ones, the newest at the end. */
  readonly lines: readonly PanelLine[];
  /** How many there were before them. */
  readonly earlier: number;
}

/** Longer lines are cut: a program may write megabytes without an end of line. */
const MAX_LINE_CHARS = 500;

// White on each of these has a contrast above 4.5, whatever is around it.
const TONES = { good: "#1b7a43", bad: "#b3261e", idle: "#5f6b7a" };
const LEVELS = { debug: "#5f6b7a", info: "#2456a6", warn: "#8a5a00", error: "#b3261e" };
/** Behind the line itself, so that it is found at a glance. */
const TINTS = {
  debug: "",
  info: "",
  warn: "background:rgba(214,150,20,.13);",
  error: "background:rgba(200,50,40,.15);",
};

const FRAME =
  "border:1px solid rgba(128,128,128,.4);border-radius:6px;overflow:hidden;font:13px/1.5 system-ui,sans-serif";
const HEAD = "padding:4px 10px;border-bottom:1px solid rgba(128,128,128,.25)";
const LOG = "padding:4px 0;font:12px/1.5 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere";
const QUIET = "opacity:.72";

/** The whole panel. */
export function panelHtml({ title, state, tone, facts, lines, earlier }: PanelView): string {
  const head = [`<b>${escaped(title)}</b>`, badge(state, TONES[tone]), ...facts.map((fact) => quiet(fact))].join(
    "&ensp;",
  );
  const before = earlier > 0 ? [row("", quiet(`… ${counted(earlier, "earlier line")}`))] : [];
  const body = lines.length === 0 ? [row("", quiet("nothing written yet"))] : lines.map(lineHtml);
  return `<div style="${FRAME}"><div style="${HEAD}">${head}</div><div style="${LOG}">${[...before, ...body].join("")}</div></div>`;
}

function lineHtml({ text, level, timeMs }: PanelLine): string {
  const cut = text.length > MAX_LINE_CHARS ? `${text.slice(0, MAX_LINE_CHARS)}…` : text;
  const time = timeMs === undefined ? "" : `${quiet(clockTime(timeMs))} `;
  const mark = level === undefined ? "" : `${badge(level, LEVELS[level])} `;
  return row(level === undefined ? "" : TINTS[level], time + mark + escaped(cut));
}

function row(style: string, html: string): string {
  return `<div style="padding:0 10px;${style}">${html}</div>`;
}

function badge(text: string, color: string): string {
  return `<span style="background:${color};color:#fff;border-radius:3px;padding:0 5px">${escaped(text)}</span>`;
}

function quiet(text: string): string {
  return `<span style="${QUIET}">${escaped(text)}</span>`;
}

/** The time of day where the kernel is: `14:03:05`. */
export function clockTime(timeMs: number): string {
  const time = new Date(timeMs);
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((each) => String(each).padStart(2, "0")).join(":");
}

// SPDX-License-Identifier: MIT
// The bridge's state for people: units, bounds beside what they bound, losses in words. What a bridge of another version does not say is `-`.
import { accountText, lostOf, type Losses } from "../client/account.ts";
import { LOSS_REASONS } from "../model/values.ts";
import type { Json } from "../session/messages.ts";
import type { Output } from "./output.ts";
import { formatRate, formatValue, table } from "./text.ts";

type Styled = Pick<Output, "style" | "fit">;

/** A column: its title, and the cell of an entry. */
type Column = readonly [title: string, cell: (entry: Json) => string];

const DRIVER: readonly Column[] = [
  ["DRIVER", (driver) => word(driver, "driver")],
  ["STATE", (driver) => word(driver, "state")],
  ["LATENCY P50", (driver) => msText(numberAt(driver, "latency", "p50Ms"))],
  ["P99", (driver) => msText(numberAt(driver, "latency", "p99Ms"))],
  ["MOST", (driver) => msText(numberAt(driver, "latency", "maxMs"))],
  ["RECEIVED", (driver) => word(driver, "received")],
  [
    "REQUESTS",
    (driver) => bounded(numberAt(driver, "link", "pending"), numberAt(driver, "link", "pendingLimit"), String),
  ],
  ["SAMPLES", (driver) => samplesText(numberAt(driver, "received"), at(driver, "lost"))],
];

const CHANNEL: readonly Column[] = [
  ["CHANNEL", (channel) => word(channel, "channel")],
  ["RATE", (channel) => formatRate(numberAt(channel, "rate") ?? 0)],
  ["PUBLISHED", (channel) => word(channel, "published")],
  ["RECEIVED", (channel) => word(channel, "received")],
  ["SAMPLES", (channel) => samplesText(numberAt(channel, "received"), at(channel, "lost"))],
];

const SESSION: readonly Column[] = [
  ["SESSION", (session) => word(session, "session")],
  ["CLIENT", (session) => word(session, "client")],
  ["STREAMS", (session) => word(session, "streams")],
  ["SENT", (session) => word(session, "sent", "samples")],
  [
    "QUEUE",
    (session) =>
      bounded(numberAt(session, "sent", "queuedBytes"), numberAt(session, "sent", "queueLimitBytes"), bytesText),
  ],
  [
    "ON ITS WAY",
    (session) =>
      bounded(numberAt(session, "sent", "onWayBytes"), numberAt(session, "sent", "onWayLimitBytes"), bytesText),
  ],
  ["SAMPLES", (session) => samplesText(numberAt(session, "sent", "samples"), at(session, "lost"))],
];

const GATEWAY: readonly Column[] = [
  ["GATEWAY", (gateway) => word(gateway, "gateway")],
  ["ADDRESS", (gateway) => plain(at(gateway, "url"))],
  ["CLIENTS", (gateway) => word(gateway, "peers")],
  ["REFUSED", (gateway) => word(gateway, "refused")],
  ["DROPPED", (gateway) => word(gateway, "dropped")],
  ["OPEN", (gateway) => listAt(gateway, "open").map(plain).join(" ")],
];

const UPSTREAM: readonly Column[] = [
  ["UPSTREAM", (upstream) => word(upstream, "upstream")],
  ["ADDRESS", (upstream) => word(upstream, "address")],
  ["STATE", (upstream) => word(upstream, "state")],
  ["BRIDGE", (upstream) => word(upstream, "bridge", "name")],
  ["CHANNELS", (upstream) => word(upstream, "channels")],
  ["READ", (upstream) => word(upstream, "reading")],
];

/** The lines: the bridge itself, then a table each of its drivers, channels, sessions, upstreams and gateways. Losses are those since the bridge started, or since the session began. */
export function statusLines(status: Json, output: Styled): string[] {
  const lists = [
    section(DRIVER, listAt(status, "drivers"), output),
    section(CHANNEL, listAt(status, "channels"), output),
    section(SESSION, listAt(status, "sessions"), output),
    section(UPSTREAM, listAt(status, "upstreams"), output),
    section(GATEWAY, listAt(status, "gateways"), output),
  ];
  const faults = [...listAt(status, "drivers"), ...listAt(status, "upstreams")].flatMap((link) => {
    const message = at(link, "error", "message");
    const name = at(link, "driver") === undefined ? word(link, "upstream") : word(link, "driver");
    return typeof message === "string" ? [output.style("yellow", `${name}: ${message}`)] : [];
  });
  return [
    ...bridgeLines(status, output),
    ...lists.filter(({ length }) => length > 0).flatMap((lines) => ["", ...lines]),
    ...(faults.length === 0 ? [] : ["", ...faults]),
  ];
}

function bridgeLines(status: Json, output: Styled): string[] {
  const text = (...path: readonly string[]): string => word(status, ...path);
  const number = (...path: readonly string[]): number | undefined => numberAt(status, ...path);
  const ms = (...path: readonly string[]): string => msText(number(...path));
  const bytes = (kind: string): string => bytesText(number("memory", kind));
  const [userMs, systemMs] = [number("cpu", "userMs"), number("cpu", "systemMs")];
  const share = shareText(userMs, systemMs, number("uptimeMs"));
  const sent = number("samples", "delivered");
  const rows = [
    [
      "bridge",
      `${text("name")}, version ${text("version")}, process ${text("pid")}, up for ${secondsText(number("uptimeMs"))}`,
    ],
    ["cpu", `${share} of a core (${secondsText(userMs)} user, ${secondsText(systemMs)} system)`],
    ["memory", `${bytes("rssBytes")} resident, ${bytes("heapBytes")} heap, ${bytes("externalBytes")} buffers`],
    ["loop", `late by p50 ${ms("loop", "p50Ms")}, p99 ${ms("loop", "p99Ms")}, at most ${ms("loop", "maxMs")}`],
    ["decoder", text("codec")],
    ["sessions", `${text("counts", "sessions")} now, ${text("counts", "sessionsSinceStart")} since the start`],
    [
      "samples",
      `${text("samples", "delivered")} sent to sessions: ${samplesText(sent, at(status, "samples", "lost"))}`,
    ],
  ];
  return table(rows).map((line) => marked(line, output));
}

function section(columns: readonly Column[], entries: readonly Json[], output: Styled): string[] {
  if (entries.length === 0) return [];
  const cells = entries.map((entry) => columns.map(([, cell]) => cell(entry)));
  const [head = "", ...rows] = table([columns.map(([title]) => title), ...cells]);
  return [output.style("bold", output.fit(head)), ...rows.map((line) => marked(line, output))];
}

/** A loss stands out and is never cut off. */
function marked(line: string, output: Styled): string {
  return / lost \d+ of \d+: /.test(line) ? output.style("yellow", line) : output.fit(line);
}

function at(value: Json, ...path: readonly string[]): Json | undefined {
  let found: Json | undefined = value;
  for (const name of path) {
    if (typeof found !== "object" || found === null || Array.isArray(found)) return undefined;
    found = (found as { readonly [key: string]: Json })[name];
  }
  return found;
}

function numberAt(value: Json, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === "number" ? found : undefined;
}

function listAt(value: Json, name: string): readonly Json[] {
  const found = at(value, name);
  return Array.isArray(found) ? (found as readonly Json[]) : [];
}

function word(value: Json, ...path: readonly string[]): string {
  const found = at(value, ...path);
  return found === undefined || found === null ? "-" : formatValue(found);
}

/** An address or a pattern, which no quotes shall make unfit for copying. */
function plain(value: Json | undefined): string {
  return typeof value === "string" ? value : "-";
}

/** `complete`, or how many of how many samples are lost and where; `arrived` are those that are not. */
function samplesText(arrived: number | undefined, lost: Json | undefined): string {
  if (arrived === undefined || !isLosses(lost)) return "-";
  return accountText({ due: arrived + lostOf(lost), lost });
}

function isLosses(value: Json | undefined): value is Losses & { readonly [key: string]: Json } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(
    ([reason, count]) => (LOSS_REASONS as readonly string[]).includes(reason) && typeof count === "number",
  );
}

function bounded(value: number | undefined, limit: number | undefined, text: (value: number) => string): string {
  if (value === undefined) return "-";
  return limit === undefined ? text(value) : `${text(value)} of ${text(limit)}`;
}

function msText(ms: number | undefined): string {
  if (ms === undefined) return "-";
  return ms < 10 ? `${ms.toFixed(2)} ms` : `${ms.toFixed(0)} ms`;
}

function secondsText(ms: number | undefined): string {
  if (ms === undefined) return "-";
  const s = ms / 1000;
  if (s < 120) return `${s.toFixed(1)} s`;
  return s < 7200 ? `${(s / 60).toFixed(0)} min` : `${(s / 3600).toFixed(1)} h`;
}

function shareText(userMs: number | undefined, systemMs: number | undefined, uptimeMs: number | undefined): string {
  if (userMs === undefined || systemMs === undefined || uptimeMs === undefined || uptimeMs <= 0) return "-";
  return `${(((userMs + systemMs) / uptimeMs) * 100).toFixed(1)} %`;
}

const BYTE_UNITS = ["B", "KiB", "MiB", "GiB"] as const;

function bytesText(bytes: number | undefined): string {
  if (bytes === undefined) return "-";
  const step = bytes < 1024 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${String(Number((bytes / 1024 ** step).toFixed(1)))} ${BYTE_UNITS[step] ?? ""}`;
}

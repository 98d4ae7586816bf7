// SPDX-License-Identifier: MIT
// One pair of axes of a picture with what is drawn between them, as SVG.
import { tickText, ticksOf } from "./ticks.ts";

/** A line: points in the units of the axes. */
export interface Stroke {
  readonly label: string;
  readonly color: string;
  /** Drawn as steps: the value holds until the next one. */
  readonly isStepped: boolean;
  readonly xs: ArrayLike<number>;
  readonly ys: ArrayLike<number>;
  /** 1 where the line is not joined to the point before. */
  readonly breaks: ArrayLike<number>;
  readonly length: number;
}

/** One column of a bar chart. */
export interface Bar {
  readonly label: string;
  readonly color: string;
  readonly value: number;
}

/** A stretch of the x axis in which something is missing, or with no width a moment. */
export interface Band {
  readonly from: number;
  readonly to: number;
}

/** What one pair of axes shows. */
export interface Panel {
  /** When empty, the axis has no numbers either: it is that of the panel below. */
  readonly xTitle: string;
  readonly yTitle: string;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  /** Names in place of the numbers of the y axis. */
  readonly yLabels: ReadonlyMap<number, string> | null;
  readonly strokes: readonly Stroke[];
  /** In place of an x axis with numbers. */
  readonly bars: readonly Bar[];
  readonly bands: readonly Band[];
}

/** Where it stands in the picture, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const INK = "#1f2933";
const FAINT = "#616e7c";
const GRID = "#e1e5ea";
const GAP = "#b42318";
const MAX_LABEL_LENGTH = 24;

/** The SVG of a panel. */
export function panelSvg(panel: Panel, box: Box): string {
  const { left, top, width, height } = box;
  const right = left + width;
  const bottom = top + height;
  const toX = (x: number): number => left + ((x - panel.x[0]) / (panel.x[1] - panel.x[0])) * width;
  const toY = (y: number): number => bottom - ((y - panel.y[0]) / (panel.y[1] - panel.y[0])) * height;
  const clip = `clip-${String(Math.round(top))}`;
  return [
    `<clipPath id="${clip}">${rect(left, top, width, height)}/></clipPath>`,
    ...bandsSvg(panel, box, toX),
    ...yTicks(panel, height).map(
      ([at, name]) =>
        `${line(left, toY(at), right, toY(at))}${text(left - 6, toY(at) + 4, name, `text-anchor="end" fill="${FAINT}"`)}`,
    ),
    ...(panel.bars.length > 0 ? barsSvg(panel.bars, box, toY) : xTicksSvg(panel, box, toX)),
    `<g clip-path="url(#${clip})">${panel.strokes.map((stroke) => strokeSvg(stroke, toX, toY)).join("")}</g>`,
    `${rect(left, top, width, height)} fill="none" stroke="${GRID}"/>`,
    text(left + width / 2, bottom + 32, panel.xTitle, `text-anchor="middle" fill="${FAINT}"`),
    `<text transform="translate(14 ${px(top + height / 2)}) rotate(-90)" text-anchor="middle" fill="${FAINT}">${escapeXml(panel.yTitle)}</text>`,
  ].join("\n");
}

/** A text of a picture. */
export function text(x: number, y: number, content: string, attributes = `fill="${INK}"`): string {
  return `<text x="${px(x)}" y="${px(y)}" ${attributes}>${escapeXml(content)}</text>`;
}

/** With control characters and lone surrogates, which no XML may have, left out. */
function escapeXml(content: string): string {
  return content
    .slice(0, 500)
    .replace(/[^\x20-\uD7FF\uE000-\uFFFD]/g, "")
    .replace(/[&<>"]/g, (character) => `&#${String(character.charCodeAt(0))};`);
}

function yTicks({ y, yLabels }: Panel, height: number): (readonly [number, string])[] {
  if (yLabels === null) return ticksOf(y[0], y[1], height / 40).map((at) => [at, tickText(at)]);
  return [...yLabels].filter(([at]) => at >= y[0] && at <= y[1]).map(([at, name]) => [at, name.slice(0, 12)]);
}

function xTicksSvg({ x, xTitle }: Panel, { top, width, height }: Box, toX: (x: number) => number): string[] {
  return ticksOf(x[0], x[1], width / 80).map((at) => {
    const name =
      xTitle === "" ? "" : text(toX(at), top + height + 16, tickText(at), `text-anchor="middle" fill="${FAINT}"`);
    return `${line(toX(at), top, toX(at), top + height)}${name}`;
  });
}

function bandsSvg({ bands }: Panel, { left, top, width, height }: Box, toX: (x: number) => number): string[] {
  return bands.flatMap(({ from, to }) => {
    const start = Math.max(left, toX(from));
    const end = Math.min(left + width, toX(to));
    if (!(end >= start)) return [];
    return [`${rect(start, top, Math.max(1, end - start), height)} fill="${GAP}" opacity="0.16"/>`];
  });
}

function barsSvg(bars: readonly Bar[], { left, top, width, height }: Box, toY: (y: number) => number): string[] {
  const each = width / bars.length;
  const zero = toY(0);
  return bars.map(({ label, color, value }, index) => {
    const x = left + index * each;
    const y = toY(value);
    const column = `${rect(x + each * 0.12, Math.min(y, zero), each * 0.76, Math.abs(zero - y))} fill="${color}"/>`;
    const room = Math.max(1, Math.floor(each / 7));
    const name = label.length > room ? `${label.slice(0, Math.min(room, MAX_LABEL_LENGTH) - 1)}…` : label;
    return `${column}${text(x + each / 2, top + height + 16, name, `text-anchor="middle" fill="${FAINT}"`)}`;
  });
}

function strokeSvg(stroke: Stroke, toX: (x: number) => number, toY: (y: number) => number): string {
  const { xs, ys, breaks, length, isStepped, color } = stroke;
  let path = "";
  for (let i = 0; i < length; i++) {
    const x = px(toX(xs[i] ?? NaN));
    const y = px(toY(ys[i] ?? NaN));
    const step = isStepped ? `H${x}V${y}` : `L${x} ${y}`;
    // A stroke of one point is a dot.
    const begin = breaks[i + 1] === 1 || i + 1 === length ? `M${x} ${y}h0.01` : `M${x} ${y}`;
    path += breaks[i] === 1 || i === 0 ? begin : step;
  }
  const pen = `fill="none" stroke="${color}" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round"`;
  return `<path d="${path}" ${pen}/>`;
}

function rect(x: number, y: number, width: number, height: number): string {
  return `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}"`;
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<path d="M${px(x1)} ${px(y1)}L${px(x2)} ${px(y2)}" stroke="${GRID}"/>`;
}

/** Far outside there is nothing to see, and a number that is none would end the whole path. */
function px(value: number): string {
  return Number.isFinite(value) ? String(Math.round(Math.max(-1e5, Math.min(1e5, value)) * 10) / 10) : "0";
}

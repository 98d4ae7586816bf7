// SPDX-License-Identifier: MIT
// Draws what is not there: bands where samples were lost or a producer was gone, lines where another life begins, with their words.
import { groupedText } from "../fields/number-text.ts";
import type { Mark } from "../../../client/trace/recorder.ts";
import type { Projection } from "./draw-line.ts";
import { type Colors, faded } from "./ink.ts";

/** Marks of one moment, of which `from` or `to` may be NaN: a driver that dies and comes back leaves an end, a loss and a restart in the same place. */
export interface Band {
  readonly from: number;
  readonly to: number;
  lost: number;
  isRestart: boolean;
  isEnd: boolean;
}

const LABEL_HEIGHT_PX = 16;
const LABEL_PAD_PX = 5;

/** Draws the bands of `marks`; an open one reaches to the right edge. */
export function drawMarks(canvas: CanvasRenderingContext2D, marks: readonly Mark[], ink: Colors, to: Projection): void {
  let free = -Infinity;
  for (const band of bandsOf(marks)) {
    const right = Number.isNaN(band.to) ? to.left + to.width : to.x(band.to);
    const left = Number.isNaN(band.from) ? right : to.x(band.from);
    if (right < to.left || left > to.left + to.width) continue;
    drawBand(canvas, band, left, right, ink, to);
    const text = wordsOf(band);
    const label = placeLabel(canvas, text, Math.max(left, to.left), right, ink, to);
    if (label.left < free) continue;
    drawLabel(canvas, text, label, colorOf(band, ink), ink, to);
    free = label.left + label.width + 4 * to.ratio;
  }
}

/** Marks of one moment together. */
export function bandsOf(marks: readonly Mark[]): Band[] {
  const bands: Band[] = [];
  for (const mark of marks) {
    const last = bands.at(-1);
    const same = last !== undefined && Object.is(last.from, mark.from) && Object.is(last.to, mark.to);
    const band = same ? last : { from: mark.from, to: mark.to, lost: 0, isRestart: false, isEnd: false };
    if (!same) bands.push(band);
    band.lost += mark.kind === "lost" ? mark.count : 0;
    band.isRestart ||= mark.kind === "restart";
    band.isEnd ||= mark.kind === "end";
  }
  return bands;
}

/** What to say about a band: how many samples are lost. */
export function wordsOf(band: Band): string {
  const words: string[] = [];
  if (band.lost > 0) words.push(`lost ${groupedText(band.lost)}`);
  if (band.isRestart) words.push("restarted");
  if (words.length === 0) words.push(band.isEnd ? "down" : "lost");
  return words.join(" · ");
}

function colorOf(band: Band, ink: Colors): string {
  if (band.lost > 0) return ink.warn;
  return band.isRestart ? ink.accent : ink.muted;
}

function drawBand(
  canvas: CanvasRenderingContext2D,
  band: Band,
  left: number,
  right: number,
  ink: Colors,
  to: Projection,
): void {
  const color = colorOf(band, ink);
  const width = Math.max(to.ratio, right - left);
  canvas.fillStyle = faded(color, 0.13);
  canvas.fillRect(left, to.top, width, to.height);
  canvas.strokeStyle = faded(color, 0.7);
  canvas.lineWidth = to.ratio;
  canvas.setLineDash([3 * to.ratio, 3 * to.ratio]);
  canvas.beginPath();
  for (const x of width > 4 * to.ratio ? [left, right] : [right]) {
    canvas.moveTo(Math.round(x), to.top);
    canvas.lineTo(Math.round(x), to.top + to.height);
  }
  canvas.stroke();
  canvas.setLineDash([]);
}

interface LabelPlace {
  readonly left: number;
  readonly width: number;
}

/** In the middle of its band when it fits, else beside it, always inside the plot. */
function placeLabel(
  canvas: CanvasRenderingContext2D,
  text: string,
  left: number,
  right: number,
  ink: Colors,
  to: Projection,
): LabelPlace {
  canvas.font = `500 ${String(11 * to.ratio)}px ${ink.font}`;
  const width = canvas.measureText(text).width + 2 * LABEL_PAD_PX * to.ratio;
  const edge = Math.min(right, to.left + to.width);
  const wanted = edge - left >= width ? (left + edge - width) / 2 : edge + 3 * to.ratio;
  return { left: Math.max(to.left, Math.min(wanted, to.left + to.width - width)), width };
}

function drawLabel(
  canvas: CanvasRenderingContext2D,
  text: string,
  place: LabelPlace,
  color: string,
  ink: Colors,
  to: Projection,
): void {
  const height = LABEL_HEIGHT_PX * to.ratio;
  const top = to.top + 4 * to.ratio;
  canvas.fillStyle = ink.surface;
  canvas.beginPath();
  canvas.roundRect(place.left, top, place.width, height, 3 * to.ratio);
  canvas.fill();
  canvas.fillStyle = faded(color, 0.16);
  canvas.fill();
  canvas.fillStyle = color;
  canvas.textAlign = "left";
  canvas.textBaseline = "middle";
  canvas.fillText(text, place.left + LABEL_PAD_PX * to.ratio, top + height / 2 + to.ratio * 0.5);
}

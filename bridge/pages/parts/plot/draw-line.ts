// SPDX-License-Identifier: MIT
// Strokes one thinned line onto the canvas, joined by straight lines or by steps, with dots where samples stand apart.
import type { Polyline } from "../../../client/trace/decimate.ts";

/** From values to canvas pixels. */
export interface Projection {
  x(timeMs: number): number;
  y(value: number): number;
  /** Canvas pixels per CSS pixel. */
  readonly ratio: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The points of a line that are in view. */
export interface Stroke {
  readonly line: Polyline;
  /** The first point in view. */
  readonly first: number;
  /** Samples that the points stand for. */
  readonly samples: number;
}

/** How a line is joined: `steps` holds a value until the next sample. */
export type Joint = "straight" | "steps";

const WIDTH_PX = 1.5;
/** Of lines with many points: where no GPU draws, a line of one pixel takes an eighth of the time of any wider one. */
const DENSE_WIDTH_PX = 1;
const DOT_RADIUS_PX = 2;
/** Dots appear when samples are at least this far apart on average. */
const DOT_SPACE_PX = 9;

export function drawLine(
  canvas: CanvasRenderingContext2D,
  thin: Stroke,
  color: string,
  joint: Joint,
  to: Projection,
): void {
  const { line } = thin;
  const isDense = (line.length - thin.first) * 2 > to.width;
  canvas.strokeStyle = color;
  canvas.lineWidth = (isDense ? DENSE_WIDTH_PX : WIDTH_PX) * to.ratio;
  canvas.lineJoin = "round";
  canvas.beginPath();
  let lastY = 0;
  for (let i = thin.first; i < line.length; i++) {
    const x = to.x(line.xs[i] ?? 0);
    const y = to.y(line.ys[i] ?? 0);
    if (line.breaks[i] === 1 || i === thin.first) canvas.moveTo(x, y);
    else {
      if (joint === "steps") canvas.lineTo(x, lastY);
      canvas.lineTo(x, y);
    }
    lastY = y;
  }
  canvas.stroke();
  if (thin.samples * DOT_SPACE_PX * to.ratio < to.width) drawDots(canvas, thin, color, to);
}

/** A dot on one sample, ringed so that it stands out of the line. */
export function drawDot(
  canvas: CanvasRenderingContext2D,
  x: number,
  y: number,
  color: string,
  ring: string,
  ratio: number,
): void {
  canvas.beginPath();
  canvas.arc(x, y, 4 * ratio, 0, 2 * Math.PI);
  canvas.fillStyle = color;
  canvas.strokeStyle = ring;
  canvas.lineWidth = 2 * ratio;
  canvas.fill();
  canvas.stroke();
}

function drawDots(canvas: CanvasRenderingContext2D, thin: Stroke, color: string, to: Projection): void {
  const { line } = thin;
  canvas.fillStyle = color;
  canvas.beginPath();
  for (let i = thin.first; i < line.length; i++) {
    const x = to.x(line.xs[i] ?? 0);
    const y = to.y(line.ys[i] ?? 0);
    canvas.moveTo(x, y);
    canvas.arc(x, y, DOT_RADIUS_PX * to.ratio, 0, 2 * Math.PI);
  }
  canvas.fill();
}

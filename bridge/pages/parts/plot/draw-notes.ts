// SPDX-License-Identifier: MIT
// Draws where a knob was turned: a fine line at the moment from which the new value holds, with the value below.
import type { Note } from "../../../client/trace/recorder.ts";
import type { Projection } from "./draw-line.ts";
import { faded, type Ink } from "./ink.ts";

const HEIGHT_PX = 16;
const PAD_PX = 5;

/** Newest first: where a knob was dragged, the last label is the one that can be read. */
export function drawNotes(canvas: CanvasRenderingContext2D, notes: readonly Note[], ink: Ink, to: Projection): void {
  canvas.font = `500 ${String(11 * to.ratio)}px ${ink.font}`;
  let free = Infinity;
  for (let i = notes.length - 1; i >= 0; i--) {
    const note = notes[i];
    if (note === undefined) break;
    const x = Math.round(to.x(note.atMs));
    if (x < to.left) break;
    if (x > to.left + to.width) continue;
    canvas.fillStyle = faded(ink.accent, 0.55);
    canvas.fillRect(x, to.top, to.ratio, to.height);
    const width = canvas.measureText(note.text).width + 2 * PAD_PX * to.ratio;
    const left = Math.min(x + 3 * to.ratio, to.left + to.width - width);
    if (left + width > free) continue;
    free = left - 4 * to.ratio;
    drawLabel(canvas, note.text, left, width, ink, to);
  }
}

function drawLabel(
  canvas: CanvasRenderingContext2D,
  text: string,
  left: number,
  width: number,
  ink: Ink,
  to: Projection,
): void {
  const height = HEIGHT_PX * to.ratio;
  const top = to.top + to.height - height - 2 * to.ratio;
  canvas.beginPath();
  canvas.roundRect(left, top, width, height, 3 * to.ratio);
  canvas.fillStyle = ink.surface;
  canvas.fill();
  canvas.fillStyle = faded(ink.accent, 0.14);
  canvas.fill();
  canvas.fillStyle = ink.accent;
  canvas.textAlign = "left";
  canvas.textBaseline = "middle";
  canvas.fillText(text, left + PAD_PX * to.ratio, top + height / 2 + to.ratio * 0.5);
}

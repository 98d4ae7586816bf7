// SPDX-License-Identifier: MIT
// A plot as a PNG: its title and legend over what the engine drew, on the colour that is behind it.
import type { LegendEntry } from "./legend.ts";
import type { CellInk } from "./ink.ts";

const HEADER_PX = 48;
const PAD_PX = 12;

/** What stands above the picture. */
export interface Caption {
  readonly title: string;
  readonly entries: readonly LegendEntry[];
}

/** Draws it in the pixels of the screen. */
export async function pictureOf(
  drawn: HTMLCanvasElement | HTMLImageElement,
  { title, entries }: Caption,
  ink: CellInk,
): Promise<Blob> {
  const ratio = devicePixelRatio;
  const whole = document.createElement("canvas");
  whole.width = drawn.width + 2 * PAD_PX * ratio;
  whole.height = drawn.height + (HEADER_PX + PAD_PX) * ratio;
  const canvas = whole.getContext("2d");
  if (canvas === null) throw new Error("this browser gives no canvas to draw the picture on");
  canvas.fillStyle = ink.surface;
  canvas.fillRect(0, 0, whole.width, whole.height);
  canvas.drawImage(drawn, PAD_PX * ratio, HEADER_PX * ratio);
  canvas.scale(ratio, ratio);
  canvas.textBaseline = "middle";
  canvas.fillStyle = ink.text;
  canvas.font = `600 14px ${ink.font}`;
  canvas.fillText(title, PAD_PX, 16);
  canvas.font = `12px ${ink.font}`;
  let left = PAD_PX;
  for (const { name, color, isHidden } of entries) {
    if (isHidden) continue;
    canvas.fillStyle = ink.line(color);
    canvas.fillRect(left, 31, 12, 4);
    canvas.fillStyle = ink.text;
    canvas.fillText(name, left + 17, 33);
    left += 17 + canvas.measureText(name).width + 16;
  }
  return new Promise((resolve, reject) => {
    whole.toBlob((blob) => {
      if (blob === null) reject(new Error("the picture is too large for this browser"));
      else resolve(blob);
    }, "image/png");
  });
}

/** Gives a file to the reader's downloads. */
export function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads it after the click.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 10_000);
}

// SPDX-License-Identifier: MIT
// A whole picture as SVG: title, legend and panels below each other, on white, so that it can be read wherever it is shown.
import { panelSvg, text, type Panel } from "./panel.ts";

/** What a picture shows. */
export interface Picture {
  readonly title: string;
  /** How it stands: "paused", "no samples yet". */
  readonly note: string;
  readonly heightPx: number;
  readonly panels: readonly Panel[];
}

export const WIDTH_PX = 800;
const LEFT_PX = 72;
const RIGHT_PX = 16;
const BOTTOM_PX = 40;
const GAP_PX = 14;
const HEAD_PX = 26;
const LEGEND_ROW_PX = 18;

/** Colours of lines on white, in their order. */
export const COLORS: readonly string[] = [
  ...["#1d5fd1", "#c2570c", "#0b7f5f", "#b01a68", "#6d3fd0", "#0e7490", "#527a0a", "#a61b1b"],
  ...["#e619e6", "#a587d2", "#0f0fa5", "#ff4b87", "#5a0069", "#5a4b3c", "#969669", "#b400ff"],
];

/** The text of an SVG file. */
export function pictureSvg(picture: Picture): string {
  const { title, note, panels } = picture;
  const legend = legendOf(panels);
  const top = HEAD_PX + legend.rows * LEGEND_ROW_PX;
  const isTimed = panels.length > 1;
  const inside = picture.heightPx - BOTTOM_PX;
  const each = (inside - GAP_PX * (panels.length - 1)) / Math.max(1, panels.length);
  const height = top + picture.heightPx;
  const body = panels.map((panel, index) => {
    const isLast = index === panels.length - 1;
    const shown = isTimed && !isLast ? { ...panel, xTitle: "" } : panel;
    const box = {
      left: LEFT_PX,
      top: top + index * (each + GAP_PX),
      width: WIDTH_PX - LEFT_PX - RIGHT_PX,
      height: each,
    };
    return panelSvg(shown, box);
  });
  const size = `width="${String(WIDTH_PX)}" height="${String(height)}" viewBox="0 0 ${String(WIDTH_PX)} ${String(height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="DejaVu Sans, system-ui, sans-serif" font-size="11">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    text(LEFT_PX, 17, title, `font-size="13" fill="#1f2933"`),
    text(WIDTH_PX - RIGHT_PX, 17, note, `text-anchor="end" fill="#616e7c"`),
    legend.svg,
    ...body,
    `</svg>`,
  ].join("\n");
}

function legendOf(panels: readonly Panel[]): { readonly svg: string; readonly rows: number } {
  const entries = panels.flatMap(({ strokes }) => strokes);
  if (entries.length < 2) return { svg: "", rows: 0 };
  const parts: string[] = [];
  let x = LEFT_PX;
  let row = 0;
  for (const { label, color } of entries) {
    const width = 30 + label.length * 7;
    if (x > LEFT_PX && x + width > WIDTH_PX - RIGHT_PX) {
      x = LEFT_PX;
      row += 1;
    }
    const y = HEAD_PX + row * LEGEND_ROW_PX + 8;
    parts.push(`<rect x="${String(x)}" y="${String(y - 4)}" width="14" height="4" rx="2" fill="${color}"/>`);
    parts.push(text(x + 18, y + 2, label));
    x += width;
  }
  return { svg: parts.join("\n"), rows: row + 1 };
}

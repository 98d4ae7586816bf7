// SPDX-License-Identifier: MIT
// The colours of lines: as many as a plot can tell apart, each told from every other and from what is behind it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { COLORS } from "../../../../bridge/client/notebook/picture/picture.ts";
import { DARK, LIGHT } from "../../../../bridge/pages/cell/theme.ts";
import { PALETTE_SIZE } from "../../../../bridge/pages/parts/plot/panel.ts";
import { ROOT } from "../../../../scripts/tools/paths.ts";

/** Of graphics, by the guidelines for accessible content. */
const LEAST_CONTRAST = 3;
/** In OKLab, in which equal distances look equal; black and white are 1 apart. */
const LEAST_DISTANCE = 0.08;

const css = readFileSync(join(ROOT, "bridge", "pages", "parts", "style", "tokens.css"), "utf8");

/** What the style sheet says of a colour: for light, for dark. */
function tokens(name: string): [string, string][] {
  const found = css.matchAll(new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`, "g"));
  return [...found].map(([, onLight = "", onDark = ""]) => [onLight, onDark]);
}

/** Red, green and blue as amounts of light. */
function light(color: string): [number, number, number] {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return [red, green, blue];
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [one, other]
    .map(light)
    .map(([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b)
    .sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function distance(one: string, other: string): number {
  const [a, b] = [one, other].map((color): [number, number, number] => {
    const [red, green, blue] = light(color);
    const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
    const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
    const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
    return [
      0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
      1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
    ];
  }) as [[number, number, number], [number, number, number]];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

const [surface = ["", ""]] = tokens("surface");
const series = tokens("series-\\d+");

const PALETTES: readonly [string, readonly string[], string][] = [
  ["pages in light", series.map(([color]) => color), surface[0]],
  ["pages in dark", series.map(([, color]) => color), surface[1]],
  ["cells in light", LIGHT.lines, LIGHT.surface],
  ["cells in dark", DARK.lines, DARK.surface],
  ["pictures", COLORS, "#ffffff"],
];

describe("the colours of lines", () => {
  for (const [where, colors, behind] of PALETTES) {
    it(`of ${where} are sixteen, told from each other and from what is behind them`, () => {
      assert.equal(colors.length, PALETTE_SIZE);
      for (const [at, color] of colors.entries()) {
        assert.ok(contrast(color, behind) >= LEAST_CONTRAST, `${color} on ${behind}`);
        for (const other of colors.slice(at + 1)) {
          assert.ok(distance(color, other) >= LEAST_DISTANCE, `${color} and ${other}`);
        }
      }
    });
  }
});

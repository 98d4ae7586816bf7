// SPDX-License-Identifier: MIT
// A still chart of columns, as SVG: lines over their index, with axes and a legend. For lessons; live plots are `driver.plot()`.

/** What to draw. */
export interface Chart {
  readonly title: string;
  /** What the axes are, with the unit. */
  readonly x: string;
  readonly y: string;
  /** At least one; their values stand one apart on the x axis. */
  readonly lines: readonly { readonly name: string; readonly values: ArrayLike<number> }[];
}

const [WIDTH, HEIGHT] = [720, 320];
const AREA = { left: 56, top: 36, right: 600, bottom: 276 };
const COLORS = ["#1d5fd1", "#c2570c", "#0b7f5f", "#b01a68", "#6d3fd0", "#0e7490", "#527a0a", "#a61b1b"];

/** The chart as an SVG document on a white ground, so that it is readable on any page. */
export function lineChart({ title, x, y, lines }: Chart): string {
  const values = lines.flatMap((line) => Array.from(line.values));
  const across = ticks(0, Math.max(1, ...lines.map((line) => line.values.length - 1)));
  const up = ticks(Math.min(...values), Math.max(...values));
  const xOf = scale(across, AREA.left, AREA.right);
  const yOf = scale(up, AREA.bottom, AREA.top);
  const parts = [
    text(AREA.left, 20, title, `font-weight="600"`),
    ...up.map((tick) => rule(AREA.left, yOf(tick), AREA.right, yOf(tick))),
    ...up.map((tick) => text(AREA.left - 8, yOf(tick) + 4, shown(tick), `text-anchor="end"`)),
    ...across.map((tick) => text(xOf(tick), AREA.bottom + 20, shown(tick), `text-anchor="middle"`)),
    text((AREA.left + AREA.right) / 2, HEIGHT - 6, x, `text-anchor="middle"`),
    text(0, 0, y, `text-anchor="middle" transform="translate(14 ${String((AREA.top + AREA.bottom) / 2)}) rotate(-90)"`),
    ...lines.flatMap((line, i) => {
      const color = COLORS[i % COLORS.length] ?? "#000";
      const points = Array.from(line.values, (value, at) => `${xOf(at).toFixed(1)},${yOf(value).toFixed(1)}`).join(" ");
      const row = AREA.top + 8 + 20 * i;
      return [
        `<polyline points="${points}" fill="none" stroke="${color}" stroke-width="1.8"/>`,
        `<line x1="612" y1="${String(row)}" x2="630" y2="${String(row)}" stroke="${color}" stroke-width="3"/>`,
        text(636, row + 4, line.name),
      ];
    }),
  ];
  const size = `width="${String(WIDTH)}" height="${String(HEIGHT)}" viewBox="0 0 ${String(WIDTH)} ${String(HEIGHT)}"`;
  const look = `font-family="system-ui, sans-serif" font-size="12" fill="#1f2933"`;
  const ground = `<rect width="100%" height="100%" fill="#fff"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${look} role="img">${ground}${parts.join("")}</svg>`;
}

/** Round numbers from the least to the greatest value, which may go a little beyond. */
function ticks(least: number, greatest: number): number[] {
  const rough = (greatest - least || 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (rough / power > 5 ? 10 : rough / power > 2 ? 5 : 2);
  const [first, last] = [Math.floor(least / step + 0.02), Math.ceil(greatest / step - 0.02)];
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

function scale(at: readonly number[], from: number, to: number): (value: number) => number {
  const [least, greatest] = [at[0] ?? 0, at[at.length - 1] ?? 1];
  return (value) => from + ((value - least) / (greatest - least || 1)) * (to - from);
}

function shown(tick: number): string {
  return String(Number(tick.toPrecision(6))).replace("-", "−");
}

function text(x: number, y: number, content: string, more = ""): string {
  const safe = content.replace(/[&<>]/g, (sign) => `&#${String(sign.charCodeAt(0))};`);
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${safe}</text>`;
}

function rule(x1: number, y1: number, x2: number, y2: number): string {
  const [a, b, c, d] = [x1, y1, x2, y2].map((value) => value.toFixed(1));
  return `<line x1="${String(a)}" y1="${String(b)}" x2="${String(c)}" y2="${String(d)}" stroke="#e1e5ea"/>`;
}

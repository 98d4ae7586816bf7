// SPDX-License-Identifier: MIT
// A small picture of a list of numbers.
import type { JSX } from "preact";

const WIDTH = 280;
const HEIGHT = 56;
const PAD = 3;

export function Spark({ values }: { readonly values: readonly number[] }): JSX.Element {
  const least = Math.min(...values);
  const span = Math.max(...values) - least || 1;
  // Least and greatest of each column, in their order: what a thin line can show of many values.
  const perColumn = Math.max(1, values.length / WIDTH);
  const points: string[] = [];
  for (let from = 0; from < values.length; from += perColumn) {
    const part = values.slice(Math.floor(from), Math.max(Math.floor(from) + 1, Math.floor(from + perColumn)));
    for (const value of part.length > 2 ? [Math.min(...part), Math.max(...part)] : part) {
      const x = (WIDTH * from) / Math.max(1, values.length - 1);
      points.push(`${x.toFixed(1)},${(HEIGHT - PAD - ((HEIGHT - 2 * PAD) * (value - least)) / span).toFixed(1)}`);
    }
  }
  return (
    <svg class="spark" viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`} preserveAspectRatio="none" aria-hidden="true">
      <polyline points={points.join(" ")} />
    </svg>
  );
}

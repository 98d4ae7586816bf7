// SPDX-License-Identifier: MIT
// The page's icons: strokes on a 16 by 16 grid, in the colour of the text.
import type { JSX } from "preact";

const PATHS = {
  chevron: "M6 4l4 4-4 4",
  plus: "M8 3.5v9M3.5 8h9",
  close: "M4.5 4.5l7 7M11.5 4.5l-7 7",
  pause: "M6 4v8M10 4v8",
  play: "M5.5 3.8v8.4l6.5-4.2z",
  check: "M3.5 8.5l3 3 6-7",
  alert: "M8 2.8l6 10.4H2zM8 6.8v3M8 11.6v.1",
  sun: "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6M8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9",
  moon: "M13 9.6A5.5 5.5 0 0 1 6.4 3a5.5 5.5 0 1 0 6.6 6.6z",
  screen: "M2.5 3.5h11v7.5h-11zM6 13.5h4",
  erase: "M2.5 12.5h11M4 9.5l5.5-5.5 3 3L8.5 11H5.5z",
  plug: "M6 2.5v3M10 2.5v3M4.5 5.5h7v2a3.5 3.5 0 0 1-7 0zM8 11v2.5",
  down: "M8 3.5v9M4.5 9l3.5 3.5L11.5 9",
  zoom: "M7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8M10 10l3 3M5.5 7h3",
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration only: what it means stands beside it or in the label of its button. */
export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

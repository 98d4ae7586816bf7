// SPDX-License-Identifier: MIT
// The colours of an output: notebooks have their own themes, so what counts is the colour that is really behind it.

/** Colours that go with a background. */
export interface Theme {
  readonly dark: boolean;
  /** What is behind. */
  readonly surface: string;
  readonly text: string;
  readonly faint: string;
  readonly grid: string;
  readonly warning: string;
  readonly lines: readonly string[];
}

/** On a light background. The lines: eight colours of their own, then eight that none of them is taken for. */
export const LIGHT: Theme = {
  dark: false,
  surface: "#ffffff",
  text: "#1f2933",
  faint: "#616e7c",
  grid: "#e1e5ea",
  warning: "#b42318",
  lines: [
    ...["#1d5fd1", "#c2570c", "#0b7f5f", "#b01a68", "#6d3fd0", "#0e7490", "#527a0a", "#a61b1b"],
    ...["#e619e6", "#a587d2", "#0f0fa5", "#ff4b87", "#5a0069", "#5a4b3c", "#969669", "#b400ff"],
  ],
};

/** On a dark background, likewise. */
export const DARK: Theme = {
  dark: true,
  surface: "#111111",
  text: "#e4e7eb",
  faint: "#9aa5b1",
  grid: "#3a434f",
  warning: "#ff9b8f",
  lines: [
    ...["#6ea8fe", "#f7a35c", "#4fd1a5", "#f27ab8", "#b39cff", "#4fc9e0", "#b3d96a", "#ff8080"],
    ...["#4f6e21", "#8f1fee", "#cc1430", "#0069b4", "#f000ff", "#00a500", "#968778", "#b90f9b"],
  ],
};

/** The theme for what is behind the element now. */
export function themeOf(element: HTMLElement): Theme {
  for (let at: HTMLElement | null = element; at !== null; at = at.parentElement) {
    const surface = getComputedStyle(at).backgroundColor;
    const light = luminance(surface);
    if (light !== null) return { ...(light < 0.4 ? DARK : LIGHT), surface };
  }
  return LIGHT;
}

/** Brightness from 0 to 1 of a computed colour; null when it lets through what is behind. */
function luminance(color: string): number | null {
  const [red = 0, green = 0, blue = 0, alpha = 1] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return alpha < 0.5 ? null : (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}

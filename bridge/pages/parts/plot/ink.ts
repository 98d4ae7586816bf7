// SPDX-License-Identifier: MIT
// The colours and fonts of the style sheet as a canvas takes them.
import { PALETTE_SIZE } from "./panel.ts";

const NAMES = ["text", "muted", "grid", "surface", "warn", "bad", "accent"] as const;

type InkName = (typeof NAMES)[number];

/** Colours, as a canvas takes them, and the font of the words on it. */
export interface Colors extends Readonly<Record<InkName, string>> {
  readonly font: string;
  /** The colour of the line of that number. */
  line(color: number): string;
}

/** Resolved colours; read again when light and dark change. */
export class Ink implements Colors {
  text = "";
  muted = "";
  grid = "";
  surface = "";
  warn = "";
  bad = "";
  accent = "";
  series: readonly string[] = [];
  readonly font: string;
  /** Rises with every change, so that a picture knows that it is old. */
  version = 0;

  constructor(font: string) {
    this.font = font;
  }

  /** Reads the custom properties `--NAME` and `--series-N` of the document. */
  refresh(): void {
    // Only a real property resolves light-dark(); a custom one is handed on as written.
    const probe = document.createElement("i");
    document.body.append(probe);
    const resolve = (name: string): string => {
      probe.style.color = `var(--${name})`;
      return getComputedStyle(probe).color;
    };
    for (const name of NAMES) this[name] = resolve(name);
    this.series = Array.from({ length: PALETTE_SIZE }, (_, index) => resolve(`series-${String(index)}`));
    probe.remove();
    this.version++;
  }

  line(color: number): string {
    return this.series[color % PALETTE_SIZE] ?? this.text;
  }
}

/** A colour with another opacity. */
export function faded(color: string, alpha: number): string {
  return `color-mix(in srgb, ${color} ${String(Math.round(alpha * 100))}%, transparent)`;
}

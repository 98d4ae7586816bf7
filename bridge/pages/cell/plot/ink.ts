// SPDX-License-Identifier: MIT
// The colours of an output as those who draw on a canvas ask for them.
import type { Colors } from "../../parts/plot/ink.ts";
import { type Theme, themeOf } from "../theme.ts";

/** Reads the theme behind an element when told to; computing it in each frame would cost more than drawing. */
export class CellInk implements Colors {
  readonly #element: HTMLElement;
  #theme: Theme;
  readonly font = "system-ui, sans-serif";

  constructor(element: HTMLElement) {
    this.#element = element;
    this.#theme = themeOf(element);
  }

  /** Looks again. Returns whether anything is another colour than before. */
  refresh(): boolean {
    const before = this.#theme;
    this.#theme = themeOf(this.#element);
    return before.dark !== this.#theme.dark || before.surface !== this.#theme.surface;
  }

  get theme(): Theme {
    return this.#theme;
  }

  get text(): string {
    return this.#theme.text;
  }

  get muted(): string {
    return this.#theme.faint;
  }

  get grid(): string {
    return this.#theme.grid;
  }

  get surface(): string {
    return this.#theme.surface;
  }

  get warn(): string {
    return this.#theme.warning;
  }

  get bad(): string {
    return this.#theme.warning;
  }

  get accent(): string {
    return this.line(0);
  }

  line(color: number): string {
    return this.#theme.lines[color % this.#theme.lines.length] ?? this.#theme.text;
  }
}

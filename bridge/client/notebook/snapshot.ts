// SPDX-License-Identifier: MIT
// A picture of a plot as it was at one moment, to keep.
import type { Place } from "./notebook.ts";
import { printAsText } from "./printed.ts";
import type { StillPicture } from "./still/still-port.ts";
import { counted } from "../../model/counted.ts";

/** A picture of a plot: the bytes of a PNG file, and the text of an SVG file. */
export class PlotSnapshot implements StillPicture {
  readonly png: Uint8Array;
  readonly svg: string;
  readonly #title: string;
  readonly #place: () => Place | undefined;

  constructor(picture: StillPicture, title: string, place: () => Place | undefined) {
    this.png = picture.png;
    this.svg = picture.svg;
    this.#title = title;
    this.#place = place;
    printAsText(this);
  }

  /** Shows it in the cell that runs now. */
  show(): void {
    this.#place()?.png(this.png);
  }

  toString(): string {
    return `a picture of ${this.#title} (PNG of ${counted(this.png.length, "byte")})`;
  }
}

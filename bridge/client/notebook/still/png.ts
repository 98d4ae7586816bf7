// SPDX-License-Identifier: MIT
// Makes the bytes of a PNG file of an SVG picture, in a thread of its own; what does it is loaded with the first picture.
import { fileURLToPath } from "node:url";
import { BridgeError } from "../../../model/errors.ts";

/** More pixels than CSS pixels, so that text is sharp on dense screens too. */
const ZOOM = 1.5;

const FONT = "dejavu-fonts-ttf/ttf/DejaVuSans.ttf";

/** Rejects with `unsupported` where the package that draws has no program for this machine. */
export async function pngOf(svg: string): Promise<Uint8Array> {
  const { renderAsync } = await import("@resvg/resvg-js").catch((cause: unknown) => {
    throw new BridgeError("unsupported", "pictures need the package @resvg/resvg-js, which does not work here", {
      cause,
    });
  });
  const font = fileURLToPath(import.meta.resolve(FONT));
  const image = await renderAsync(svg, {
    font: { fontFiles: [font], loadSystemFonts: false, defaultFontFamily: "DejaVu Sans" },
    fitTo: { mode: "zoom", value: ZOOM },
  });
  return image.asPng();
}

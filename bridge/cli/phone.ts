// SPDX-License-Identifier: MIT
// Shows the link for a phone, as a QR code and as text, and another one whenever it is asked for: each opens one session.
import { correction, generate } from "lean-qr";
import type { Bridge } from "../daemon/bridge.ts";
import type { Output } from "./output.ts";

/** A frame of so many light modules around the code, which readers need. */
const QUIET_MODULES = 2;

/** Black on white, whatever the terminal's own colours are. */
const BLACK_ON_WHITE = "\u001b[30;107m";
const OWN_COLORS = "\u001b[0m";

/** Two rows of modules in one line: by whether the upper and the lower one are dark. */
const HALVES: Readonly<Record<string, string>> = { "00": " ", "10": "▀", "01": "▄", "11": "█" };

/** What a QR code is drawn from. */
interface Modules {
  readonly size: number;
  get(x: number, y: number): boolean;
}

/** The lines of a QR code for a terminal; without `colors` light is what is written, as for light letters on a dark ground. */
export function qrLines(text: string, colors: boolean): string[] {
  const code: Modules = generate(text, { minCorrectionLevel: correction.L, maxCorrectionLevel: correction.M });
  const isDrawn = (x: number, y: number): boolean => code.get(x, y) === colors;
  const lines: string[] = [];
  for (let y = -QUIET_MODULES; y < code.size + QUIET_MODULES; y += 2) {
    let line = "";
    for (let x = -QUIET_MODULES; x < code.size + QUIET_MODULES; x++) {
      line += HALVES[`${isDrawn(x, y) ? "1" : "0"}${isDrawn(x, y + 1) ? "1" : "0"}`] ?? " ";
    }
    lines.push(colors ? BLACK_ON_WHITE + line + OWN_COLORS : line);
  }
  return lines;
}

/** Shows a link for a phone on standard error, and on a terminal another at each Enter. Returns what ends that. Does nothing where phones do not reach the bridge. */
export function tellPhone(bridge: Pick<Bridge, "phone" | "phoneLink">, output: Output, colors: boolean): () => void {
  const { phone } = bridge;
  if (phone === null) return () => undefined;
  const show = (): void => {
    const link = bridge.phoneLink();
    if (link === null) return;
    process.stderr.write(`\n${qrLines(link, colors).join("\n")}\n\n`);
    output.note(`for one phone, within 10 minutes: ${link}`);
  };
  show();
  output.note("the phone warns of the bridge's own certificate once: go on to the page (docs/phone.md)");
  if (phone.others.length > 0) {
    const others = phone.others.map((each) => `${each.address} (${each.interface})`).join(", ");
    output.note(`this machine has other addresses, where it does not listen for phones: ${others}`);
  }
  if (!process.stdin.isTTY) return () => undefined;
  output.note("press Enter for the link of another phone");
  process.stdin.on("data", show);
  return () => {
    process.stdin.off("data", show);
    process.stdin.pause();
  };
}

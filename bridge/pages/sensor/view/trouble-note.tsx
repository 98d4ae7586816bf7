// SPDX-License-Identifier: MIT
// Why there are no readings, and what to do about it.
import type { JSX } from "preact";
import type { Trouble } from "../device-sensors.ts";

const TROUBLES: Readonly<Record<Trouble, readonly [title: string, advice: string]>> = {
  insecure: [
    "This browser gives sensors to https pages only",
    "Start the bridge with “structwire serve --phone” (or --tls) and open the https link that it prints. A tunnel with https does as well.",
  ],
  denied: [
    "The sensors of this device were refused to this page",
    "Allow “motion and orientation” for this page in the browser’s settings, close the tab, and open the link anew.",
  ],
  missing: [
    "This device or browser has no orientation sensor",
    "Open the page on a phone or tablet, or simulate one here with the pointer.",
  ],
  silent: [
    "The orientation sensor of this device says nothing",
    "Computers often have the interface without a sensor behind it. Open the page on a phone, or simulate one here with the pointer.",
  ],
};

export function TroubleNote({ trouble }: { readonly trouble: Trouble }): JSX.Element {
  const [title, advice] = TROUBLES[trouble];
  return (
    <div class="card sensor-trouble" role="alert">
      <h2>{title}</h2>
      <p>{advice}</p>
    </div>
  );
}

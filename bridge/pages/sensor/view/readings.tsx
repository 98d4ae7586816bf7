// SPDX-License-Identifier: MIT
// The numbers as they are sent, how often, and what was not.
import type { JSX } from "preact";
import { countText, groupedText } from "../../parts/fields/number-text.ts";
import { LiveText } from "../../parts/view/live-text.tsx";
import type { Vector } from "../reading.ts";
import type { SensorPage } from "../sensor-page.ts";

interface Row {
  readonly name: string;
  readonly unit: string;
  readonly parts: readonly (readonly [name: string, read: () => string])[];
}

export function Readings({ page }: { readonly page: SensorPage }): JSX.Element {
  const isRunning = ["sensing", "simulating"].includes(page.activity.value.kind);
  const rows: readonly Row[] = [
    {
      name: "orientation",
      unit: "quaternion",
      parts: (["x", "y", "z", "w"] as const).map((part) => [
        part,
        () => (isRunning ? numberText(page.orientation[part], 3) : "–"),
      ]),
    },
    { name: "acceleration", unit: "m/s²", parts: vectorParts(() => page.motion.acceleration, 2) },
    { name: "rotation", unit: "°/s", parts: vectorParts(() => page.motion.rotation, 1) },
  ];
  return (
    <div class="readings">
      {rows.map(({ name, unit, parts }) => (
        <div key={name} class="reading">
          <h2>
            {name} <span class="unit">{unit}</span>
          </h2>
          <dl>
            {parts.map(([part, read]) => (
              <div key={part}>
                <dt>{part}</dt>
                <dd>
                  <LiveText class="value" read={read} />
                </dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
      <p class="sensor-counts">
        <LiveText class="sensor-rate" read={() => `${countText(page.rate.hz(performance.now()))} samples/s`} />
        <LiveText read={() => `${groupedText(page.outlet.sent)} sent`} />
        <LiveText
          class="sensor-unsent"
          read={() => (page.outlet.unsent === 0 ? "" : `${groupedText(page.outlet.unsent)} not sent: no connection`)}
        />
        {page.wakeLock.isHeld.value && <span class="muted">the screen stays on</span>}
      </p>
    </div>
  );
}

function vectorParts(vector: () => Vector | null, decimals: number): Row["parts"] {
  return (["x", "y", "z"] as const).map((part) => [part, () => numberText(vector()?.[part], decimals)]);
}

function numberText(value: number | undefined, decimals: number): string {
  return value === undefined ? "–" : value.toFixed(decimals).replace("-", "−");
}

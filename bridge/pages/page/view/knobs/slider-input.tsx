// SPDX-License-Identifier: MIT
// A slider between the limits of a number; a small mark stays where the driver's value is while another one is on its way.
import type { JSX } from "preact";
import { sliderRange } from "../../knobs/number-input.ts";
import type { ValueInputProps } from "./value-input.tsx";

export function SliderInput({ entry, value, applied, label, onEdit }: ValueInputProps): JSX.Element | null {
  const range = sliderRange(entry);
  if (range === null) return null;
  const part = (number: number): number => Math.min(1, Math.max(0, (number - range.min) / (range.max - range.min)));
  const now = Number(value ?? range.min);
  return (
    <span
      class="slider"
      style={{ "--part": part(now), "--zero": part(0), "--applied-part": part(Number(applied ?? now)) }}
    >
      <input
        type="range"
        min={range.min}
        max={range.max}
        step={range.step}
        value={now}
        aria-label={`${label}, slider`}
        aria-valuetext={`${String(now)} ${entry.unit ?? ""}`}
        onInput={(event) => {
          onEdit(Number(event.currentTarget.value));
        }}
      />
      <span class="slider-applied" aria-hidden="true" />
    </span>
  );
}

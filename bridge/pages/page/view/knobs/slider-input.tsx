// SPDX-License-Identifier: MIT
// A slider between the limits of a number; a small mark stays where the driver's value is while another one is on its way.
import type { JSX } from "preact";
import { sliderRange } from "../../../parts/knobs/number-input.ts";
import type { ValueInputProps } from "./value-input.tsx";

export function SliderInput({ entry, value, applied, label, onEdit }: ValueInputProps): JSX.Element | null {
  const range = sliderRange(entry);
  if (range === null) return null;
  const part = (number: number): number => Math.min(1, Math.max(0, (number - range.min) / (range.max - range.min)));
  // The middle of the thumb runs from half its width to half its width before the end.
  const place = (number: number): string => `calc(8px + (100% - 16px) * ${String(part(number))})`;
  const now = Number(value ?? range.min);
  const style = {
    // Filled from zero, or from the end that is nearest to it.
    "--from": range.min >= 0 ? "0%" : place(Math.min(now, 0)),
    "--to": range.max <= 0 ? "100%" : place(Math.max(now, 0)),
    "--applied": place(Number(applied ?? now)),
  };
  return (
    <span class="slider" style={style}>
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

// SPDX-License-Identifier: MIT
// On or off.
import type { JSX } from "preact";
import type { ValueInputProps } from "./value-input.tsx";

export function SwitchInput({ value, label, onEdit }: ValueInputProps): JSX.Element {
  const isOn = value === true || value === 1;
  return (
    <button
      type="button"
      class="switch"
      role="switch"
      aria-checked={isOn}
      aria-label={label}
      onClick={() => {
        onEdit(!isOn);
      }}
    >
      <span class="switch-knob" />
    </button>
  );
}

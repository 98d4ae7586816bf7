// SPDX-License-Identifier: MIT
// One of an enum's labels; a value that has no label stands by its number.
import type { JSX } from "preact";
import type { ValueInputProps } from "./value-input.tsx";

export function ChoiceInput({ entry, value, label, isInvalid, onEdit }: ValueInputProps): JSX.Element {
  const labels = Object.keys(entry.labels ?? {});
  const now = typeof value === "string" ? value : String(Number(value ?? 0));
  const options = labels.includes(now) ? labels : [now, ...labels];
  return (
    <select
      class="choice-input"
      aria-label={label}
      aria-invalid={isInvalid}
      value={now}
      onChange={(event) => {
        onEdit(event.currentTarget.value);
      }}
    >
      {options.map((option) => (
        <option key={option} value={option}>
          {option}
        </option>
      ))}
    </select>
  );
}

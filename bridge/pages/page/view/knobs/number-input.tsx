// SPDX-License-Identifier: MIT
// A number to type or to turn with the arrow keys; Enter or leaving it takes what is typed, Escape does not.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { inputText, keySteps, limitsText, readNumber, stepped } from "../../../parts/knobs/number-input.ts";
import type { ValueInputProps } from "./value-input.tsx";

export function NumberInput({ entry, value, label, isInvalid, onEdit }: ValueInputProps): JSX.Element {
  const [typed, setTyped] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const shown = inputText(value, entry);

  const commit = (): void => {
    setTyped(null);
    setProblem(null);
    if (typed === null || typed === shown) return;
    const read = readNumber(typed, entry);
    if (read.ok) onEdit(read.value);
    else setProblem(read.reason);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps = keySteps(event);
    if (event.key === "Enter") commit();
    else if (event.key === "Escape") {
      setTyped(null);
      setProblem(null);
    } else if (steps !== undefined) {
      event.preventDefault();
      const from = typed === null ? null : readNumber(typed, entry);
      setTyped(null);
      onEdit(stepped(Number(from?.ok === true ? from.value : value), steps, entry));
    }
  };
  return (
    <span class="number-input">
      <input
        type="text"
        inputMode="decimal"
        role="spinbutton"
        autocomplete="off"
        spellcheck={false}
        aria-label={label}
        aria-valuenow={Number(value ?? 0)}
        aria-valuetext={`${shown} ${entry.unit ?? ""}`}
        aria-valuemin={entry.min === undefined ? undefined : Number(entry.min)}
        aria-valuemax={entry.max === undefined ? undefined : Number(entry.max)}
        aria-invalid={isInvalid || problem !== null}
        title={problem ?? limitsText(entry)}
        value={typed ?? shown}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
        }}
        onFocus={(event) => {
          setProblem(null);
          event.currentTarget.select();
        }}
        onBlur={commit}
        onKeyDown={onKeyDown}
      />
      <span class="unit">{entry.unit ?? ""}</span>
      {problem !== null && (
        <span class="problem" role="alert">
          {problem}
        </span>
      )}
    </span>
  );
}

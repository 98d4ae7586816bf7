// SPDX-License-Identifier: MIT
// A text, or bytes in base64; Enter or leaving it takes what is typed, Escape does not.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { jsonText } from "../../../parts/fields/value-text.ts";
import type { ValueInputProps } from "./value-input.tsx";

export function TextInput({ entry, value, label, isInvalid, onEdit }: ValueInputProps): JSX.Element {
  const [typed, setTyped] = useState<string | null>(null);
  const shown = value === undefined ? "" : jsonText(value);
  const commit = (): void => {
    setTyped(null);
    if (typed !== null && typed !== shown) onEdit(typed);
  };
  return (
    <input
      class="text-input"
      type="text"
      autocomplete="off"
      spellcheck={false}
      aria-label={label}
      aria-invalid={isInvalid}
      placeholder={entry.type === "bytes" ? "base64" : ""}
      value={typed ?? shown}
      onInput={(event) => {
        setTyped(event.currentTarget.value);
      }}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
        else if (event.key === "Escape") setTyped(null);
      }}
    />
  );
}

// SPDX-License-Identifier: MIT
// Narrows the list to channels and fields whose name has the text.
import type { JSX } from "preact";
import { FILTER_ID } from "../keys.ts";
import { usePage } from "../page-context.ts";

export function FilterBox(): JSX.Element {
  const { filter } = usePage();
  return (
    <div class="filter">
      <input
        id={FILTER_ID}
        type="search"
        placeholder="Find a channel or field"
        aria-label="Find a channel or field"
        autocomplete="off"
        spellcheck={false}
        value={filter.value}
        onInput={(event) => {
          filter.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          filter.value = "";
          event.currentTarget.blur();
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </div>
  );
}

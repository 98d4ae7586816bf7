// SPDX-License-Identifier: MIT
// An array field: closed it says how many elements it has, open it lists them.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { FieldEntry } from "../../../../session/messages.ts";
import {
  elementCount,
  elementPath,
  fieldRef,
  indexText,
  isPlottable,
  MAX_LISTED_ELEMENTS,
} from "../../../../client/trace/field-ref.ts";
import { Icon } from "../../../parts/view/icon.tsx";
import { FieldName } from "./field-name.tsx";
import { FieldRow } from "./field-row.tsx";

export function ArrayRow({ channel, entry }: { readonly channel: string; readonly entry: FieldEntry }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const count = elementCount(entry);
  const dims = entry.dims ?? [];
  return (
    <>
      <button
        type="button"
        class="field field-array"
        data-row
        aria-expanded={isOpen}
        title={entry.doc}
        onClick={() => {
          setOpen(!isOpen);
        }}
      >
        <Icon name="chevron" />
        <FieldName name={entry.name} />
        <span class="value muted">{dims.map((length) => `[${String(length)}]`).join("")}</span>
        <span class="unit">{entry.unit ?? ""}</span>
      </button>
      {isOpen && (
        <div class="elements" role="group" aria-label={`Elements of ${entry.name}`}>
          {Array.from({ length: Math.min(count, MAX_LISTED_ELEMENTS) }, (_, element) => (
            <FieldRow
              key={element}
              field={fieldRef(channel, entry, element)}
              isPlottable={isPlottable(entry)}
              name={entry.levels === undefined ? indexText(dims, element) : elementPath(entry, element)}
            />
          ))}
          {count > MAX_LISTED_ELEMENTS && <p class="muted note">and {count - MAX_LISTED_ELEMENTS} more</p>}
        </div>
      )}
    </>
  );
}

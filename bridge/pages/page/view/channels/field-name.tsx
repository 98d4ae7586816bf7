// SPDX-License-Identifier: MIT
// A field's path with its last level in front of the eye.
import type { JSX } from "preact";

export function FieldName({ name }: { readonly name: string }): JSX.Element {
  const dot = name.lastIndexOf(".");
  return (
    <span class="field-name">
      {dot >= 0 && <span class="muted">{name.slice(0, dot + 1)}</span>}
      {name.slice(dot + 1)}
    </span>
  );
}

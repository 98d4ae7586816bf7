// SPDX-License-Identifier: MIT
// A button that opens a small sheet below itself; Escape or a click elsewhere closes it.
import type { ComponentChildren, JSX } from "preact";

interface PopoverProps {
  readonly class?: string;
  readonly label: string;
  readonly summary: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Popover(props: PopoverProps): JSX.Element {
  return (
    <details class={`popover ${props.class ?? ""}`}>
      <summary class="button" aria-label={props.label} title={props.label}>
        {props.summary}
      </summary>
      <div class="sheet">{props.children}</div>
    </details>
  );
}

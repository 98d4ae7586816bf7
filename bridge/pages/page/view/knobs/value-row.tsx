// SPDX-License-Identifier: MIT
// One value with its name, what it means and its limits; a knob or a line of a service's form.
import type { ComponentChildren, JSX } from "preact";
import type { FieldEntry } from "../../../../session/messages.ts";
import { limitsText } from "../../../parts/knobs/number-input.ts";

interface ValueRowProps {
  readonly name: string;
  readonly entry: FieldEntry;
  /** Elements of an array after the first say nothing twice. */
  readonly isBrief: boolean;
  readonly state?: "pending" | "refused" | "foreign" | undefined;
  readonly children: ComponentChildren;
}

export function ValueRow({ name, entry, isBrief, state, children }: ValueRowProps): JSX.Element {
  const limits = limitsText(entry);
  return (
    <div class="value-row" data-state={state} data-type={entry.type}>
      <span class="value-name" title={entry.doc}>
        {name}
        {state === "pending" && <span class="pending" role="img" aria-label="not applied yet" />}
      </span>
      {children}
      {(state === "foreign" || (!isBrief && (entry.doc !== undefined || limits !== ""))) && (
        <span class="value-note">
          {state === "foreign" ? <span class="foreign">changed elsewhere</span> : <span>{entry.doc}</span>}
          <span class="limits">{limits}</span>
        </span>
      )}
    </div>
  );
}

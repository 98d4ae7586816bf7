// SPDX-License-Identifier: MIT
// What stands in the place of plots: what is waited for, or what could be plotted.
import type { JSX } from "preact";
import { fieldKey } from "../../../client/trace/field-ref.ts";
import { Icon } from "../../parts/view/icon.tsx";
import { useScope } from "../../parts/view/plots/scope-context.ts";
import type { PlotPage } from "../plot-page.ts";

/** More are found in the list of fields. */
const OFFERED = 12;

export function WaitingFor({ page }: { readonly page: PlotPage }): JSX.Element {
  const { catalog } = useScope();
  const fields = page.fields.value;
  const missing = page.channels.value.filter((channel) => catalog.channel(channel) === undefined);
  const names = page.channels.value.join(", ");
  return (
    <div class="empty-plots" role="status">
      {fields.length > 0 ? (
        <>
          <h2>Nothing of {names} is plotted</h2>
          <div class="suggestions">
            {fields.slice(0, OFFERED).map((field) => (
              <button
                key={fieldKey(field)}
                type="button"
                class="button"
                onClick={() => {
                  page.toggle(field);
                }}
              >
                <Icon name="plus" />
                <span>{field.label}</span>
              </button>
            ))}
          </div>
        </>
      ) : (
        <>
          <h2>Waiting for {names}</h2>
          <p>
            {missing.length > 0
              ? `Nobody publishes ${missing.join(", ")} yet. Lines appear with the first samples.`
              : "Lines appear with the first samples that have numbers."}
          </p>
        </>
      )}
    </div>
  );
}

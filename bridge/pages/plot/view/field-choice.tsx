// SPDX-License-Identifier: MIT
// Which numbers of the page's channels are plotted.
import type { JSX } from "preact";
import { fieldKey, type FieldRef } from "../../../client/trace/field-ref.ts";
import { Popover } from "../../parts/view/popover.tsx";
import { useScope } from "../../parts/view/plots/scope-context.ts";
import type { PlotPage } from "../plot-page.ts";
import { counted } from "../../../model/counted.ts";

export function FieldChoice({ page }: { readonly page: PlotPage }): JSX.Element {
  const { plots } = useScope();
  const fields = page.fields.value;
  const shown = plots.series.value;
  const text = `${String(shown.length)} of ${counted(fields.length, "field")}`;
  return (
    <Popover class="field-choice" label={`Choose what is plotted: ${text}`} summary={<span>{text}</span>}>
      {page.channels.value.map((channel) => (
        <fieldset key={channel}>
          <legend>{channel}</legend>
          {fields
            .filter((field) => field.channel === channel)
            .map((field) => (
              <FieldBox key={fieldKey(field)} field={field} page={page} />
            ))}
        </fieldset>
      ))}
    </Popover>
  );
}

function FieldBox({ field, page }: { readonly field: FieldRef; readonly page: PlotPage }): JSX.Element {
  const series = useScope().plots.find(field);
  return (
    <label title={field.doc === "" ? undefined : field.doc}>
      <input
        type="checkbox"
        checked={series !== undefined}
        onChange={() => {
          page.toggle(field);
        }}
      />
      <span class="swatch" data-color={series?.color} aria-hidden="true" />
      <span>{field.label}</span>
      <span class="unit">{field.unit}</span>
    </label>
  );
}

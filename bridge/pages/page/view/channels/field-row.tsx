// SPDX-License-Identifier: MIT
// One number of a channel: its name, its newest value, its unit; pressing it plots it.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { FieldRef } from "../../../../client/trace/field-ref.ts";
import { SteadyNumber } from "../../../parts/fields/number-text.ts";
import { columnValue, fieldText } from "../../../parts/fields/value-text.ts";
import { LiveText } from "../../../parts/view/live-text.tsx";
import { usePage } from "../page-context.ts";
import { FieldName } from "./field-name.tsx";

interface FieldRowProps {
  readonly field: FieldRef;
  readonly isPlottable: boolean;
  /** The name to show; of an element only its index. */
  readonly name?: string;
}

export function FieldRow({ field, isPlottable, name }: FieldRowProps): JSX.Element {
  const page = usePage();
  const steady = useMemo(() => new SteadyNumber(), [field.channel, field.label]);
  const series = page.plots.find(field);
  const trace = page.feeds.trace(field.channel);
  const read = (): string => {
    const batch = trace.latest;
    const column = batch?.columns[field.path];
    return batch === null || column === undefined
      ? "–"
      : fieldText(columnValue(column, field, batch.count - 1), field, steady);
  };
  const content = (
    <>
      <span class="swatch" data-color={series?.color} aria-hidden="true" />
      <FieldName name={name ?? field.label} />
      <LiveText class="value" read={read} />
      <span class="unit">{field.unit}</span>
    </>
  );
  if (!isPlottable) {
    return (
      <div class="field field-fixed" title={field.doc}>
        {content}
      </div>
    );
  }
  return (
    <button
      type="button"
      class="field"
      data-row
      aria-pressed={series !== undefined}
      aria-label={`Plot ${field.channel} ${field.label}${field.unit === "" ? "" : `, in ${field.unit}`}`}
      title={field.doc}
      onClick={() => {
        page.plots.toggle(field);
      }}
    >
      {content}
    </button>
  );
}

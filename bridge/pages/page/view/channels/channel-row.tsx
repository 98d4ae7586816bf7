// SPDX-License-Identifier: MIT
// One channel: its name and rate, and when opened its fields.
import type { JSX } from "preact";
import type { ChannelEntry, FieldEntry } from "../../../../session/messages.ts";
import { elementCount, fieldRef, isPlottable } from "../../../../client/trace/field-ref.ts";
import { rateText } from "../../../parts/fields/number-text.ts";
import { Icon } from "../../../parts/view/icon.tsx";
import { LiveText } from "../../../parts/view/live-text.tsx";
import { usePage } from "../page-context.ts";
import { ArrayRow } from "./array-row.tsx";
import { FieldRow } from "./field-row.tsx";
import { PayloadRow } from "./payload-row.tsx";

interface ChannelRowProps {
  readonly entry: ChannelEntry;
  /** The fields that the filter leaves. */
  readonly fields: readonly FieldEntry[];
  /** Opened by the filter, whatever was chosen. */
  readonly isForced: boolean;
}

export function ChannelRow({ entry, fields, isForced }: ChannelRowProps): JSX.Element {
  const page = usePage();
  const { channel, driver, kind } = entry;
  const isOpen = isForced || page.isOpened(channel);
  const name = driver !== null && channel.startsWith(`${driver}/`) ? channel.slice(driver.length + 1) : channel;
  return (
    <li class="channel">
      <button
        type="button"
        class="channel-row"
        data-row
        aria-expanded={isOpen}
        title={entry.type === null ? kind : `${kind} ${entry.type}`}
        onClick={() => {
          page.setOpened(channel, !isOpen);
        }}
      >
        <Icon name="chevron" />
        <span class="channel-name">{name}</span>
        {kind !== "struct" && <span class="badge">{kind}</span>}
        <LiveText
          class="rate"
          read={() => (page.isLive.peek() && page.catalog.isLive(channel) ? rateText(page.catalog.rate(channel)) : "–")}
        />
      </button>
      {isOpen && (
        <div class="fields" role="group" aria-label={`Fields of ${channel}`}>
          {kind === "struct" ? (
            fields.map((field) => <Field key={field.name} channel={channel} entry={field} />)
          ) : (
            <PayloadRow entry={entry} />
          )}
        </div>
      )}
    </li>
  );
}

function Field({ channel, entry }: { readonly channel: string; readonly entry: FieldEntry }): JSX.Element {
  if (elementCount(entry) > 1) return <ArrayRow channel={channel} entry={entry} />;
  return <FieldRow field={fieldRef(channel, entry)} isPlottable={isPlottable(entry)} />;
}

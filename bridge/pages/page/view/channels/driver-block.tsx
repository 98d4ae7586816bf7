// SPDX-License-Identifier: MIT
// A driver with its channels; one that is down says since when it is not there and why.
import type { JSX } from "preact";
import type { ChannelEntry, DriverEntry, FieldEntry } from "../../../../session/messages.ts";
import type { DriverGroup } from "../../../parts/link/catalog.ts";
import { usePage } from "../page-context.ts";
import { ChannelRow } from "./channel-row.tsx";

interface Shown {
  readonly entry: ChannelEntry;
  readonly fields: readonly FieldEntry[];
  readonly isForced: boolean;
}

export function DriverBlock({ group }: { readonly group: DriverGroup }): JSX.Element | null {
  const wanted = usePage().filter.value.trim().toLowerCase();
  const shown = group.channels.map((entry) => narrowed(entry, wanted)).filter((each) => each !== null);
  if (wanted !== "" && shown.length === 0) return null;
  const state = group.driver?.state ?? "up";
  return (
    <section class="driver" data-state={state} aria-label={`Driver ${group.name}`}>
      <h2 class="driver-head">
        <span class="driver-dot" aria-hidden="true" />
        {group.name}
        {group.driver !== null && <DriverState driver={group.driver} />}
      </h2>
      {group.driver !== null && group.driver.state !== "up" && (
        <p class="problem">
          {group.driver.error?.message ?? "The driver is not there; the bridge goes on trying to reach it."}
        </p>
      )}
      <ul class="channels">
        {shown.map((each) => (
          <ChannelRow key={each.entry.channel} {...each} />
        ))}
      </ul>
    </section>
  );
}

function DriverState({ driver }: { readonly driver: DriverEntry }): JSX.Element {
  const text = driver.state === "up" ? (driver.pid === null ? "up" : `process ${String(driver.pid)}`) : driver.state;
  return (
    <span class="driver-state" title={driver.address}>
      {text}
    </span>
  );
}

/** What the filter leaves of a channel: all of it when its name matches, else the fields that do; null for nothing. */
function narrowed(entry: ChannelEntry, wanted: string): Shown | null {
  if (wanted === "") return { entry, fields: entry.fields, isForced: false };
  if (entry.channel.toLowerCase().includes(wanted)) return { entry, fields: entry.fields, isForced: false };
  const fields = entry.fields.filter((field) => `${entry.channel} ${field.name}`.toLowerCase().includes(wanted));
  return fields.length === 0 ? null : { entry, fields, isForced: true };
}

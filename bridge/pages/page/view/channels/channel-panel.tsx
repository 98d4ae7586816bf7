// SPDX-License-Identifier: MIT
// The list of what can be seen: drivers, their channels, the channels' fields.
import type { JSX } from "preact";
import { usePage } from "../page-context.ts";
import { DriverBlock } from "./driver-block.tsx";
import { FilterBox } from "./filter-box.tsx";
import { moveBetweenRows } from "./row-keys.ts";

export function ChannelPanel(): JSX.Element {
  const groups = usePage().catalog.groups.value;
  return (
    <section class="panel panel-channels" aria-label="Channels" onKeyDown={moveBetweenRows}>
      <FilterBox />
      <div class="panel-body">
        {groups.map((group) => (
          <DriverBlock key={group.name} group={group} />
        ))}
        {groups.length === 0 && (
          <p class="empty">
            No driver is connected yet. Start one, and it appears here; <code>structwire demo</code> brings three.
          </p>
        )}
      </div>
    </section>
  );
}

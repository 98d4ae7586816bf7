// SPDX-License-Identifier: MIT
// The page's own counts, for people who want to know: the same numbers as `window.structwire`.
import type { JSX } from "preact";
import { countText, groupedText } from "../../../parts/fields/number-text.ts";
import { LiveText } from "../../../parts/view/live-text.tsx";
import { Popover } from "../../../parts/view/popover.tsx";
import { usePage } from "../page-context.ts";
import { Delays } from "./delays.tsx";

export function DiagnosticsSheet(): JSX.Element {
  const page = usePage();
  const client = page.session.client.value;
  const rows: readonly (readonly [name: string, read: () => string])[] = [
    ["frames drawn", () => groupedText(page.diagnostics().frames)],
    ["frames a second", () => countText(page.frames.framesPerSecond)],
    ["samples recorded", () => groupedText(page.diagnostics().samples)],
    ["samples missed", () => groupedText(page.diagnostics().missed)],
    ["reported lost", () => groupedText(page.diagnostics().lost)],
    [
      "samples held",
      () => groupedText(Object.values(page.diagnostics().channels).reduce((sum, { held }) => sum + held, 0)),
    ],
  ];
  return (
    <Popover class="diagnostics" label="Diagnostics" summary={<span>Diagnostics</span>}>
      <table>
        <caption>Plotted channels, since this page was opened</caption>
        <tbody>
          {rows.map(([name, read]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="number">
                <LiveText read={read} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Delays />
      {client !== null && (
        <p class="muted">
          bridge {client.bridge.name}, version {client.bridge.version}, process {client.bridge.pid}. The same counts by
          channel: <code>window.structwire</code>
        </p>
      )}
    </Popover>
  );
}

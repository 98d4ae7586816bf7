// SPDX-License-Identifier: MIT
// A list of structs in a reply, one row each.
import type { JSX } from "preact";
import { jsonText } from "../../../parts/fields/value-text.ts";
import type { ReplyRows } from "../../../parts/services/request.ts";

export function ReplyRowsTable({ name, columns, rows }: ReplyRows): JSX.Element {
  return (
    <div class="reply-rows" tabIndex={0} role="region" aria-label={name}>
      <table class="reply">
        <thead>
          <tr>
            {columns.map((entry) => (
              <th key={entry.name} scope="col" title={entry.doc}>
                {entry.name.slice(name.length + 1)}
                {entry.unit !== undefined && <span class="unit"> {entry.unit}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((value, column) => (
                <td key={column} class={typeof value === "number" ? "number" : ""}>
                  {jsonText(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

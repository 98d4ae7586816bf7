// SPDX-License-Identifier: MIT
// A service's reply, field by field; a long list of numbers as a picture with its extremes.
import type { JSX } from "preact";
import type { FieldEntry, Json } from "../../../../session/messages.ts";
import { groupedText, plainText } from "../../fields/number-text.ts";
import { jsonText } from "../../fields/value-text.ts";
import { replyValues } from "../../services/request.ts";
import { Spark } from "./spark.tsx";

/** Longer lists of numbers are drawn. */
const LISTED = 8;

interface ReplyTableProps {
  readonly fields: readonly FieldEntry[];
  readonly reply: Json;
}

export function ReplyTable({ fields, reply }: ReplyTableProps): JSX.Element {
  return (
    <table class="reply">
      <tbody>
        {fields.map((entry) => (
          <tr key={entry.name}>
            <th scope="row" title={entry.doc}>
              {entry.name}
            </th>
            <ReplyCell values={replyValues(entry, reply)} />
            <td class="unit">{entry.unit ?? ""}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ReplyCell({ values }: { readonly values: readonly (Json | undefined)[] }): JSX.Element {
  const numbers = values.filter((value) => typeof value === "number");
  if (values.length <= LISTED || numbers.length < values.length) {
    return <td class="number">{values.map(jsonText).join(", ")}</td>;
  }
  return (
    <td>
      <Spark values={numbers} />
      <span class="muted note">
        {groupedText(numbers.length)} values, {plainText(Math.min(...numbers))} … {plainText(Math.max(...numbers))}
      </span>
    </td>
  );
}

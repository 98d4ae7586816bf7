// SPDX-License-Identifier: MIT
// A service's reply, field by field: a list of structs as rows, a long list of numbers as a picture with its extremes.
import type { JSX } from "preact";
import type { FieldEntry, Json } from "../../../../session/messages.ts";
import { groupedText, plainText } from "../../../parts/fields/number-text.ts";
import { jsonText } from "../../../parts/fields/value-text.ts";
import { replyParts, replyValues } from "../../../parts/services/request.ts";
import { ReplyRowsTable } from "./reply-rows.tsx";
import { Spark } from "./spark.tsx";
import { counted } from "../../../../model/counted.ts";

/** Longer lists of numbers are drawn. */
const LISTED = 16;

interface ReplyTableProps {
  readonly fields: readonly FieldEntry[];
  readonly reply: Json;
}

export function ReplyTable({ fields, reply }: ReplyTableProps): JSX.Element {
  const parts = replyParts(fields, reply);
  const single = parts.filter((part): part is FieldEntry => !("rows" in part));
  return (
    <>
      {single.length > 0 && (
        <table class="reply">
          <tbody>
            {single.map((entry) => (
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
      )}
      {parts.map((part) => "rows" in part && <ReplyRowsTable key={part.name} {...part} />)}
    </>
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
        {counted(numbers.length, "value", groupedText(numbers.length))}, {plainText(Math.min(...numbers))} …{" "}
        {plainText(Math.max(...numbers))}
      </span>
    </td>
  );
}

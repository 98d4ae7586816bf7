// SPDX-License-Identifier: MIT
// The newest payload of a channel that carries JSON or bytes.
import type { JSX } from "preact";
import type { ChannelEntry } from "../../../../session/messages.ts";
import { groupedText } from "../../../parts/fields/number-text.ts";
import { LiveText } from "../../../parts/view/live-text.tsx";
import { usePage } from "../page-context.ts";
import { counted } from "../../../../model/counted.ts";

/** How much of a payload is shown, in bytes. */
const SHOWN_BYTES = 400;

export function PayloadRow({ entry }: { readonly entry: ChannelEntry }): JSX.Element {
  const page = usePage();
  const trace = page.feeds.trace(entry.channel);
  const read = (): string => {
    const payload = trace.latest?.payloads().at(-1);
    if (payload === undefined) return "–";
    if (entry.kind === "bytes")
      return `${entry.contentType ?? "bytes"}, ${counted(payload.length, "byte", groupedText(payload.length))}`;
    const text = new TextDecoder().decode(payload.subarray(0, SHOWN_BYTES));
    return payload.length > SHOWN_BYTES ? `${text}…` : text;
  };
  return (
    <div class="payload">
      <LiveText class="value" read={read} />
    </div>
  );
}

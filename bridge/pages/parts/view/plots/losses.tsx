// SPDX-License-Identifier: MIT
// Whether everything that was asked for came, and if not, what is missing and where it went.
import type { JSX } from "preact";
import { WHERE_LOST } from "../../../../client/account.ts";
import { groupedText } from "../../fields/number-text.ts";
import { Icon } from "../icon.tsx";
import { Popover } from "../popover.tsx";

import type { LossLine } from "../../trace/loss-book.ts";
import { useScope } from "./scope-context.ts";

export function Losses(): JSX.Element | null {
  const { losses, plots, feeds, isLive } = useScope();
  const { total } = losses;
  const due = losses.received(feeds.samples) + total;
  // Nothing was asked for: then nothing is complete either.
  if (total === 0 && plots.series.value.length === 0) return null;
  const isComplete = total === 0 && isLive.value;
  const text = total > 0 ? `lost ${groupedText(total)} of ${groupedText(due)}` : isComplete ? "complete" : "not known";
  return (
    <Popover
      class={isComplete ? "losses" : "losses losses-some"}
      label={`Samples of the plotted channels: ${text}`}
      summary={
        <>
          <Icon name={isComplete ? "check" : "alert"} />
          <span role="status">{text}</span>
        </>
      }
    >
      {isComplete && <p>Every sample of the plotted channels arrived since this page was opened.</p>}
      {feeds.thinned.value.size > 0 && <p>Of channels that are too fast for a page only the extremes are asked for.</p>}
      {!isLive.value && <p>What is missed while the connection is lost is counted when it is back.</p>}
      {total > 0 && <LossTable lines={losses.lines.value} />}
      {total > 0 && (
        <button
          type="button"
          class="button"
          onClick={() => {
            losses.clear(feeds.samples);
          }}
        >
          Count anew
        </button>
      )}
    </Popover>
  );
}

function LossTable({ lines }: { readonly lines: readonly LossLine[] }): JSX.Element {
  return (
    <table>
      <caption>Samples of plotted channels that did not arrive</caption>
      <tbody>
        {lines.map((line) => (
          <tr key={`${line.channel} ${line.reason}`}>
            <th scope="row">{line.channel}</th>
            <td class="number">{groupedText(line.count)}</td>
            <td>{WHERE_LOST[line.reason]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

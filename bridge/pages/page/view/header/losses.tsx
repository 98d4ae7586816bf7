// SPDX-License-Identifier: MIT
// Whether everything that was asked for came, and if not, what is missing and where it went.
import type { JSX } from "preact";
import type { LossReason } from "../../../../model/values.ts";
import { groupedText } from "../../fields/number-text.ts";
import { Icon } from "../parts/icon.tsx";
import { Popover } from "../parts/popover.tsx";
import { usePage } from "../page-context.ts";

const WHERE: Readonly<Record<LossReason, string>> = {
  unknown: "nobody knows where",
  ring_full: "the driver's ring was full",
  link_full: "the bridge did not read in time",
  slow_reader: "this page did not read in time",
  disconnected: "published while disconnected",
};

export function Losses(): JSX.Element {
  const { losses } = usePage();
  const { total } = losses;
  const text = total === 0 ? "complete" : `lost ${groupedText(total)}`;
  return (
    <Popover
      class={total === 0 ? "losses" : "losses losses-some"}
      label={total === 0 ? "Nothing was lost" : `${groupedText(total)} samples were lost`}
      summary={
        <>
          <Icon name={total === 0 ? "check" : "alert"} />
          <span role="status">{text}</span>
        </>
      }
    >
      {total === 0 ? (
        <p>Every sample of the plotted channels arrived since this page was opened.</p>
      ) : (
        <>
          <table>
            <caption>Samples of plotted channels that did not arrive</caption>
            <tbody>
              {losses.lines.value.map((line) => (
                <tr key={`${line.channel} ${line.reason}`}>
                  <th scope="row">{line.channel}</th>
                  <td class="number">{groupedText(line.count)}</td>
                  <td>{WHERE[line.reason]}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <button type="button" class="button" onClick={() => { losses.clear(); }}>
            Count anew
          </button>
        </>
      )}
    </Popover>
  );
}

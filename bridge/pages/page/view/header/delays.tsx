// SPDX-License-Identifier: MIT
// How long the samples of each plotted channel take from their driver to this page, and how well that is known.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { delayText } from "../../../parts/fields/number-text.ts";
import { usePage } from "../page-context.ts";

/** Looked at so often: the figures are those of about a minute. */
const LOOK_MS = 1000;

export function Delays(): JSX.Element | null {
  const page = usePage();
  const [, setTurn] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      setTurn((turn) => turn + 1);
    }, LOOK_MS);
    return () => {
      clearInterval(timer);
    };
  }, []);
  const channels = new Set(page.plots.series.value.map(({ field }) => field.channel));
  if (channels.size === 0) return null;
  return (
    <table class="delays">
      <caption>From the driver to this page, of about the last minute</caption>
      <thead>
        <tr>
          <th scope="col">channel</th>
          <th scope="col" class="number" title="half of the samples took at most so long">
            p50
          </th>
          <th scope="col" class="number" title="99 of 100 took at most so long">
            p99
          </th>
          <th
            scope="col"
            class="number"
            title="how well the clocks of the bridge and of this page are known against each other"
          >
            clock ±
          </th>
        </tr>
      </thead>
      <tbody>
        {[...channels].map((channel) => {
          const latency = page.feeds.latency(channel);
          return (
            <tr key={channel}>
              <th scope="row">{channel}</th>
              <td class="number">{delayText(latency?.total.p50Ms)}</td>
              <td class="number">{delayText(latency?.total.p99Ms)}</td>
              <td class="number">{delayText(latency?.uncertaintyMs)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

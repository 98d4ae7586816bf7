// SPDX-License-Identifier: MIT
// Which channel to plot, when the address named none.
import type { JSX } from "preact";
import { rateText } from "../../parts/fields/number-text.ts";
import { useScope } from "../../parts/view/plots/scope-context.ts";
import type { PlotPage } from "../plot-page.ts";

export function ChannelChoice({ page }: { readonly page: PlotPage }): JSX.Element {
  const { catalog } = useScope();
  const channels = catalog.directory.value.channels.filter(({ kind }) => kind !== "bytes");
  return (
    <div class="channel-choice">
      <h2>Which channel?</h2>
      {channels.length === 0 ? (
        <p class="muted">There is none yet. As soon as a program publishes, its channel stands here.</p>
      ) : (
        <ul>
          {channels.map(({ channel, kind }) => (
            <li key={channel}>
              <button
                type="button"
                class="button button-line"
                onClick={() => {
                  page.add(channel);
                }}
              >
                <span>{channel}</span>
                <span class="muted">
                  {kind}, {rateText(catalog.rate(channel))}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

// SPDX-License-Identifier: MIT
// The page /plot: the plots, large, and what to plot of which channel.
import type { JSX } from "preact";
import { PageFrame } from "../../parts/view/page-frame.tsx";
import { Losses } from "../../parts/view/plots/losses.tsx";
import { PlotPanel } from "../../parts/view/plots/plot-panel.tsx";
import type { PlotPage } from "../plot-page.ts";
import { ChannelChoice } from "./channel-choice.tsx";
import { FieldChoice } from "./field-choice.tsx";
import { WaitingFor } from "./waiting-for.tsx";

export function PlotView({ page }: { readonly page: PlotPage }): JSX.Element {
  const channels = page.channels.value;
  const title = channels.length === 0 ? "Plot" : `Plot · ${channels.join(", ")}`;
  return (
    <PageFrame path="/plot" title={title} tools={<Losses />}>
      <main class="plot-page">
        <PlotPanel tools={<FieldChoice page={page} />}>
          {channels.length === 0 ? <ChannelChoice page={page} /> : <WaitingFor page={page} />}
        </PlotPanel>
      </main>
    </PageFrame>
  );
}

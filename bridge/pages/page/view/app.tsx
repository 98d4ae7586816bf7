// SPDX-License-Identifier: MIT
// The whole page: the gate before the connection, then channels, plots, knobs and logs.
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { ChannelPanel } from "./channels/channel-panel.tsx";
import { Connecting } from "../../parts/view/connecting.tsx";
import { ControlPanel } from "./knobs/control-panel.tsx";
import { EmptyPlots } from "./empty-plots.tsx";
import { Header } from "./header/header.tsx";
import { LogPanel } from "./logs/log-panel.tsx";
import { LostBanner } from "../../parts/view/lost-banner.tsx";
import { usePage } from "./page-context.ts";
import { PlotPanel } from "../../parts/view/plots/plot-panel.tsx";
import { Tabs } from "./tabs.tsx";
import { TokenForm } from "../../parts/view/token-form.tsx";

export function App(): JSX.Element {
  const page = usePage();
  const phase = page.session.phase.value;
  const name = page.session.client.value?.bridge.name;
  useEffect(() => {
    const sign = phase.kind === "lost" ? "connection lost · " : "";
    document.title = name === undefined ? "Structwire" : `${sign}${name} · Structwire`;
  }, [phase.kind, name]);
  return (
    <div class="app" data-tab={page.tab.value} data-stale={phase.kind === "lost" ? "" : undefined}>
      <Header />
      {phase.kind === "token" && <TokenForm reason={phase.reason} />}
      {phase.kind === "connecting" && <Connecting phase={phase} />}
      {(phase.kind === "open" || phase.kind === "lost") && (
        <>
          <LostBanner />
          <Tabs />
          <main class="work">
            <ChannelPanel />
            <PlotPanel>
              <EmptyPlots />
            </PlotPanel>
            <ControlPanel />
            <LogPanel />
          </main>
        </>
      )}
    </div>
  );
}

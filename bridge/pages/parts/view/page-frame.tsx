// SPDX-License-Identifier: MIT
// The frame of a page with one purpose: the line at the top, the gate before the connection, then what the page is for.
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Connecting } from "./connecting.tsx";
import { Connection } from "./header/connection.tsx";
import { Logo } from "./header/logo.tsx";
import { PageLinks, type PagePath } from "./header/page-links.tsx";
import { ThemeSwitch } from "./header/theme-switch.tsx";
import { LostBanner } from "./lost-banner.tsx";
import { useShell } from "./shell-context.ts";
import { TokenForm } from "./token-form.tsx";

interface PageFrameProps {
  readonly path: PagePath;
  /** What stands in the tab. */
  readonly title: string;
  /** At the right of the top line. */
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function PageFrame({ path, title, tools, children }: PageFrameProps): JSX.Element {
  const { session } = useShell();
  const phase = session.phase.value;
  const name = session.client.value?.bridge.name;
  useEffect(() => {
    document.title = `${phase.kind === "lost" ? "connection lost · " : ""}${title} · Structwire`;
  }, [phase.kind, title]);
  return (
    <div class="app" data-stale={phase.kind === "lost" ? "" : undefined}>
      <header class="header">
        <Logo />
        <h1>
          <span class="product">Structwire</span>
          {name !== undefined && <span class="bridge-name">{name}</span>}
        </h1>
        <Connection />
        <span class="space" />
        {tools}
        <PageLinks current={path} />
        <ThemeSwitch />
      </header>
      {phase.kind === "token" && <TokenForm reason={phase.reason} />}
      {phase.kind === "connecting" && <Connecting phase={phase} />}
      {(phase.kind === "open" || phase.kind === "lost") && (
        <>
          <LostBanner />
          {children}
        </>
      )}
    </div>
  );
}

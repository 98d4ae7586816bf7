// SPDX-License-Identifier: MIT
// The line at the top: which bridge, how the connection stands, how much flows, whether anything is missing.
import type { JSX } from "preact";
import { countText } from "../../../parts/fields/number-text.ts";
import { LiveText } from "../../../parts/view/live-text.tsx";
import { usePage } from "../page-context.ts";
import { Connection } from "../../../parts/view/header/connection.tsx";
import { DiagnosticsSheet } from "./diagnostics-sheet.tsx";
import { Logo } from "../../../parts/view/header/logo.tsx";
import { Losses } from "../../../parts/view/plots/losses.tsx";
import { Shortcuts } from "./shortcuts.tsx";
import { PageLinks } from "../../../parts/view/header/page-links.tsx";
import { ThemeSwitch } from "../../../parts/view/header/theme-switch.tsx";

export function Header(): JSX.Element {
  const page = usePage();
  const bridge = page.session.client.value?.bridge.name;
  return (
    <header class="header">
      <Logo />
      <h1>
        <span class="product">Structwire</span>
        {bridge !== undefined && <span class="bridge-name">{bridge}</span>}
      </h1>
      <Connection />
      <span class="space" />
      {page.isLive.value && (
        <span class="total-rate" title="Samples a second of all channels of this bridge">
          <LiveText read={() => `${countText(page.catalog.totalRate())} samples/s`} />
        </span>
      )}
      <Losses />
      <DiagnosticsSheet />
      <Shortcuts />
      <PageLinks current="/" />
      <ThemeSwitch />
    </header>
  );
}

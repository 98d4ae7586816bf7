// SPDX-License-Identifier: MIT
// Says that the connection is lost and that what stands below is old.
import type { JSX } from "preact";
import { secondsText } from "../fields/number-text.ts";
import { LiveText } from "./live-text.tsx";
import { Icon } from "./icon.tsx";
import { useShell } from "./shell-context.ts";

export function LostBanner(): JSX.Element | null {
  const phase = useShell().session.phase.value;
  if (phase.kind !== "lost") return null;
  const { sinceMs, reason } = phase;
  return (
    <div class="banner">
      <Icon name="plug" />
      <p>
        <span role="alert">The connection to the bridge is lost: {reason}.</span> Trying again for{" "}
        <LiveText class="number" read={() => secondsText(Date.now() - sinceMs)} />; what is shown is the last that was
        known.
      </p>
    </div>
  );
}

// SPDX-License-Identifier: MIT
// What stands in the page's place until the bridge has answered for the first time.
import type { JSX } from "preact";
import type { Phase } from "../link/session.ts";

export function Connecting({ phase }: { readonly phase: Extract<Phase, { kind: "connecting" }> }): JSX.Element {
  return (
    <main class="gate">
      <div class="card gate-card" role="status">
        <h2>{phase.attempt === 1 ? "Connecting" : "The bridge does not answer"}</h2>
        <p>
          {phase.attempt === 1
            ? `Reaching the bridge at ${location.host}.`
            : `Trying again by itself (attempt ${String(phase.attempt)}). Is the bridge at ${location.host} running?`}
        </p>
        {phase.reason !== null && <p class="problem">{phase.reason}</p>}
        <div class="progress" aria-hidden="true" />
      </div>
    </main>
  );
}

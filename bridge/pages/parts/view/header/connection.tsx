// SPDX-License-Identifier: MIT
// Says how the connection to the bridge stands.
import type { JSX } from "preact";
import type { Phase } from "../../link/session.ts";
import { useShell } from "../shell-context.ts";

const WORDS: Readonly<Record<Phase["kind"], string>> = {
  token: "not connected",
  connecting: "connecting",
  open: "live",
  lost: "connection lost",
};

export function Connection(): JSX.Element {
  const { kind } = useShell().session.phase.value;
  return (
    <span class={`state state-${kind}`} role="status">
      <span class="state-dot" aria-hidden="true" />
      {WORDS[kind]}
    </span>
  );
}

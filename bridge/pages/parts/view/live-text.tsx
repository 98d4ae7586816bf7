// SPDX-License-Identifier: MIT
// Text that follows data: written straight into the page at most ten times a second, and only when it is another text.
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useShell } from "./shell-context.ts";

interface LiveTextProps {
  /** The text now. Read ten times a second, so it must be cheap. */
  readonly read: () => string;
  readonly class?: string;
}

export function LiveText({ read, class: className }: LiveTextProps): JSX.Element {
  const { frames } = useShell();
  const place = useRef<HTMLSpanElement>(null);
  const latest = useRef(read);
  latest.current = read;
  useEffect(() => {
    let written = "";
    return frames.onText(() => {
      const text = latest.current();
      if (text === written || place.current === null) return;
      written = text;
      place.current.textContent = text;
    });
  }, [frames]);
  return <span class={className} ref={place} />;
}

// SPDX-License-Identifier: MIT
// Text that follows data: written straight into the page at most ten times a second, and only when it is another text.
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { usePage } from "../page-context.ts";

interface LiveTextProps {
  /** The text now. Read ten times a second, so it must be cheap. */
  readonly read: () => string;
  readonly class?: string;
}

export function LiveText({ read, class: className }: LiveTextProps): JSX.Element {
  const page = usePage();
  const place = useRef<HTMLSpanElement>(null);
  const latest = useRef(read);
  latest.current = read;
  useEffect(() => {
    let written = "";
    return page.frames.onText(() => {
      const text = latest.current();
      if (text === written || place.current === null) return;
      written = text;
      place.current.textContent = text;
    });
  }, [page]);
  return <span class={className} ref={place} />;
}

// SPDX-License-Identifier: MIT
// The sign of the project: a struct's braces with a wire's wave between them.
import type { JSX } from "preact";

export function Logo(): JSX.Element {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <path
        class="logo-braces"
        d="M10.5 6.5c-3 0-3.6 1.4-3.6 3.6v2.3c0 2-.8 3.1-2.4 3.6 1.6.5 2.4 1.6 2.4 3.6v2.3c0 2.2.6 3.6 3.6 3.6M21.5 6.5c3 0 3.6 1.4 3.6 3.6v2.3c0 2 .8 3.1 2.4 3.6-1.6.5-2.4 1.6-2.4 3.6v2.3c0 2.2-.6 3.6-3.6 3.6"
      />
      <path class="logo-wire" d="M10 16c1-4.6 2.8-4.6 4 0s3 4.6 4 0 2.8-4.6 4 0" />
    </svg>
  );
}

// SPDX-License-Identifier: MIT
// How many seconds the plots show.
import type { JSX } from "preact";
import { WINDOWS_S } from "../../plot/plots.ts";
import { useScope } from "./scope-context.ts";

export function WindowChoice(): JSX.Element {
  const { plots } = useScope();
  return (
    <fieldset class="segments">
      <legend class="unseen">Length of the window</legend>
      {WINDOWS_S.map((seconds) => (
        <label key={seconds}>
          <input
            type="radio"
            name="window"
            value={seconds}
            checked={plots.windowS.value === seconds}
            onChange={() => {
              plots.setWindow(seconds);
            }}
          />
          <span>{seconds} s</span>
        </label>
      ))}
    </fieldset>
  );
}

// SPDX-License-Identifier: MIT
// The keys of the page.
import type { JSX } from "preact";
import { Popover } from "../../../parts/view/popover.tsx";

const KEYS: readonly (readonly [key: string, what: string])[] = [
  ["/", "find a channel or field"],
  ["Enter", "plot the field, or take it off"],
  ["↑ ↓", "move in the list; turn a knob"],
  ["Shift ↑ ↓", "turn a knob ten times as far"],
  ["← →", "move the cursor in a plot"],
  ["p", "pause and go on"],
  ["Esc", "close, clear, undo what is typed"],
];

export function Shortcuts(): JSX.Element {
  return (
    <Popover class="shortcuts" label="Keys" summary={<kbd>?</kbd>}>
      <dl>
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Popover>
  );
}

// SPDX-License-Identifier: MIT
// What changes several knobs of a parameter at once: a step back, a step on, all defaults.
import type { JSX } from "preact";
import { elementsOf, readPath } from "../../../../client/trace/element-path.ts";
import type { ParameterEntry } from "../../../../session/messages.ts";
import { jsonText } from "../../../parts/fields/value-text.ts";
import { defaultOf, isAtDefault } from "../../../parts/knobs/default-value.ts";
import type { Direction, Values } from "../../../parts/knobs/history.ts";
import type { Knob } from "../../../parts/knobs/knob.ts";

interface KnobToolsProps {
  readonly entry: ParameterEntry;
  readonly knob: Knob;
}

export function KnobTools({ entry, knob }: KnobToolsProps): JSX.Element {
  const { applied, undo, redo } = knob.state.value;
  const away = entry.fields
    .flatMap((field) => elementsOf(field))
    .filter((element) => !isAtDefault(element.entry, readPath(applied, element.path)));
  return (
    <span class="knob-tools">
      <Step sign="↶" what="Take back" values={undo} knob={knob} direction="undo" />
      <Step sign="↷" what="Do again" values={redo} knob={knob} direction="redo" />
      {away.length > 0 && (
        <button
          type="button"
          class="button button-small"
          title={`All of ${entry.parameter} to the defaults of its header`}
          onClick={() => {
            for (const { path, entry: field } of away) knob.edit(path, defaultOf(field) ?? null);
          }}
        >
          Defaults
        </button>
      )}
    </span>
  );
}

interface StepProps {
  readonly sign: string;
  readonly what: string;
  readonly values: Values | null;
  readonly knob: Knob;
  readonly direction: Direction;
}

function Step({ sign, what, values, knob, direction }: StepProps): JSX.Element | null {
  if (values === null) return null;
  const to = [...values].map(([path, value]) => `${path} ${jsonText(value)}`).join(", ");
  const label = `${what}: ${to}`;
  return (
    <button
      type="button"
      class="button button-small"
      aria-label={label}
      title={label}
      onClick={() => {
        knob.go(direction);
      }}
    >
      {sign}
    </button>
  );
}

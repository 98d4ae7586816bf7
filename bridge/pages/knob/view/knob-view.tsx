// SPDX-License-Identifier: MIT
// The page /knob: the knob, whether it is enabled, and what came of the last turn.
import type { JSX } from "preact";
import { PageFrame } from "../../parts/view/page-frame.tsx";
import type { KnobFace } from "../knob-face.ts";
import { Dial } from "./dial.tsx";

export function KnobView({ face }: { readonly face: KnobFace }): JSX.Element {
  const look = face.look.value;
  return (
    <PageFrame path="/knob" title={`Knob · ${face.name}`}>
      <main class="knob-page">
        <h2 class="knob-name">{face.name}</h2>
        {look === null ? (
          <p class="knob-awaited" role="status">
            {face.awaited}
          </p>
        ) : (
          <>
            <Dial
              look={look}
              label={face.name}
              onTurn={(value) => {
                face.turn(value);
              }}
            />
            <div class="knob-outcome">
              <p class="problem" role="alert">
                {look.problem}
              </p>
              <p class="muted" role="status">
                {look.note}
              </p>
              {face.setEnabled !== undefined && <Switch isOn={look.isEnabled} onSwitch={face.setEnabled} />}
            </div>
          </>
        )}
      </main>
    </PageFrame>
  );
}

interface SwitchProps {
  readonly isOn: boolean;
  readonly onSwitch: (isOn: boolean) => void;
}

function Switch({ isOn, onSwitch }: SwitchProps): JSX.Element {
  return (
    <button
      type="button"
      class="button button-line"
      role="switch"
      aria-checked={isOn}
      onClick={() => {
        onSwitch(!isOn);
      }}
    >
      <span class="knob-light" aria-hidden="true" />
      {isOn ? "Enabled" : "Disabled"}
    </button>
  );
}

// SPDX-License-Identifier: MIT
// A knob that a channel of actions turns: 0 to 100, at first at 75 and disabled.
import { turned, type DialRange } from "./dial.ts";

/** What it can be turned to. */
export const ACTION_RANGE: DialRange = { min: 0, max: 100, step: 1 };

/** How it stands. */
export interface ActionState {
  readonly value: number;
  readonly isEnabled: boolean;
}

export const FIRST_STATE: ActionState = { value: 75, isEnabled: false };

/** The state after a sample: `{"action":"enable"|"disable"|"left"|"right"}`; `left` and `right` turn by one, and only while it is enabled. Other samples change nothing. */
export function afterAction(state: ActionState, sample: unknown): ActionState {
  const action: unknown = typeof sample === "object" && sample !== null ? Reflect.get(sample, "action") : undefined;
  switch (action) {
    case "enable":
      return { ...state, isEnabled: true };
    case "disable":
      return { ...state, isEnabled: false };
    case "left":
      return afterTurn(state, -1);
    case "right":
      return afterTurn(state, 1);
    default:
      return state;
  }
}

/** The state after a turn by so many steps; the same while it is disabled. */
export function afterTurn(state: ActionState, steps: number): ActionState {
  return state.isEnabled ? { ...state, value: turned(state.value, steps, ACTION_RANGE) } : state;
}

// SPDX-License-Identifier: MIT
// What a large knob shows and takes, whatever stands behind it.
import type { ReadonlySignal } from "@preact/signals";
import type { DialRange } from "./dial.ts";

/** A knob as it is drawn. */
export interface KnobLook {
  readonly value: number;
  readonly range: DialRange;
  readonly unit: string;
  readonly isEnabled: boolean;
  /** Asked for, and not yet what holds. */
  readonly isPending: boolean;
  /** Why it stands still or went back; null: all is well. */
  readonly problem: string | null;
  /** What happened last, in words; empty: nothing to tell. */
  readonly note: string;
}

/** A knob on the page. */
export interface KnobFace {
  /** What it turns: a channel's or a parameter's name. */
  readonly name: string;
  /** Null while what it turns is not there. */
  readonly look: ReadonlySignal<KnobLook | null>;
  /** What is waited for while there is no look. */
  readonly awaited: string;
  /** A hand turned it to `value`, which is in its range. */
  turn(value: number): void;
  /** Switches it by hand; missing where a switch makes no sense. */
  readonly setEnabled?: (isEnabled: boolean) => void;
}

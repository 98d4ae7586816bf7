// SPDX-License-Identifier: MIT
// How one parameter stands: what the driver applied, what the user asked for meanwhile, and what came of the last set.
import type { ErrorCode } from "../../../model/errors.ts";
import type { Json } from "../../../session/messages.ts";
import type { Values } from "./history.ts";

/** Why a set was not done. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly paths: readonly string[];
}

/** A set that was done: the first sample after it, where the parameter governs a channel. */
export interface Receipt {
  readonly paths: readonly string[];
  readonly channel: string | null;
  readonly seq: number | null;
}

/** What a knob shows. Drafts are only what has not been answered yet: an answer, good or bad, ends them. */
export interface KnobState {
  /** The whole value that the driver said holds. */
  readonly applied: Json;
  /** By element path. */
  readonly drafts: ReadonlyMap<string, Json>;
  readonly isSending: boolean;
  readonly refusal: Refusal | null;
  readonly receipt: Receipt | null;
  /** What taking back the last change, whoever made it, would set, and what doing it again would; null: nothing. */
  readonly undo: Values | null;
  readonly redo: Values | null;
  /** Elements that somebody else changed just now. */
  readonly foreign: ReadonlySet<string>;
}

export function firstState(applied: Json): KnobState {
  return {
    applied,
    drafts: new Map(),
    isSending: false,
    refusal: null,
    receipt: null,
    undo: null,
    redo: null,
    foreign: new Set(),
  };
}

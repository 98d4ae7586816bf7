// SPDX-License-Identifier: MIT
// What was changed in one parameter, step by step, by whoever: so that it can be taken back, and done again.
import type { Json } from "../../../session/messages.ts";
import { readPath } from "../../../client/trace/element-path.ts";

/** Values by element path. */
export type Values = ReadonlyMap<string, Json>;

/** A way to go: to what was before the last step, or on to what was taken back. */
export type Direction = "undo" | "redo";

/** Steps that are remembered. */
export const MAX_STEPS = 100;

/** Changes of the same elements by the same side that follow each other within this are one step, as those of a drag. */
export const STEP_MS = 1000;

/** Whose change it was, and when, in ms from whenever. */
export interface Change {
  readonly isOwn: boolean;
  readonly atMs: number;
}

/** What was changed at once. */
export interface Step {
  readonly before: Values;
  readonly after: Values;
  /** Of its last change. */
  readonly change: Change;
}

/** The steps of one parameter. */
export class History {
  readonly #steps: Record<Direction, Step[]> = { undo: [], redo: [] };

  /** The next step that way. */
  next(direction: Direction): Step | undefined {
    return this.#steps[direction].at(-1);
  }

  /** Somebody changed the elements at `paths`. What was taken back before can then not be done again. */
  note(paths: readonly string[], before: Json, after: Json, change: Change): void {
    if (paths.length === 0) return;
    const { undo, redo } = this.#steps;
    const last = redo.length > 0 ? undefined : undo.at(-1);
    const isMore = last !== undefined && isSoonAfter(change, last.change) && hasAll(last.after, paths);
    if (isMore) undo.pop();
    this.add("undo", { before: isMore ? last.before : valuesAt(before, paths), after: valuesAt(after, paths), change });
    this.#steps.redo = [];
  }

  /** Takes the next step that way out, to be gone. */
  take(direction: Direction): Step | undefined {
    return this.#steps[direction].pop();
  }

  /** Puts a step where it can be gone next. */
  add(direction: Direction, step: Step): void {
    const steps = this.#steps[direction];
    steps.push(step);
    if (steps.length > MAX_STEPS) steps.shift();
  }
}

/** What a step sets when it is gone that way. */
export function targetOf({ before, after }: Step, direction: Direction): Values {
  return direction === "undo" ? before : after;
}

function isSoonAfter(change: Change, last: Change): boolean {
  return change.isOwn === last.isOwn && change.atMs - last.atMs < STEP_MS;
}

function hasAll(values: Values, paths: readonly string[]): boolean {
  return values.size === paths.length && paths.every((path) => values.has(path));
}

function valuesAt(value: Json, paths: readonly string[]): Values {
  return new Map(paths.map((path) => [path, readPath(value, path) ?? null]));
}

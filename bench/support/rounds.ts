// SPDX-License-Identifier: MIT
// Measures several ways of one thing in interleaved rounds, so that a machine that is busy for a while slows all of them.
import type { Run } from "./report.ts";

/** Someone who does the thing; `measure` does it once and returns what is compared. */
export interface Contender<T> {
  readonly name: string;
  readonly measure: (round: number) => Promise<T> | T;
}

/** What the contenders measured, by name, in the order of the rounds. */
export type Measured<T> = ReadonlyMap<string, readonly T[]>;

/**
 * Runs all rounds, after one that does not count, in which everybody's code gets compiled (not with `tiny`). Whoever comes second finds warmer caches, so they take
 * turns in coming first.
 */
export async function interleave<T>(
  { rounds, say, tiny }: Pick<Run, "rounds" | "say" | "tiny">,
  what: string,
  contenders: readonly Contender<T>[],
): Promise<Measured<T>> {
  const measured = new Map<string, T[]>(contenders.map(({ name }) => [name, []]));
  for (const { measure } of tiny ? [] : contenders) await measure(0);
  for (let round = 0; round < rounds; round++) {
    say(`${what}: round ${String(round + 1)} of ${String(rounds)}`);
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(turn + round) % contenders.length];
      if (contender !== undefined) measured.get(contender.name)?.push(await contender.measure(round));
    }
  }
  return measured;
}

/** The ratios of a round each: one contender's values ÷ another's. Empty when one of them did not run. */
export function ratios<T>(measured: Measured<T>, ours: string, theirs: string, value: (one: T) => number): number[] {
  const others = measured.get(theirs);
  if (others === undefined) return [];
  return (measured.get(ours) ?? []).flatMap((one, round) => {
    const other = others[round];
    return other === undefined ? [] : [value(one) / value(other)];
  });
}

/** One contender's values. */
export function values<T>(measured: Measured<T>, name: string, value: (one: T) => number): number[] {
  return (measured.get(name) ?? []).map(value);
}

/** What is measured in slices that take turns within a round: so many rounds of slices, in order, each folded into one. */
export function folded<T>(measured: Measured<T>, slices: number, fold: (slices: readonly T[]) => T): Measured<T> {
  const inRounds = (all: readonly T[]): T[] =>
    Array.from({ length: Math.floor(all.length / slices) }, (_, round) =>
      fold(all.slice(round * slices, (round + 1) * slices)),
    );
  return new Map([...measured].map(([name, all]) => [name, inRounds(all)]));
}

// SPDX-License-Identifier: MIT
// Fuzzing in this process, guided by coverage: what reaches new places is kept and changed further.
import { seededRandom } from "../truth/random-values.ts";
import { Coverage } from "./coverage.ts";
import { type Material, mutate } from "./mutate.ts";

/** Something that takes hostile bytes. */
export interface FuzzTarget extends Pick<Material, "words" | "maxBytes"> {
  readonly name: string;
  readonly seeds: readonly Uint8Array[];
  /** Takes one input. Throws when something is not as it must be. */
  readonly run: (input: Uint8Array) => void;
}

/** How long to go on. */
export interface FuzzLimits {
  readonly runs: number;
  readonly seconds: number;
  /** The same seed and number of runs give the same inputs. */
  readonly seed: number;
}

/** What was done. */
export interface FuzzReport {
  readonly runs: number;
  /** Inputs that reached new places, with the seeds. */
  readonly kept: number;
  readonly slowestMs: number;
}

/** No input may take longer, in time of the processor: the largest that are sound take a few milliseconds. */
const MAX_MS = 5_000;
const MAX_MEMORY_BYTES = 3 * 2 ** 30;
const SHOWN_BYTES = 16_384;

/** Runs the seeds, then changed inputs. Throws, with the input as base64, at the first that is not taken as it must be. */
export function fuzz(target: FuzzTarget, limits: FuzzLimits): FuzzReport {
  const random = seededRandom(limits.seed);
  const corpus = [...target.seeds];
  const { words, maxBytes } = target;
  const end = performance.now() + limits.seconds * 1000;
  const coverage = new Coverage();
  let [runs, slowestMs] = [0, 0];
  try {
    for (const seed of target.seeds) slowestMs = Math.max(slowestMs, runOne(target, seed));
    coverage.reached();
    while (runs < limits.runs && performance.now() < end) {
      const input = mutate(corpus[random(corpus.length)] ?? new Uint8Array(0), random, { corpus, words, maxBytes });
      slowestMs = Math.max(slowestMs, runOne(target, input));
      runs++;
      if (coverage.reached() > 0) corpus.push(input);
    }
  } finally {
    coverage.stop();
  }
  return { runs, kept: corpus.length, slowestMs };
}

function runOne(target: FuzzTarget, input: Uint8Array): number {
  const before = process.cpuUsage();
  try {
    target.run(input);
  } catch (thrown) {
    throw new Error(`${target.name} does not stand ${shown(input)}`, { cause: thrown });
  }
  const { user, system } = process.cpuUsage(before);
  const ms = (user + system) / 1000;
  if (ms > MAX_MS) throw new Error(`${target.name} takes ${String(Math.round(ms))} ms for ${shown(input)}`);
  const memory = process.memoryUsage.rss();
  if (memory > MAX_MEMORY_BYTES) throw new Error(`${target.name} has ${String(memory)} bytes after ${shown(input)}`);
  return ms;
}

function shown(input: Uint8Array): string {
  const base64 = Buffer.from(input.subarray(0, SHOWN_BYTES)).toString("base64");
  return `${String(input.length)} bytes, in base64: ${base64}`;
}

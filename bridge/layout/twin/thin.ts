// SPDX-License-Identifier: MIT
// The thinners in JavaScript; the same as native/decode/thin.cpp.
import { BridgeError } from "../../model/errors.ts";
import { leafAt, readStructs } from "../column.ts";
import { elementOffset } from "../element.ts";
import { checkNs, extremeLeaves, type ExtremesThinning, type Thinner, type Thinning } from "../select/thin.ts";
import { sameStream } from "./merge.ts";
import { sequenceAt, sourceOf, Taken, timeAt, type Source } from "./take.ts";
import { elementReader, type ReadElement } from "./value.ts";

/** What {@link Codec.thinner} says. */
export function makeThinner(spec: Thinning): Thinner {
  return spec.kind === "rate" ? rateThinner(checkNs(spec.periodNs)) : new ExtremesThinner(spec);
}

function rateThinner(periodNs: number): Thinner {
  let last: bigint | undefined;
  return {
    push(batch) {
      const source = sourceOf(batch);
      const taken = new Taken();
      for (let i = 0; i < source.parts.header.count; i++) {
        const time = timeAt(source, i);
        if (last !== undefined && (time < last ? last - time : time - last) < BigInt(periodNs)) continue;
        last = time;
        taken.add(source, i);
      }
      return taken.count === source.parts.header.count ? [batch] : taken.write();
    },
    flush: () => [],
  };
}

/** A sample that may be kept. */
interface Candidate {
  readonly source: Source;
  readonly sample: number;
}

/** One element of one leaf, and who holds its extremes in the open column. */
interface Series {
  readonly read: ReadElement;
  readonly offset: number;
  least?: { readonly value: number | bigint; readonly at: Candidate };
  greatest?: { readonly value: number | bigint; readonly at: Candidate };
}

class ExtremesThinner implements Thinner {
  readonly #spec: ExtremesThinning;
  readonly #series: readonly Series[];
  #begin = 0n;
  #first: Candidate | undefined;
  #last: Candidate | undefined;

  constructor(spec: ExtremesThinning) {
    this.#spec = spec;
    checkNs(spec.columnNs);
    this.#series = extremeLeaves(spec).flatMap((index) => {
      const leaf = leafAt(spec.layout, index);
      const read = elementReader(leaf, spec.layout.endian === "le");
      return Array.from({ length: leaf.count }, (_, element): Series => ({
        read,
        offset: elementOffset(leaf, element),
      }));
    });
  }

  push(batch: Uint8Array): readonly Uint8Array[] {
    const source = sourceOf(batch, readStructs(this.#spec.layout, batch));
    if (this.#last !== undefined) checkFollows(this.#last, source);
    const taken = new Taken();
    for (let sample = 0; sample < source.parts.header.count; sample++) {
      const candidate = { source, sample };
      const time = timeAt(source, sample);
      if (this.#first === undefined || !this.#within(time)) {
        this.#take(taken);
        this.#open(time, candidate);
      }
      this.#last = candidate;
      this.#look(candidate);
    }
    this.#hold();
    return taken.write();
  }

  flush(): readonly Uint8Array[] {
    const taken = new Taken();
    this.#take(taken);
    this.#clear();
    return taken.write();
  }

  #within(time: bigint): boolean {
    return BigInt.asUintN(64, time - this.#begin) < BigInt(this.#spec.columnNs);
  }

  #open(time: bigint, first: Candidate): void {
    const width = BigInt(this.#spec.columnNs);
    const rest = time % width;
    this.#begin = time - (rest < 0n ? rest + width : rest);
    this.#clear();
    this.#first = first;
  }

  #clear(): void {
    this.#first = undefined;
    this.#last = undefined;
    for (const series of this.#series) {
      delete series.least;
      delete series.greatest;
    }
  }

  #look(at: Candidate): void {
    const { view, parts } = at.source;
    const struct = parts.samplesAt + at.sample * parts.header.size;
    for (const series of this.#series) {
      const value = series.read(view, struct + series.offset);
      if (Number.isNaN(value)) continue;
      if (series.least === undefined || value < series.least.value) series.least = { value, at };
      if (series.greatest === undefined || value > series.greatest.value) series.greatest = { value, at };
    }
  }

  /** The candidates of the open column in the order of their sequences, each once. */
  #candidates(): Candidate[] {
    const all = [this.#first, this.#last, ...this.#series.flatMap(({ least, greatest }) => [least?.at, greatest?.at])];
    const bySequence = new Map(
      all.flatMap((each) => (each === undefined ? [] : [[sequenceAt(each.source, each.sample), each] as const])),
    );
    return [...bySequence].sort(([a], [b]) => a - b).map(([, each]) => each);
  }

  #take(taken: Taken): void {
    for (const { source, sample } of this.#candidates()) taken.add(source, sample);
  }

  /** Moves the candidates to a batch of their own, so that those they came in can go. */
  #hold(): void {
    const candidates = this.#candidates();
    const taken = new Taken();
    for (const { source, sample } of candidates) taken.add(source, sample);
    const [batch] = taken.write();
    if (batch === undefined) return;
    const source = sourceOf(batch);
    const moved = new Map(
      candidates.map((each, sample) => [sequenceAt(each.source, each.sample), { source, sample }] as const),
    );
    const move = (each: Candidate): Candidate => moved.get(sequenceAt(each.source, each.sample)) ?? each;
    this.#first &&= move(this.#first);
    this.#last &&= move(this.#last);
    for (const series of this.#series) {
      if (series.least !== undefined) series.least = { ...series.least, at: move(series.least.at) };
      if (series.greatest !== undefined) series.greatest = { ...series.greatest, at: move(series.greatest.at) };
    }
  }
}

function checkFollows({ source, sample }: Candidate, next: Source): void {
  if (!sameStream(source.parts, next.parts)) {
    throw new BridgeError("invalid_argument", "thinning: a batch of another stream, layout or epoch; flush first");
  }
  if (next.parts.header.first <= sequenceAt(source, sample)) {
    throw new BridgeError("invalid_argument", "thinning: batches come in order of their sequences");
  }
}

// SPDX-License-Identifier: MIT
// Makes of a stream's batches what its readers get: shaped, merged, stamped, encoded; once for all of them.
import { BridgeError } from "../model/errors.ts";
import type { Channel } from "./channel.ts";
import type { Form } from "./form.ts";
import type { Loan } from "./loans.ts";
import type { BatchTools, Chunk, Clock, Run, Shaper } from "./ports.ts";
import type { SchemaEntry, Schemas } from "./schemas.ts";
import { spanOf, type Span } from "./span.ts";

/** Batches are merged up to this size; beyond it a copy costs more than one more record in the message. */
export const MERGE_BYTES = 65_536;

/** A stream's messages tell when they were read and made at most so often. */
export const STAMP_MS = 100;

/** What a packer needs of its hub. */
export interface PackerParts {
  readonly tools: BatchTools;
  readonly clock: Clock;
  readonly schemas: Schemas;
}

/** Packs for one stream, from one beginning of its channel to the next. */
export class Packer {
  readonly #stream: number;
  readonly #channel: Channel;
  readonly #form: Form;
  readonly #parts: PackerParts;
  readonly #shaper: Shaper | null;
  #stampedMs = 0;
  /** The layout that the readers see; null: the channel has none. */
  readonly schema: SchemaEntry | null;

  /** Throws `unknown_field`, `invalid_argument` or `message_too_large` when the channel cannot be had in this form. */
  constructor(stream: number, channel: Channel, form: Form, parts: PackerParts) {
    this.#stream = stream;
    this.#channel = channel;
    this.#form = form;
    this.#parts = parts;
    const { kind, schema } = channel;
    if (schema === null && (form.fields !== null || form.delivery === "minmax")) {
      throw new BridgeError("invalid_argument", `"${channel.name}" is of ${kind}, so it has no fields`);
    }
    this.#shaper = parts.tools.shaper(form, schema?.layout ?? null);
    const struct = this.#shaper?.struct ?? null;
    this.schema = schema === null || struct === null ? schema : parts.schemas.derive(schema, struct);
  }

  /** The samples of a run, in order, or with `latest` its newest sample, and one of another sender where the run begins with that; undefined when none is kept. Throws what the tools throw. */
  pack(run: readonly Span[]): Chunk | undefined {
    const tail = run.at(-1);
    if (tail === undefined) return undefined;
    if (this.#form.delivery === "latest") {
      const chunk = this.newest(tail, true);
      const other = run.length > 1 ? run[0] : undefined;
      const instead = other === undefined ? undefined : this.newest(other, false);
      return chunk === undefined || instead === undefined ? chunk : { ...chunk, instead };
    }
    const shaper = this.#shaper;
    if (shaper === null) return this.#chunk(run, true);
    const labels = this.#labels();
    return this.#chunk(
      run.flatMap(({ batch, readMs }) => shaper.take(batch, labels).map((part) => spanOf(part, readMs))),
      true,
    );
  }

  /** The newest sample of a span alone. */
  newest({ batch, readMs }: Span, stamped: boolean): Chunk | undefined {
    const newest = this.#parts.tools.newest(batch, this.#stream);
    // Rates and columns do not count for what is asked for by itself.
    const parts = this.#shaper === null ? [newest] : this.#shaper.cut(newest, this.#labels());
    return this.#chunk(
      parts.map((part) => spanOf(part, readMs)),
      stamped,
    );
  }

  /** Whether samples wait in a column that is not over. */
  get holds(): boolean {
    return this.#shaper?.holds ?? false;
  }

  /** What is held of a column that is not over; undefined when there is nothing. */
  rest(): Chunk | undefined {
    const shaper = this.#shaper;
    if (shaper?.holds !== true) return undefined;
    const readMs = this.#parts.clock.now();
    return this.#chunk(
      shaper.flush(this.#labels()).map((part) => spanOf(part, readMs)),
      false,
    );
  }

  #labels(): { readonly stream: number; readonly schema: number } {
    return { stream: this.#stream, schema: this.schema?.id ?? 0 };
  }

  #chunk(spans: readonly Span[], stamped: boolean): Chunk | undefined {
    const [head] = spans;
    const tail = spans.at(-1);
    if (head === undefined || tail === undefined) return undefined;
    const { tools, clock } = this.#parts;
    const groups = compact(spans, tools);
    let parts = groups.map(({ batch }) => batch);
    const runs: (Run | null)[] | null = tail.sender === 0 ? null : groups;
    let loans: readonly Loan[] = groups.flatMap(({ loan }) => loan ?? []);
    if (this.#form.encoding === "json") {
      const { kind } = this.#channel;
      loans = [];
      parts = parts.map((batch) => tools.samples(this.#stream, kind, this.schema?.layout ?? null, batch));
    } else if (stamped) {
      const now = clock.now();
      if (now - this.#stampedMs >= STAMP_MS) {
        this.#stampedMs = now;
        parts.unshift(tools.stamp(this.#stream, tail.readMs, now));
        runs?.unshift(null);
      }
    }
    let [bytes, count] = [0, 0];
    for (const { byteLength } of parts) bytes += byteLength;
    for (const span of spans) count += span.count;
    return { epoch: tail.epoch, first: head.first, last: tail.last, count, bytes, parts, runs, loans, instead: null };
  }
}

/** A batch made of neighbours. */
interface Group extends Run {
  readonly batch: Uint8Array;
  /** The memory that it is in, where that is lent. */
  readonly loan: Loan | null;
}

/** Merges neighbours of one sender that are small. */
function compact(spans: readonly Span[], tools: BatchTools): Group[] {
  const out: Group[] = [];
  const used = new Map<ArrayBufferLike, number>();
  for (const { batch } of spans) used.set(batch.buffer, (used.get(batch.buffer) ?? 0) + batch.byteLength);
  let group: Span[] = [];
  let groupBytes = 0;
  let sender = 0;
  const close = (): void => {
    const [head] = group;
    const tail = group.at(-1);
    if (head === undefined || tail === undefined) return;
    const batch = head === tail ? unchained(head.batch, used) : tools.merge(group.map((span) => span.batch));
    const loan = batch === head.batch ? head.loan : null;
    const count = group.reduce((sum, span) => sum + span.count, 0);
    out.push({ batch, loan, sender, first: head.first, last: tail.last, count });
    group = [];
    groupBytes = 0;
  };
  for (const span of spans) {
    if (span.sender !== sender || groupBytes + span.batch.byteLength > MERGE_BYTES) close();
    sender = span.sender;
    group.push(span);
    groupBytes += span.batch.byteLength;
  }
  close();
  return out;
}

/** Records of one chunk share its memory: few of them that wait long in a session would keep all of it, so they get their own. `used`: bytes of it that wait together. */
function unchained(part: Uint8Array, used: ReadonlyMap<ArrayBufferLike, number>): Uint8Array {
  return 4 * (used.get(part.buffer) ?? 0) < part.buffer.byteLength ? part.slice() : part;
}

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
      run.flatMap((span) => shaper.take(span.batch, labels).map((part) => spanOf(part, span))),
      true,
    );
  }

  /** The newest sample of a span alone. */
  newest(span: Span, stamped: boolean): Chunk | undefined {
    const newest = this.#parts.tools.newest(span.batch, this.#stream);
    // Rates and columns do not count for what is asked for by itself.
    const parts = this.#shaper === null ? [newest] : this.#shaper.cut(newest, this.#labels());
    return this.#chunk(
      parts.map((part) => spanOf(part, span)),
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
    const origin = { epoch: this.#channel.epoch, readMs: this.#parts.clock.now() };
    return this.#chunk(
      shaper.flush(this.#labels()).map((part) => spanOf(part, origin)),
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
    const packed = compact(spans, tools);
    let { parts, loans } = packed;
    const runs: (Run | null)[] | null = tail.sender === 0 ? null : packed.runs;
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
    let bytes = 0;
    let count = 0;
    for (const { byteLength } of parts) bytes += byteLength;
    for (const span of spans) count += span.count;
    return { epoch: tail.epoch, first: head.first, last: tail.last, count, bytes, parts, runs, loans, instead: null };
  }
}

/** What spans became: batches, the memory that these are in where that is lent, and what each holds. */
interface Packed {
  readonly parts: Uint8Array[];
  readonly loans: Loan[];
  readonly runs: Run[];
}

/** Merges neighbours of one sender that are small. */
function compact(spans: readonly Span[], tools: BatchTools): Packed {
  const packed: Packed = { parts: [], loans: [], runs: [] };
  let at = 0;
  for (let head = spans[0]; head !== undefined; head = spans[at]) {
    const end = groupEnd(spans, at, head);
    const tail = spans[end - 1] ?? head;
    if (tail === head) {
      const part = unchained(head.batch, spans);
      packed.parts.push(part);
      if (part === head.batch && head.loan !== null && packed.loans.at(-1) !== head.loan) packed.loans.push(head.loan);
    } else {
      packed.parts.push(tools.merge(spans.slice(at, end).map(({ batch }) => batch)));
    }
    let count = 0;
    for (; at < end; at++) count += spans[at]?.count ?? 0;
    packed.runs.push({ sender: head.sender, first: head.first, last: tail.last, count });
  }
  return packed;
}

/** Behind the last one that goes into one batch with the one at `at`, which is `head`. */
function groupEnd(spans: readonly Span[], at: number, head: Span): number {
  let bytes = head.batch.byteLength;
  for (let end = at + 1; ; end++) {
    const next = spans[end];
    if (next?.sender !== head.sender) return end;
    bytes += next.batch.byteLength;
    if (bytes > MERGE_BYTES) return end;
  }
}

/** Records of one chunk share its memory: few of them that wait long in a session would keep all of it, so they get their own. */
function unchained(part: Uint8Array, spans: readonly Span[]): Uint8Array {
  const { buffer } = part;
  if (4 * part.byteLength >= buffer.byteLength) return part;
  let usedBytes = 0;
  for (const { batch } of spans) if (batch.buffer === buffer) usedBytes += batch.byteLength;
  return 4 * usedBytes < buffer.byteLength ? part.slice() : part;
}

// SPDX-License-Identifier: MIT
// Cuts a byte stream into records in JavaScript; the same as native/core/split.c.
import {
  FLAG_SEQUENCES,
  MAX_BATCH_COUNT,
  MAX_RECORD_BYTES,
  PREFIX_BYTES,
  RECORD_BATCH,
  RECORD_GAP,
} from "../../model/batch.ts";
import { BridgeError, toBridgeError } from "../../model/errors.ts";
import { readBatch, recordBytes, recordType, refuseRecord, viewOf } from "../batch.ts";
import type { Route } from "../codec.ts";
import { readGap } from "../record.ts";
import { SPLIT_STATE, type RawSplitter } from "../splitter.ts";
import { placesOf } from "./header.ts";
import { sameStream, writeMerged, type Part } from "./merge.ts";

const FIRST_CONTROL = 16;
const LAST_CONTROL = 63;
const MAX_ROUTES = 4096;
/** Two batches of so many bytes stay two. */
const LARGE_BYTES = 49_152;
/** HELLO, ADVERTISE and WITHDRAW: whoever reads them may change routes and limits. */
const STOPS: ReadonlySet<number> = new Set([16, 18, 19]);

/** Consecutive batches that become one, or one record of another kind. */
interface Group {
  readonly batches: Part[];
  readonly record: Uint8Array;
  bytes: number;
  samples: number;
  samplesBytes: number;
}

/** Makes the JavaScript half of a splitter. */
export function rawSplitter(): RawSplitter {
  const state = new Float64Array(SPLIT_STATE.length);
  const routes = new Map<number, Route>();
  let pending = new Uint8Array(0);
  let used = 0;
  let maxBytes = MAX_RECORD_BYTES;
  let addedNs = 0n;
  let failure: BridgeError | undefined;

  function count(index: number, more: number): void {
    state[index] = (state[index] ?? 0) + more;
  }

  function append(chunk: Uint8Array): void {
    if (used + chunk.length > pending.length) {
      const larger = new Uint8Array(Math.max(used + chunk.length, Math.min(pending.length * 2, MAX_RECORD_BYTES)));
      larger.set(pending.subarray(0, used));
      pending = larger;
    }
    pending.set(chunk, used);
    used += chunk.length;
  }

  /** The record at `at` if it is there as a whole; throws when it is none. */
  function recordAt(at: number): Uint8Array | undefined {
    const rest = pending.subarray(at, used);
    if (rest.length < PREFIX_BYTES) return undefined;
    const bytes = recordBytes(rest);
    if (bytes > maxBytes) refuseRecord(`has ${String(bytes)} bytes, ${String(maxBytes)} are allowed here`);
    return rest.length < bytes ? undefined : rest.subarray(0, bytes);
  }

  function routed(stream: number): Route {
    return routes.get(stream) ?? refuseRecord(`is of stream ${String(stream)}, which was not advertised`);
  }

  function accept(record: Uint8Array, groups: Group[]): void {
    const type = recordType(record);
    if (type === RECORD_BATCH) {
      const parts = readBatch(record);
      const { stream, size, count: samples } = parts.header;
      if (routed(stream).size !== size) refuseRecord(`is a batch of structs of ${String(size)} bytes`);
      addBatch(groups, { batch: record, parts });
      count(SPLIT_STATE.batches, 1);
      count(SPLIT_STATE.samples, samples);
    } else {
      if (type === RECORD_GAP) routed(readGap(record).stream);
      else if (type < FIRST_CONTROL || type > LAST_CONTROL) refuseRecord(`is of the unknown type ${String(type)}`);
      groups.push({ batches: [], record, bytes: record.length, samples: 0, samplesBytes: 0 });
    }
    count(SPLIT_STATE.records, 1);
  }

  function write(groups: readonly Group[]): ArrayBuffer | null {
    const bytes = groups.reduce((sum, group) => sum + group.bytes, 0);
    if (bytes === 0) return null;
    const memory = new ArrayBuffer(bytes);
    let at = 0;
    for (const group of groups) {
      const out = new Uint8Array(memory, at, group.bytes);
      writeGroup(group, out);
      at += group.bytes;
    }
    return memory;
  }

  function writeGroup({ batches, record }: Group, out: Uint8Array): void {
    if (batches.length > 1) writeMerged(batches, false, out);
    else out.set(record);
    const type = recordType(record);
    if (type !== RECORD_BATCH && type !== RECORD_GAP) return;
    const view = viewOf(out);
    const to = routed(view.getUint32(8, true));
    view.setUint32(8, to.stream, true);
    if (type === RECORD_GAP) return;
    view.setUint32(12, to.schema, true);
    if (addedNs === 0n) return;
    const end = 40 + view.getUint32(32, true) * 8;
    for (let at = 40; at < end; at += 8) view.setBigInt64(at, view.getBigInt64(at, true) + addedNs, true);
  }

  return {
    state,
    push(chunk) {
      if (failure !== undefined) throw failure;
      append(chunk);
      if (chunk.length > 0) count(SPLIT_STATE.chunks, 1);
      const groups: Group[] = [];
      let at = 0;
      let stopped = false;
      try {
        while (!stopped) {
          const record = recordAt(at);
          if (record === undefined) break;
          accept(record, groups);
          at += record.length;
          stopped = STOPS.has(recordType(record));
        }
      } catch (thrown) {
        failure = toBridgeError(thrown);
        if (groups.length === 0) throw failure;
      }
      state[SPLIT_STATE.more] = stopped || failure !== undefined ? 1 : 0;
      const memory = write(groups);
      pending.copyWithin(0, at, used);
      used -= at;
      state[SPLIT_STATE.ready] = memory?.byteLength ?? 0;
      state[SPLIT_STATE.kept] = used;
      return memory;
    },
    limit(maxRecordBytes) {
      maxBytes = maxRecordBytes;
    },
    route(from, stream, schema, size) {
      if (!routes.has(from) && routes.size >= MAX_ROUTES) {
        throw new BridgeError("invalid_argument", `a link has at most ${String(MAX_ROUTES)} streams`);
      }
      routes.set(from, { stream, schema, size });
    },
    unroute(from) {
      routes.delete(from);
    },
    offset(ns) {
      addedNs = ns;
    },
  };
}

function addBatch(groups: Group[], part: Part): void {
  const group = groups[groups.length - 1];
  const before = group?.batches[group.batches.length - 1];
  const { count } = part.parts.header;
  const { samplesBytes } = part.parts;
  const large = group !== undefined && group.bytes >= LARGE_BYTES && part.batch.length >= LARGE_BYTES;
  if (group !== undefined && before !== undefined && !large && follows(before, part)) {
    const samples = group.samples + count;
    const { flags } = part.parts.header;
    const { bytes } = placesOf({ count: samples, flags }, group.samplesBytes + samplesBytes);
    if (samples <= MAX_BATCH_COUNT && bytes <= MAX_RECORD_BYTES) {
      group.batches.push(part);
      group.bytes = bytes;
      group.samples = samples;
      group.samplesBytes += samplesBytes;
      return;
    }
  }
  groups.push({ batches: [part], record: part.batch, bytes: part.batch.length, samples: count, samplesBytes });
}

/** Only consecutive sequences merge here: a list of them could make the merged batch longer than its parts. */
function follows({ parts: a }: Part, { parts: b }: Part): boolean {
  if (((a.header.flags | b.header.flags) & FLAG_SEQUENCES) !== 0) return false;
  return sameStream(a, b) && b.header.first === a.header.first + a.header.count;
}

// SPDX-License-Identifier: MIT
// Checks what a program publishes in JavaScript; the same as native/decode/admit.cpp.
import { FLAG_VARIABLE, MAX_SAMPLE_BYTES } from "../../model/batch.ts";
import { BridgeError } from "../../model/errors.ts";
import { readBatch, refuseRecord, viewOf } from "../batch.ts";
import { MAX_JSON_DEPTH } from "../codec.ts";

/** What {@link Codec.admit} says. */
export function admitBatch(batch: Uint8Array, kind: "json" | "bytes", nowMs: number): void {
  const view = viewOf(batch);
  refuseLarge(view);
  const { header, timesAt, lengthsAt, samplesAt } = readBatch(batch);
  if (lengthsAt === 0) refuseRecord("is a batch of structs, not of JSON or bytes");
  let at = samplesAt;
  for (let i = 0; i < header.count; i++) {
    const length = view.getUint32(lengthsAt + 4 * i, true);
    if (kind === "json") checkJson(batch.subarray(at, at + length));
    at += length;
  }
  const now = BigInt(Math.round(nowMs * 1000)) * 1000n;
  for (let i = 0; i < header.count; i++) {
    const timeAt = timesAt + 8 * i;
    if (view.getBigInt64(timeAt, true) === 0n) view.setBigInt64(timeAt, now, true);
  }
}

/** A payload above the limit would else only be a record that breaks the format. */
function refuseLarge(view: DataView): void {
  if (view.byteLength < 40 || (view.getUint8(5) & FLAG_VARIABLE) === 0) return;
  const count = view.getUint32(32, true);
  const lengthsAt = 40 + (view.getUint8(5) & 1 ? 16 : 8) * count;
  if (lengthsAt + 4 * count > view.byteLength) return;
  for (let i = 0; i < count; i++) {
    if (view.getUint32(lengthsAt + 4 * i, true) > MAX_SAMPLE_BYTES) {
      throw new BridgeError("message_too_large", "a sample has at most 1 MiB");
    }
  }
}

function checkJson(payload: Uint8Array): void {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload);
    JSON.parse(text);
  } catch (cause) {
    throw new BridgeError("bad_value", "what is published is not JSON", { cause });
  }
  if (depthOf(text) > MAX_JSON_DEPTH) throw new BridgeError("bad_value", "JSON is nested deeper than 64");
}

/** How deep arrays and objects of a JSON text stand in each other. */
function depthOf(json: string): number {
  let [depth, deepest] = [0, 0];
  for (let i = 0; i < json.length; i++) {
    const c = json[i];
    if (c === '"') {
      for (i++; json[i] !== '"'; i++) if (json[i] === "\\") i++;
    } else if (c === "[" || c === "{") {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (c === "]" || c === "}") {
      depth -= 1;
    }
  }
  return deepest;
}

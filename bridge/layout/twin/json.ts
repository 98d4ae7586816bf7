// SPDX-License-Identifier: MIT
// Structs and batches as JSON text in JavaScript, by the rules of docs/client-protocol.md, "Encoding json".
import { BridgeError } from "../../model/errors.ts";
import type { Dimension, Layout, Leaf, Member } from "../../model/schema.ts";
import { readBatch, readCount, refuseRecord, viewOf, type BatchParts } from "../batch.ts";
import { leafAt, readStructs } from "../column.ts";
import { timeMs } from "../record.ts";
import { SCALARS } from "../scalars.ts";
import { base64Of, textOf } from "../text.ts";
import { loadInteger } from "./bits.ts";

export const MAX_JSON_BYTES = 268_435_456;

const MAX_EXACT = 2n ** 53n;

/** The text of the value at an offset: one writer for each leaf, array and struct, made once per layout. */
export type Writer = (view: DataView, at: number) => string;

/** Makes the writer of one struct of a layout. */
export function structWriter(layout: Layout): Writer {
  return membersWriter(layout, layout.members);
}

/** A batch of structs as the text of a JSON array. */
export function structsJson(layout: Layout, write: Writer, batch: Uint8Array): string {
  const parts = readStructs(layout, batch);
  const view = viewOf(batch);
  return samplesJson(parts, view, (i) => write(view, parts.samplesAt + i * layout.size));
}

/** A batch of JSON or byte payloads as the text of a JSON array. */
export function payloadsJson(batch: Uint8Array, variable: "json" | "bytes"): string {
  const parts = readBatch(batch);
  if (parts.lengthsAt === 0) refuseRecord("is a batch of structs, not of JSON or bytes");
  const view = viewOf(batch);
  let at = parts.samplesAt;
  return samplesJson(parts, view, (i) => {
    const length = view.getUint32(parts.lengthsAt + i * 4, true);
    const payload = batch.subarray(at, at + length);
    at += length;
    return variable === "bytes" ? `"${base64Of(payload)}"` : checkedJson(payload);
  });
}

function samplesJson(parts: BatchParts, view: DataView, value: (sample: number) => string): string {
  const { header, timesAt, sequencesAt, lengthsAt } = parts;
  const sender = lengthsAt === 0 || header.schema === 0 ? "" : `,"sender":${String(header.schema)}`;
  let text = "[";
  for (let i = 0; i < header.count; i++) {
    const seq = sequencesAt === 0 ? header.first + i : readCount(view, sequencesAt + i * 8, "a sequence");
    const time = timeMs(view, timesAt + i * 8);
    text += `${i === 0 ? "" : ","}{"seq":${String(seq)},"time":${String(time)}${sender},"value":${value(i)}}`;
    if (text.length > MAX_JSON_BYTES)
      throw new BridgeError("message_too_large", "a batch makes more than 256 MiB of JSON");
  }
  return `${text}]`;
}

function checkedJson(payload: Uint8Array): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload);
    JSON.parse(text);
    return text;
  } catch (cause) {
    throw new BridgeError("bad_record", "record: holds a payload that is not JSON", { cause });
  }
}

function membersWriter(layout: Layout, members: readonly Member[]): Writer {
  const writers = members.map((member) => memberWriter(layout, member));
  const keys = members.map((member, i) => `${i === 0 ? "" : ","}${JSON.stringify(member.name)}:`);
  return (view, at) => {
    let text = "{";
    for (let i = 0; i < writers.length; i++) text += (keys[i] ?? "") + (writers[i]?.(view, at) ?? "");
    return `${text}}`;
  };
}

function memberWriter(layout: Layout, member: Member): Writer {
  if ("members" in member) return arrayWriter(member.dims, membersWriter(layout, member.members));
  // A leaf's offset counts from the start of the whole struct; `at` moves only with the elements of arrays.
  const leaf = leafAt(layout, member.leaf);
  const write = leafWriter(leaf, layout.endian === "le");
  return arrayWriter(member.dims, (view, at) => write(view, at + leaf.offset));
}

function arrayWriter(dims: readonly Dimension[], write: Writer): Writer {
  const [outer, ...inner] = dims;
  if (outer === undefined) return write;
  const element = arrayWriter(inner, write);
  return (view, at) => {
    let text = "[";
    for (let i = 0; i < outer.length; i++) text += (i === 0 ? "" : ",") + element(view, at + i * outer.stride);
    return `${text}]`;
  };
}

function leafWriter(leaf: Leaf, little: boolean): Writer {
  if (leaf.kind === "text") return (view, at) => JSON.stringify(textOf(part(view, at, leaf.capacity)));
  if (leaf.kind === "bytes") return (view, at) => `"${base64Of(part(view, at, leaf.capacity))}"`;
  if (leaf.type === "f64") return (view, at) => floatText(view.getFloat64(at, little));
  if (leaf.type === "f32") return (view, at) => floatText(view.getFloat32(at, little));
  if (leaf.kind === "bool") return (view, at) => (loadInteger(view, at, leaf, little) === 0n ? "false" : "true");
  const labels = new Map([...(leaf.labels ?? [])].reverse().map(([label, value]) => [value, JSON.stringify(label)]));
  const wide = SCALARS[leaf.type].bytes === 8;
  return (view, at) => {
    const value = loadInteger(view, at, leaf, little);
    const digits = wide && (value > MAX_EXACT || value < -MAX_EXACT) ? `"${value.toString()}"` : value.toString();
    return labels.get(value) ?? digits;
  };
}

function floatText(value: number): string {
  return Number.isFinite(value) ? String(value) : "null";
}

function part(view: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, length);
}

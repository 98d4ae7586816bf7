// SPDX-License-Identifier: MIT
// The one frame of which replies and samples consist: topic, NUL, length of the pickled meta (u16, little-endian), meta, payload.
import { pickle, pickleTuple } from "./pickle/pickle.ts";

const NUL = 0;

/** What stands before a payload: whether the function succeeded, and where it is asked for the time in seconds. */
export function packMeta(success: boolean, timeS: number | undefined): Uint8Array {
  return timeS === undefined ? pickle(success) : pickleTuple([success, timeS]);
}

/** One whole frame. A reply has the topic "". */
export function packFrame(topic: string, meta: Uint8Array, payload: Uint8Array): Buffer {
  const head = Buffer.byteLength(topic);
  const frame = Buffer.allocUnsafe(head + 3 + meta.length + payload.length);
  frame.write(topic, 0, "utf8");
  frame[head] = NUL;
  frame.writeUInt16LE(meta.length, head + 1);
  frame.set(meta, head + 3);
  frame.set(payload, head + 3 + meta.length);
  return frame;
}

/** The content type of samples that are such frames, as relays of another router's streams publish them. */
export const ROUTER_FRAME = "application/vnd.router-frame";

/** The same frame with another topic: what another router sent stays as it is, its time and its success, too. Undefined: it is none. */
export function renameFrame(frame: Uint8Array, topic: string): Buffer | undefined {
  const end = frame.indexOf(NUL);
  if (end < 0 || frame.length < end + 3) return undefined;
  const name = Buffer.from(topic, "utf8");
  return Buffer.concat([name, frame.subarray(end)]);
}

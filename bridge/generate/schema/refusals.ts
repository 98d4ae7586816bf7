// SPDX-License-Identifier: MIT
// The error for what a schema cannot hold, with the place in the header.
import { BridgeError } from "../../model/errors.ts";
import type { CMember, CRecord } from "../types/ctypes.ts";

/** What to do about it. */
export const MESSAGES_HOLD = "a message holds numbers, enums, characters, and structs and fixed arrays of these";

/** Makes the `type_unsupported` error for a struct, or for one of its members; `what` continues the sentence. */
export function unsupported(record: CRecord, member: CMember | undefined, what: string): BridgeError {
  const place = member?.position ?? record.position;
  const where = place === undefined ? "" : ` (${place.file}:${String(place.line)})`;
  const owner = record.spelling ?? record.name ?? `an unnamed ${record.keyword}`;
  const subject = member === undefined ? owner : `${owner}: member "${member.name ?? "(unnamed)"}"`;
  return new BridgeError("type_unsupported", `${subject}${where} ${what}`);
}

// SPDX-License-Identifier: MIT
// One sample, published by the name of its channel.
import type { Json, RequestBody } from "../../session/messages.ts";
import { base64, jsonText } from "./json-text.ts";
import { bytesOf, type PublishOptions } from "./publisher.ts";

export interface PublishOnceOptions extends PublishOptions {
  /** Of bytes (default `application/octet-stream`). A value that is bytes is published as bytes, any other one as JSON. */
  readonly contentType?: string | undefined;
}

/** The request that publishes a value. Throws `bad_value`. */
export function publishRequest(
  channel: string,
  value: unknown,
  { time, contentType = "application/octet-stream" }: PublishOnceOptions,
): RequestBody {
  const when = time === undefined ? {} : { time };
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
    return { op: "publish", channel, bytes: base64(bytesOf(value)), contentType, ...when };
  }
  return { op: "publish", channel, value: JSON.parse(jsonText(value)) as Json, ...when };
}

// SPDX-License-Identifier: MIT
// What the gateway's clients can know of what there is: topics with their encodings, in the form of the router's configuration.
import type { Directory } from "../../session/messages.ts";

/** How a channel's payloads are written: as pickles, as JSON text, or as the bytes that they are. */
export type TopicEncoding = "pickle" | "json" | null;

/** A stream or channel that says of itself only how it is written. */
interface PlainTopic {
  readonly encoding: TopicEncoding | "unspecified";
}

interface PeriodicTopic extends PlainTopic {
  readonly return_type: string | null;
  readonly frequency_hz: number;
  readonly enabled: boolean;
}

/** The router's configuration. Its checks allow nothing else. */
export interface RouterConfiguration {
  readonly manual_streams: Readonly<Record<string, PlainTopic>>;
  readonly zmq_streams: Readonly<Record<string, PlainTopic>>;
  readonly periodic_streams: Readonly<Record<string, PeriodicTopic>>;
}

/** What of the directory is asked here. */
export type Listing = Pick<Directory, "channels" | "services" | "streams">;

/** All streams, and the channels that belong to none as streams that a program sends by itself. `encoding` says how a channel of this kind goes out. */
export function configurationOf(
  { channels, streams }: Listing,
  encoding: (channel: string, kind: "json" | "bytes") => TopicEncoding,
): RouterConfiguration {
  const manual = new Map<string, PlainTopic>();
  const relayed = new Map<string, PlainTopic>();
  const periodic = new Map<string, PeriodicTopic>();
  const streamed = new Set(streams.map(({ channel }) => channel));
  for (const { channel, kind } of channels) {
    if (!streamed.has(channel))
      manual.set(channel, { encoding: encoding(channel, kind === "bytes" ? "bytes" : "json") });
  }
  for (const { stream, channel, type, hz, enabled, encoding: written } of streams) {
    const topic = { encoding: encoding(channel, written === "json" ? "json" : "bytes") };
    if (type === "manual") manual.set(stream, topic);
    else if (type === "relay") relayed.set(stream, { encoding: "unspecified" });
    else periodic.set(stream, { ...topic, return_type: null, frequency_hz: hz ?? 0, enabled });
  }
  return {
    manual_streams: Object.fromEntries(manual),
    zmq_streams: Object.fromEntries(relayed),
    periodic_streams: Object.fromEntries(periodic),
  };
}

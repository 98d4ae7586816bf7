// SPDX-License-Identifier: MIT
// The numbers of the driver protocol (docs/driver-protocol.md), the same as in native/core/record.h.

/** Types of the control records, by name. */
export const RECORD = {
  hello: 16,
  attach: 17,
  advertise: 18,
  withdraw: 19,
  parameter: 20,
  service: 21,
  value: 22,
  refuse: 23,
  reply: 24,
  log: 25,
  ping: 26,
  pong: 27,
  counters: 28,
  end: 29,
  subscribe: 30,
  unsubscribe: 31,
  set: 32,
  call: 33,
  cancel: 34,
  stream: 36,
  streamEnd: 37,
  ready: 38,
} as const;

/** The bytes `S T R W`. */
export const MAGIC = 0x57525453;
export const PROTOCOL_MAJOR = 1;
export const PROTOCOL_MINOR = 2;

/** From here on a driver says by READY that it has told all that it has. */
export const MINOR_READY = 2;

export const MAX_HELLO_BYTES = 4_194_304;
export const MAX_CONTROL_BYTES = 2_097_152;
export const MAX_STREAMS = 4096;
export const MAX_PARAMETERS = 1024;
export const MAX_SERVICES = 1024;
export const MAX_SUBSCRIPTIONS = 64;
export const MAX_PENDING = 256;
export const MAX_FEED_BYTES = 2_097_152;

/** A hello must have come within this, a link be silent for less than this, and a ping go out every so often. */
export const HELLO_MS = 5000;
export const SILENCE_MS = 10_000;
export const PING_MS = 1000;

// SPDX-License-Identifier: MIT
// Types of the records that travel between bridge and client beside batches and gaps (docs/client-protocol.md).

/** Those that the driver link has too have its numbers. */
export const LINK_RECORD = {
  stamp: 3,
  value: 22,
  reply: 24,
  set: 32,
  call: 33,
  cancel: 34,
  ack: 35,
} as const;

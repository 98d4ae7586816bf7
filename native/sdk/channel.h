/* SPDX-License-Identifier: MIT
 *
 * A channel: its ring, and one lane for each bridge.
 */
#ifndef STRUCTWIRE_SDK_CHANNEL_H
#define STRUCTWIRE_SDK_CHANNEL_H

#include "outbox.h"
#include "ring.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <structwire/structwire.h>

/* A message from any thread to the I/O side: a channel comes, or goes. Two of them live in each channel. */
typedef struct sw_change {
  struct sw_change *next;
  sw_channel *channel;
  bool withdrawn;
} sw_change;

struct sw_channel {
  sw_ring ring;
  sw_driver *driver;
  const sw_type *type; /* NULL: JSON or bytes */
  char *name;          /* begins with `/` when it is a whole one, of a shared channel */
  char *content_type;  /* of bytes, else NULL */
  uint32_t kind;       /* SW_KIND_… */
  uint32_t max_payload_bytes;
  void *ring_memory;
  size_t ring_bytes;
  uint32_t stream;
  bool governed;    /* a parameter names it: the struct stays until the driver ends */
  atomic_bool gone; /* sw_withdraw was called */
  _Atomic uint64_t link_dropped;
  sw_channel *next_named; /* of the driver's names; under its lock */
  sw_change advertised, withdrawn;

  /* The I/O side's. */
  sw_channel *next;
  uint64_t settled; /* everything before this sequence went to the bridges or was dropped by the ring */
  sw_lane lanes[];  /* max_bridges of them, by the slot of the link */
};

/* What the I/O side does when a channel comes, and when it goes. */
void sw_channel_enter(sw_channel *channel);
void sw_channel_leave(sw_channel *channel);

/* Whether something was published, or dropped by the ring, that bridges do not know yet. The I/O side. */
static inline bool sw_channel_has_news(const sw_channel *channel) {
  return sw_ring_next(&channel->ring) > channel->settled;
}

/* Takes what the ring holds to every bridge that has the channel. The I/O side. Returns the samples taken. */
uint32_t sw_channel_drain(sw_channel *channel);

/* Frees one that nothing refers to any more. */
void sw_channel_free(sw_channel *channel);

#endif

/* SPDX-License-Identifier: MIT
 *
 * A bridge's view of one stream: every sequence comes or is told as lost, once and in its place.
 */
#ifndef TEST_FOLLOWER_H
#define TEST_FOLLOWER_H

#include "bridge.h"
#include "messages.h"
#include "record.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct follower {
  uint32_t stream;
  uint64_t expected; /* next sequence that is neither here nor told as lost */
  uint64_t got, lost;
  uint64_t lost_by[SW_GAP_DISCONNECTED + 1]; /* by the reason of the gap */
  const bool *ring_dropped; /* where given: which sequences the ring dropped, all others it took */
  bool behind_gap;          /* what came last was a gap */
  uint64_t epoch;
  int64_t time;
  bool withdrawn;
} follower;

/* A sample that says its number in every field, with noise where its pad is. */
struct sample sample_of(uint64_t number);

/* Of the next stream that is advertised. */
follower follow(bridge *b);

/* Holds a record against what is known, if it is of this stream. */
void follower_take(follower *f, const uint8_t *record);

/* Takes the next record; false at the end of the stream. */
bool take_next(follower *f, bridge *b);

/* Takes records until everything before `expected` is here or told as lost. */
void take_until(follower *f, bridge *b, uint64_t expected);

#endif

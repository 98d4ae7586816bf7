/* SPDX-License-Identifier: MIT
 *
 * The newest value of something, from one thread to one other: three buffers, so that neither ever waits and
 * the reader never sees half of one. What is not taken in time is replaced.
 */
#ifndef STRUCTWIRE_CORE_LATEST_H
#define STRUCTWIRE_CORE_LATEST_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define SW_LATEST_FRESH 4u

typedef struct sw_latest {
  void *buffers[3];
  uint32_t back;           /* the writer's */
  uint32_t front;          /* the reader's */
  _Atomic uint32_t middle; /* the one between, with SW_LATEST_FRESH when it was not taken yet */
} sw_latest;

/* The buffers are the caller's, of one size, and outlive it. */
static inline void sw_latest_init(sw_latest *latest, void *a, void *b, void *c) {
  latest->buffers[0] = a;
  latest->buffers[1] = b;
  latest->buffers[2] = c;
  latest->back = 0;
  latest->front = 2;
  atomic_init(&latest->middle, 1u);
}

/* The writer: the buffer to fill before sw_latest_publish. */
static inline void *sw_latest_back(const sw_latest *latest) {
  return latest->buffers[latest->back];
}

/* The writer. */
static inline void sw_latest_publish(sw_latest *latest) {
  const uint32_t was =
      atomic_exchange_explicit(&latest->middle, latest->back | SW_LATEST_FRESH, memory_order_acq_rel);
  latest->back = was & 3u;
}

/* The reader: the newest buffer, valid until the next take; NULL when there is none newer. */
static inline const void *sw_latest_take(sw_latest *latest) {
  if ((atomic_load_explicit(&latest->middle, memory_order_relaxed) & SW_LATEST_FRESH) == 0)
    return NULL;
  const uint32_t was = atomic_exchange_explicit(&latest->middle, latest->front, memory_order_acq_rel);
  latest->front = was & 3u;
  return latest->buffers[latest->front];
}

#endif

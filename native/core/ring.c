/* SPDX-License-Identifier: MIT
 *
 * The ring's two sides. Indices run freely modulo 2^32; the capacity is a power of two.
 */
#include "ring.h"
#include "record.h"

#include <string.h>

size_t sw_ring_bytes(uint32_t capacity, uint32_t size) {
  return sw_pad8((size_t)capacity * size) + (size_t)capacity * 16u;
}

void sw_ring_init(sw_ring *ring, void *memory, uint32_t capacity, uint32_t size) {
  uint8_t *at = memory;
  ring->times = at;
  ring->sequences = (uint64_t *)memory + capacity;
  ring->structs = at + (size_t)capacity * 16u;
  ring->mask = capacity - 1u;
  ring->size = size;
  ring->tail_seen = 0;
  atomic_init(&ring->head, 0u);
  atomic_init(&ring->next, 0u);
  atomic_init(&ring->dropped, 0u);
  atomic_init(&ring->tail, 0u);
}

bool sw_ring_push(sw_ring *ring, const void *sample, int64_t time_ns, const sw_pad *pads,
                  uint32_t pad_count) {
  const uint32_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
  const uint64_t sequence = atomic_load_explicit(&ring->next, memory_order_relaxed);
  if (head - ring->tail_seen > ring->mask) {
    ring->tail_seen = atomic_load_explicit(&ring->tail, memory_order_acquire);
    if (head - ring->tail_seen > ring->mask) {
      const uint64_t dropped = atomic_load_explicit(&ring->dropped, memory_order_relaxed);
      atomic_store_explicit(&ring->dropped, dropped + 1u, memory_order_relaxed);
      atomic_store_explicit(&ring->next, sequence + 1u, memory_order_release);
      return false;
    }
  }
  const size_t slot = head & ring->mask;
  uint8_t *at = ring->structs + slot * ring->size;
  memcpy(at, sample, ring->size);
  for (uint32_t i = 0; i < pad_count; i++)
    memset(at + pads[i].offset, 0, pads[i].length);
  sw_put64(ring->times + slot * 8u, (uint64_t)time_ns);
  ring->sequences[slot] = sequence;
  atomic_store_explicit(&ring->head, head + 1u, memory_order_release);
  atomic_store_explicit(&ring->next, sequence + 1u, memory_order_release);
  return true;
}

uint32_t sw_ring_waiting(const sw_ring *ring) {
  sw_ring *writable = (sw_ring *)ring; /* C11 has no atomic load from const */
  const uint32_t tail = atomic_load_explicit(&writable->tail, memory_order_relaxed);
  return atomic_load_explicit(&writable->head, memory_order_acquire) - tail;
}

static size_t oldest_slot(const sw_ring *ring) {
  return atomic_load_explicit(&((sw_ring *)ring)->tail, memory_order_relaxed) & ring->mask;
}

uint32_t sw_ring_run(const sw_ring *ring, uint32_t waiting, uint64_t *first) {
  const size_t slot = oldest_slot(ring);
  *first = ring->sequences[slot];
  if (waiting < 2)
    return waiting;
  /* Sequences only rise, so n samples are consecutive exactly when the last is n - 1 beyond the first: halve.
   */
  uint32_t good = 1;
  uint32_t bad = waiting + 1;
  uint32_t probe = waiting;
  while (bad - good > 1) {
    if (ring->sequences[(slot + probe - 1u) & ring->mask] - *first == probe - 1u)
      good = probe;
    else
      bad = probe;
    probe = good + (bad - good) / 2u;
  }
  return good;
}

void sw_ring_copy(const sw_ring *ring, uint32_t count, uint8_t *times, uint8_t *structs) {
  const size_t slot = oldest_slot(ring);
  const size_t capacity = (size_t)ring->mask + 1u;
  const size_t before_end = capacity - slot < count ? capacity - slot : count;
  const size_t after = count - before_end;
  memcpy(times, ring->times + slot * 8u, before_end * 8u);
  memcpy(times + before_end * 8u, ring->times, after * 8u);
  memcpy(structs, ring->structs + slot * ring->size, before_end * ring->size);
  memcpy(structs + before_end * ring->size, ring->structs, after * ring->size);
}

void sw_ring_release(sw_ring *ring, uint32_t count) {
  const uint32_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
  atomic_store_explicit(&ring->tail, tail + count, memory_order_release);
}

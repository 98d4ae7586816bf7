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

size_t sw_ring_payload_memory(uint32_t capacity, uint32_t room) {
  return (size_t)capacity * 20u + room;
}

static void init(sw_ring *ring, void *memory, uint32_t capacity) {
  memset(ring, 0, sizeof *ring);
  ring->times = memory;
  ring->sequences = (uint64_t *)memory + capacity;
  ring->mask = capacity - 1u;
  atomic_init(&ring->head, 0u);
  atomic_init(&ring->bytes_head, 0u);
  atomic_init(&ring->next, 0u);
  atomic_init(&ring->dropped, 0u);
  atomic_init(&ring->tail, 0u);
  atomic_init(&ring->bytes_tail, 0u);
}

void sw_ring_init(sw_ring *ring, void *memory, uint32_t capacity, uint32_t size) {
  init(ring, memory, capacity);
  ring->structs = (uint8_t *)memory + (size_t)capacity * 16u;
  ring->size = size;
}

void sw_ring_init_payloads(sw_ring *ring, void *memory, uint32_t capacity, uint32_t room) {
  init(ring, memory, capacity);
  ring->lengths = (uint32_t *)memory + (size_t)capacity * 4u;
  ring->structs = (uint8_t *)memory + (size_t)capacity * 20u;
  ring->room = room;
}

/* ---- The producer ---- */

static bool has_room(const sw_ring *ring, uint32_t head, uint64_t bytes_head, uint32_t bytes) {
  return head - ring->tail_seen <= ring->mask && bytes_head + bytes - ring->bytes_tail_seen <= ring->room;
}

/* Whether there is room for a sample with so many bytes of payload; if not, it is dropped and counted. */
static bool claim(sw_ring *ring, uint32_t head, uint64_t sequence, uint64_t bytes_head, uint32_t bytes) {
  if (has_room(ring, head, bytes_head, bytes))
    return true;
  ring->tail_seen = atomic_load_explicit(&ring->tail, memory_order_acquire);
  ring->bytes_tail_seen = atomic_load_explicit(&ring->bytes_tail, memory_order_acquire);
  if (has_room(ring, head, bytes_head, bytes))
    return true;
  const uint64_t dropped = atomic_load_explicit(&ring->dropped, memory_order_relaxed);
  atomic_store_explicit(&ring->dropped, dropped + 1u, memory_order_relaxed);
  atomic_store_explicit(&ring->next, sequence + 1u, memory_order_release);
  return false;
}

static void finish(sw_ring *ring, uint32_t head, uint64_t sequence, int64_t time_ns) {
  const size_t slot = head & ring->mask;
  sw_put64(ring->times + slot * 8u, (uint64_t)time_ns);
  ring->sequences[slot] = sequence;
  atomic_store_explicit(&ring->head, head + 1u, memory_order_release);
  atomic_store_explicit(&ring->next, sequence + 1u, memory_order_release);
}

bool sw_ring_push(sw_ring *ring, const void *sample, int64_t time_ns, const sw_pad *pads,
                  uint32_t pad_count) {
  const uint32_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
  const uint64_t sequence = atomic_load_explicit(&ring->next, memory_order_relaxed);
  if (!claim(ring, head, sequence, 0, 0))
    return false;
  uint8_t *at = ring->structs + (size_t)(head & ring->mask) * ring->size;
  memcpy(at, sample, ring->size);
  for (uint32_t i = 0; i < pad_count; i++)
    memset(at + pads[i].offset, 0, pads[i].length);
  finish(ring, head, sequence, time_ns);
  return true;
}

bool sw_ring_push_payload(sw_ring *ring, const void *payload, uint32_t bytes, int64_t time_ns) {
  const uint32_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
  const uint64_t sequence = atomic_load_explicit(&ring->next, memory_order_relaxed);
  const uint64_t bytes_head = atomic_load_explicit(&ring->bytes_head, memory_order_relaxed);
  if (!claim(ring, head, sequence, bytes_head, bytes))
    return false;
  const uint32_t at = (uint32_t)bytes_head & (ring->room - 1u);
  const uint32_t before_end = ring->room - at < bytes ? ring->room - at : bytes;
  if (before_end > 0)
    memcpy(ring->structs + at, payload, before_end);
  if (bytes > before_end)
    memcpy(ring->structs, (const uint8_t *)payload + before_end, bytes - before_end);
  ring->lengths[head & ring->mask] = bytes;
  atomic_store_explicit(&ring->bytes_head, bytes_head + bytes, memory_order_relaxed);
  finish(ring, head, sequence, time_ns);
  return true;
}

/* ---- The consumer ---- */

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

uint64_t sw_ring_waiting_bytes(const sw_ring *ring) {
  sw_ring *writable = (sw_ring *)ring;
  const uint64_t times = (uint64_t)sw_ring_waiting(ring) * (ring->size + 8u);
  const uint64_t tail = atomic_load_explicit(&writable->bytes_tail, memory_order_relaxed);
  return times + (atomic_load_explicit(&writable->bytes_head, memory_order_relaxed) - tail);
}

bool sw_ring_is_filling(const sw_ring *ring) {
  if (sw_ring_waiting(ring) > ring->mask / 4u)
    return true;
  return ring->room > 0 && sw_ring_waiting_bytes(ring) > ring->room / 4u;
}

uint32_t sw_ring_fitting(const sw_ring *ring, uint32_t waiting, uint32_t most_bytes) {
  if (ring->lengths == NULL) {
    const uint32_t fitting = most_bytes / (ring->size + 8u);
    return fitting == 0 ? 1u : fitting < waiting ? fitting : waiting;
  }
  const size_t slot = oldest_slot(ring);
  uint64_t bytes = 0;
  for (uint32_t count = 0; count < waiting; count++) {
    bytes += 12u + (uint64_t)ring->lengths[(slot + count) & ring->mask];
    if (bytes > most_bytes)
      return count > 0 ? count : 1u;
  }
  return waiting;
}

/* Copies a stretch that may go round the end of `size` items of `item` bytes. */
static void copy_round(uint8_t *out, const uint8_t *items, size_t size, size_t item, size_t from,
                       size_t count) {
  const size_t before_end = size - from < count ? size - from : count;
  if (before_end > 0)
    memcpy(out, items + from * item, before_end * item);
  if (count > before_end)
    memcpy(out + before_end * item, items, (count - before_end) * item);
}

void sw_ring_copy(const sw_ring *ring, uint32_t count, uint8_t *times, uint8_t *structs) {
  const size_t slot = oldest_slot(ring);
  const size_t capacity = (size_t)ring->mask + 1u;
  copy_round(times, ring->times, capacity, 8u, slot, count);
  copy_round(structs, ring->structs, capacity, ring->size, slot, count);
}

uint32_t sw_ring_payload_bytes(const sw_ring *ring, uint32_t count) {
  const size_t slot = oldest_slot(ring);
  uint32_t bytes = 0; /* at most the room */
  for (uint32_t i = 0; i < count; i++)
    bytes += ring->lengths[(slot + i) & ring->mask];
  return bytes;
}

void sw_ring_copy_payloads(const sw_ring *ring, uint32_t count, uint8_t *times, uint8_t *lengths,
                           uint8_t *payloads) {
  const size_t slot = oldest_slot(ring);
  copy_round(times, ring->times, (size_t)ring->mask + 1u, 8u, slot, count);
  for (uint32_t i = 0; i < count; i++)
    sw_put32(lengths + (size_t)i * 4u, ring->lengths[(slot + i) & ring->mask]);
  const uint64_t tail = atomic_load_explicit(&((sw_ring *)ring)->bytes_tail, memory_order_relaxed);
  copy_round(payloads, ring->structs, ring->room, 1u, (size_t)(tail & (ring->room - 1u)),
             sw_ring_payload_bytes(ring, count));
}

void sw_ring_release(sw_ring *ring, uint32_t count) {
  const uint32_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
  if (ring->lengths != NULL) {
    const uint64_t bytes_tail = atomic_load_explicit(&ring->bytes_tail, memory_order_relaxed);
    atomic_store_explicit(&ring->bytes_tail, bytes_tail + sw_ring_payload_bytes(ring, count),
                          memory_order_release);
  }
  atomic_store_explicit(&ring->tail, tail + count, memory_order_release);
}

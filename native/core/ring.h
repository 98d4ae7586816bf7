/* SPDX-License-Identifier: MIT
 *
 * The ring between the thread that publishes on a channel and the I/O side: one producer, one consumer,
 * wait-free, in memory that the caller gives. Times, sequences and structs stand in three arrays, so that a
 * run of samples is copied to a batch as it is. Payloads of different lengths stand one behind the other in
 * bytes that go round, with their lengths in a fourth array. Full: the new sample is dropped and counted.
 */
#ifndef STRUCTWIRE_CORE_RING_H
#define STRUCTWIRE_CORE_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <structwire/structwire.h>

typedef struct sw_ring {
  uint8_t *times; /* i64 each, little-endian, as in a batch */
  uint64_t *sequences;
  uint8_t *structs;  /* or the bytes of payloads */
  uint32_t *lengths; /* of payloads; NULL: structs */
  uint32_t mask;     /* capacity - 1 */
  uint32_t size;     /* bytes of one struct; 0: payloads */
  uint32_t room;     /* bytes for payloads, a power of two; 0: structs */

  /* Written by the producer only. */
  _Alignas(64) _Atomic uint32_t head; /* how many were put in, modulo 2^32 */
  uint32_t tail_seen; /* the consumer's tail as last looked at: saves touching its cache line */
  uint64_t bytes_tail_seen;
  _Atomic uint64_t bytes_head; /* how many bytes of payloads were put in */
  _Atomic uint64_t next;       /* sequence of the next sample; raised after head */
  _Atomic uint64_t dropped;

  /* Written by the consumer only. */
  _Alignas(64) _Atomic uint32_t tail;
  _Atomic uint64_t bytes_tail;
} sw_ring;

/* How much memory a ring of `capacity` samples of `size` bytes takes. */
size_t sw_ring_bytes(uint32_t capacity, uint32_t size);

/* `capacity` is a power of two; `memory` is aligned to 8, has sw_ring_bytes and outlives the ring. The first
 * sequence is 0. */
void sw_ring_init(sw_ring *ring, void *memory, uint32_t capacity, uint32_t size);

/* The same for payloads: `capacity` of them, with `room` bytes in all, both powers of two. */
size_t sw_ring_payload_memory(uint32_t capacity, uint32_t room);
void sw_ring_init_payloads(sw_ring *ring, void *memory, uint32_t capacity, uint32_t room);

/* The producer. Copies one struct in with its pads zeroed. False: full, dropped and counted; its sequence is
 * used up all the same. */
bool sw_ring_push(sw_ring *ring, const void *sample, int64_t time_ns, const sw_pad *pads, uint32_t pad_count);

/* The producer of a ring of payloads. Copies one in, as sw_ring_push. */
bool sw_ring_push_payload(sw_ring *ring, const void *payload, uint32_t bytes, int64_t time_ns);

/* The sequence that the next published sample will have. Any thread; everything before it is in the ring, was
 * in it, or was dropped, once the producer's stores are seen, which they are. */
static inline uint64_t sw_ring_next(const sw_ring *ring) {
  return atomic_load_explicit(&((sw_ring *)ring)->next, memory_order_acquire);
}

/* How many were dropped. Any thread. */
static inline uint64_t sw_ring_dropped(const sw_ring *ring) {
  return atomic_load_explicit(&((sw_ring *)ring)->dropped, memory_order_relaxed);
}

/* The consumer. How many samples wait. */
uint32_t sw_ring_waiting(const sw_ring *ring);

/* The consumer. How many bytes wait, times included. */
uint64_t sw_ring_waiting_bytes(const sw_ring *ring);

/* The consumer. Whether more than a quarter of it is used. */
bool sw_ring_is_filling(const sw_ring *ring);

/* The consumer. How many of the oldest `waiting` samples fit into `most_bytes` of a batch behind its header;
 * at least 1 when waiting is. Linear for payloads. */
uint32_t sw_ring_fitting(const sw_ring *ring, uint32_t waiting, uint32_t most_bytes);

/* The consumer. How many of the next `waiting` samples have consecutive sequences, from *first on; at least 1
 * when waiting is. */
uint32_t sw_ring_run(const sw_ring *ring, uint32_t waiting, uint64_t *first);

/* The consumer. Copies the oldest `count` samples out, which stay in the ring: their times, and their
 * structs. */
void sw_ring_copy(const sw_ring *ring, uint32_t count, uint8_t *times, uint8_t *structs);

/* The consumer of a ring of payloads. How many bytes the oldest `count` have together. */
uint32_t sw_ring_payload_bytes(const sw_ring *ring, uint32_t count);

/* The consumer of a ring of payloads. The same as sw_ring_copy, with the lengths as in a batch. */
void sw_ring_copy_payloads(const sw_ring *ring, uint32_t count, uint8_t *times, uint8_t *lengths,
                           uint8_t *payloads);

/* The consumer. Takes the oldest `count` samples out of the ring. */
void sw_ring_release(sw_ring *ring, uint32_t count);

#endif

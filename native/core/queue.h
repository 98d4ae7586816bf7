/* SPDX-License-Identifier: MIT
 *
 * A bounded queue of pointers from one thread to one other: wait-free, no allocation. It carries sets and
 * calls from the I/O side to the program's threads and what became of them back.
 */
#ifndef STRUCTWIRE_CORE_QUEUE_H
#define STRUCTWIRE_CORE_QUEUE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct sw_queue {
  void **slots; /* capacity of them; owned by the caller */
  uint32_t mask;
  _Alignas(64) _Atomic uint32_t head; /* written by the producer only */
  _Alignas(64) _Atomic uint32_t tail; /* written by the consumer only */
} sw_queue;

/* `capacity` is a power of two; `slots` has room for so many and must outlive the queue. */
static inline void sw_queue_init(sw_queue *queue, void **slots, uint32_t capacity) {
  queue->slots = slots;
  queue->mask = capacity - 1u;
  atomic_init(&queue->head, 0u);
  atomic_init(&queue->tail, 0u);
}

/* The producer. False when it is full; what was behind `item` before is seen by the consumer. */
static inline bool sw_queue_push(sw_queue *queue, void *item) {
  const uint32_t head = atomic_load_explicit(&queue->head, memory_order_relaxed);
  const uint32_t tail = atomic_load_explicit(&queue->tail, memory_order_acquire);
  if (head - tail > queue->mask)
    return false;
  queue->slots[head & queue->mask] = item;
  atomic_store_explicit(&queue->head, head + 1u, memory_order_release);
  return true;
}

/* The consumer. NULL when it is empty. */
static inline void *sw_queue_pop(sw_queue *queue) {
  const uint32_t tail = atomic_load_explicit(&queue->tail, memory_order_relaxed);
  const uint32_t head = atomic_load_explicit(&queue->head, memory_order_acquire);
  if (head == tail)
    return NULL;
  void *item = queue->slots[tail & queue->mask];
  atomic_store_explicit(&queue->tail, tail + 1u, memory_order_release);
  return item;
}

/* The consumer. How many wait. */
static inline uint32_t sw_queue_waiting(sw_queue *queue) {
  const uint32_t tail = atomic_load_explicit(&queue->tail, memory_order_relaxed);
  return atomic_load_explicit(&queue->head, memory_order_acquire) - tail;
}

#endif

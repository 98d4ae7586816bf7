/* SPDX-License-Identifier: MIT
 *
 * The ring, the queue and the newest value between two threads, and the fifo of one: nothing is lost but what
 * is counted, nothing is torn, nothing changes its order.
 */
#include "check.h"
#include "fifo.h"
#include "latest.h"
#include "messages.h"
#include "queue.h"
#include "record.h"
#include "ring.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>

static void *ring_memory(sw_ring *ring, uint32_t capacity, uint32_t size) {
  void *memory = aligned_alloc(64, (sw_ring_bytes(capacity, size) + 63) / 64 * 64);
  CHECK(memory != NULL);
  sw_ring_init(ring, memory, capacity, size);
  return memory;
}

static bool push(sw_ring *ring, uint64_t number) {
  struct sample sample;
  memset(&sample, 0xff, sizeof sample);
  sample.value = (double)number;
  sample.number = (uint32_t)number;
  sample.tag = number * 3;
  return sw_ring_push(ring, &sample, (int64_t)number * 1000, sample_type.pads, sample_type.pad_count);
}

static void drops_the_newest_when_it_is_full_and_counts(void) {
  sw_ring ring;
  void *memory = ring_memory(&ring, 8, sizeof(struct sample));
  for (uint64_t i = 0; i < 8; i++)
    CHECK(push(&ring, i));
  CHECK(!push(&ring, 8) && !push(&ring, 9));
  CHECK(sw_ring_next(&ring) == 10 && sw_ring_dropped(&ring) == 2 && sw_ring_waiting(&ring) == 8);
  uint64_t first;
  CHECK(sw_ring_run(&ring, 8, &first) == 8 && first == 0);
  sw_ring_release(&ring, 3);
  CHECK(push(&ring, 10) && push(&ring, 11));
  CHECK(sw_ring_waiting(&ring) == 7);
  CHECK(sw_ring_run(&ring, 7, &first) == 5 && first == 3);
  sw_ring_release(&ring, 5);
  CHECK(sw_ring_run(&ring, 2, &first) == 2 && first == 10);
  free(memory);
}

static void finds_every_run_between_drops(void) {
  enum { CAPACITY = 16 };
  for (uint32_t pattern = 0; pattern < 1u << 12; pattern++) {
    sw_ring ring;
    void *memory = ring_memory(&ring, CAPACITY, sizeof(struct sample));
    uint32_t kept = 0;
    for (uint32_t i = 0; i < 12; i++) {
      /* As if sample i had been dropped: its sequence is used up. */
      if ((pattern & 1u << i) == 0) {
        atomic_fetch_add(&ring.next, 1u);
        continue;
      }
      CHECK(push(&ring, i));
      kept++;
    }
    uint32_t expected = 0;
    while (sw_ring_waiting(&ring) > 0) {
      uint64_t first;
      const uint32_t count = sw_ring_run(&ring, sw_ring_waiting(&ring), &first);
      while ((pattern & 1u << expected) == 0)
        expected++;
      CHECK(first == expected);
      for (uint32_t i = 0; i < count; i++, expected++)
        CHECK((pattern & 1u << expected) != 0);
      CHECK(expected == 12 || (pattern & 1u << expected) == 0);
      sw_ring_release(&ring, count);
      kept -= count;
    }
    CHECK(kept == 0);
    free(memory);
  }
}

static void clears_pads_and_copies_round_the_end(void) {
  sw_ring ring;
  void *memory = ring_memory(&ring, 4, sizeof(struct sample));
  for (uint64_t i = 0; i < 4; i++)
    CHECK(push(&ring, i));
  sw_ring_release(&ring, 3);
  for (uint64_t i = 4; i < 7; i++)
    CHECK(push(&ring, i));
  uint8_t times[32];
  struct sample samples[4];
  sw_ring_copy(&ring, 4, times, (uint8_t *)samples);
  for (uint64_t i = 0; i < 4; i++) {
    CHECK(sw_get64(times + 8 * i) == (i + 3) * 1000);
    CHECK(samples[i].number == i + 3 && samples[i].tag == (i + 3) * 3);
    static const uint8_t zeroes[4];
    CHECK(memcmp((const uint8_t *)&samples[i] + 12, zeroes, 4) == 0);
  }
  free(memory);
}

enum { PUBLISHED = 200000 };

static void *publish_all(void *context) {
  sw_ring *ring = context;
  for (uint64_t i = 0; i < PUBLISHED; i++) {
    (void)push(ring, i);
    if (i % 1000 == 0)
      sched_yield();
  }
  return NULL;
}

static void tears_and_loses_nothing_between_threads(void) {
  sw_ring ring;
  void *memory = ring_memory(&ring, 64, sizeof(struct sample));
  pthread_t publisher;
  CHECK(pthread_create(&publisher, NULL, publish_all, &ring) == 0);
  uint64_t expected = 0;
  uint64_t lost = 0;
  uint64_t got = 0;
  for (bool last = false;;) {
    const uint64_t next = sw_ring_next(&ring);
    const uint32_t waiting = sw_ring_waiting(&ring);
    if (waiting == 0) {
      if (last)
        break;
      last = next == PUBLISHED;
      continue;
    }
    uint64_t first;
    const uint32_t count = sw_ring_run(&ring, waiting, &first);
    uint8_t times[64 * 8];
    struct sample samples[64];
    sw_ring_copy(&ring, count, times, (uint8_t *)samples);
    CHECK(first >= expected);
    lost += first - expected;
    for (uint32_t i = 0; i < count; i++) {
      CHECK(samples[i].tag == (first + i) * 3 && samples[i].value == (double)(first + i));
      CHECK(sw_get64(times + 8 * (size_t)i) == (first + i) * 1000);
    }
    sw_ring_release(&ring, count);
    got += count;
    expected = first + count;
  }
  CHECK(pthread_join(publisher, NULL) == 0);
  CHECK(got + sw_ring_dropped(&ring) == PUBLISHED && lost <= sw_ring_dropped(&ring));
  free(memory);
}

static char numbers[PUBLISHED + 1]; /* of which only the addresses count */

static void *push_numbers(void *context) {
  sw_queue *queue = context;
  for (size_t i = 1; i <= PUBLISHED;) {
    if (sw_queue_push(queue, &numbers[i]))
      i++;
    else
      sched_yield();
  }
  return NULL;
}

static void keeps_the_order_of_a_queue(void) {
  void *slots[8];
  sw_queue queue;
  sw_queue_init(&queue, slots, 8);
  pthread_t pusher;
  CHECK(pthread_create(&pusher, NULL, push_numbers, &queue) == 0);
  for (size_t i = 1; i <= PUBLISHED;) {
    const void *item = sw_queue_pop(&queue);
    if (item == NULL) {
      sched_yield();
      continue;
    }
    CHECK(item == &numbers[i]);
    i++;
  }
  CHECK(pthread_join(pusher, NULL) == 0);
  CHECK(sw_queue_pop(&queue) == NULL && sw_queue_waiting(&queue) == 0);
}

static void *write_values(void *context) {
  sw_latest *latest = context;
  for (uint64_t i = 1; i <= PUBLISHED; i++) {
    uint64_t *value = sw_latest_back(latest);
    value[0] = i;
    value[1] = ~i;
    sw_latest_publish(latest);
  }
  return NULL;
}

static void reads_the_newest_value_whole(void) {
  uint64_t values[3][2] = {{0}};
  sw_latest latest;
  sw_latest_init(&latest, values[0], values[1], values[2]);
  CHECK(sw_latest_take(&latest) == NULL);
  pthread_t writer;
  CHECK(pthread_create(&writer, NULL, write_values, &latest) == 0);
  for (uint64_t seen = 0; seen < PUBLISHED;) {
    const uint64_t *value = sw_latest_take(&latest);
    if (value == NULL) {
      sched_yield();
      continue;
    }
    CHECK(value[0] > seen && value[1] == ~value[0]);
    seen = value[0];
  }
  CHECK(pthread_join(writer, NULL) == 0);
  CHECK(sw_latest_take(&latest) == NULL);
}

/* A fifo against a list that knows what should be in it. */
static void gives_out_blocks_that_never_overlap(void) {
  enum { MEMORY = 4096, BLOCKS = 512 };
  _Alignas(16) static uint8_t memory[MEMORY];
  struct block {
    uint8_t *at;
    size_t bytes;
    uint8_t mark;
  } blocks[BLOCKS];
  sw_fifo fifo;
  sw_fifo_init(&fifo, memory, MEMORY);
  uint32_t random = 12345;
  size_t oldest = 0;
  size_t next = 0;
  size_t refused = 0;
  for (uint32_t step = 0; step < 200000; step++) {
    random = random * 1664525u + 1013904223u;
    const size_t bytes = 1 + (random >> 8) % 700;
    uint8_t *at = (random >> 28) < 9 && next - oldest < BLOCKS ? sw_fifo_take(&fifo, bytes) : NULL;
    if (at != NULL) {
      CHECK(at >= memory && at + bytes <= memory + MEMORY && (uintptr_t)at % SW_FIFO_ALIGN == 0);
      memset(at, (int)(step & 0xff), bytes);
      blocks[next++ % BLOCKS] = (struct block){at, bytes, (uint8_t)step};
    } else if (next > oldest) {
      refused++;
      const struct block block = blocks[oldest++ % BLOCKS];
      for (size_t i = 0; i < block.bytes; i++)
        CHECK(block.at[i] == block.mark);
      sw_fifo_release(&fifo, block.bytes);
    }
  }
  CHECK(refused > 1000 && next > 1000);
  while (oldest < next)
    sw_fifo_release(&fifo, blocks[oldest++ % BLOCKS].bytes);
  CHECK(sw_fifo_take(&fifo, MEMORY) == memory);
  CHECK(sw_fifo_take(&fifo, 1) == NULL);
  sw_fifo_release(&fifo, MEMORY);
  CHECK(sw_fifo_take(&fifo, MEMORY + 1) == NULL);
}

static uint32_t payload_bytes(uint64_t number) {
  return (uint32_t)(number * 29u % 97u);
}

static bool push_payload(sw_ring *ring, uint64_t number) {
  uint8_t payload[97];
  memset(payload, (int)(number & 0xffu), sizeof payload);
  return sw_ring_push_payload(ring, payload, payload_bytes(number), (int64_t)number * 1000);
}

static void *publish_all_payloads(void *context) {
  for (uint64_t i = 0; i < PUBLISHED; i++) {
    (void)push_payload(context, i);
    if (i % 100 == 0)
      sched_yield();
  }
  return NULL;
}

/* Takes what fits into `most_bytes`; returns how many samples. */
static uint64_t take_payloads(sw_ring *ring, uint32_t most_bytes, uint64_t *expected) {
  uint8_t times[64 * 8];
  uint8_t lengths[64 * 4];
  uint8_t payloads[1024];
  uint64_t first;
  const uint32_t waiting = sw_ring_waiting(ring);
  if (waiting == 0)
    return 0;
  const uint32_t count = sw_ring_run(ring, sw_ring_fitting(ring, waiting, most_bytes), &first);
  CHECK(count > 0 && count <= waiting && first >= *expected);
  const uint32_t bytes = sw_ring_payload_bytes(ring, count);
  CHECK(bytes <= sizeof payloads && (count == 1 || bytes + 12 * count <= most_bytes));
  sw_ring_copy_payloads(ring, count, times, lengths, payloads);
  const uint8_t *at = payloads;
  for (uint32_t i = 0; i < count; i++) {
    const uint64_t number = first + i;
    CHECK(sw_get64(times + (size_t)8 * i) == number * 1000 &&
          sw_get32(lengths + (size_t)4 * i) == payload_bytes(number));
    for (uint32_t j = 0; j < payload_bytes(number); j++)
      CHECK(*at++ == (number & 0xffu));
  }
  sw_ring_release(ring, count);
  *expected = first + count;
  return count;
}

static void payloads_of_all_lengths_go_round_between_threads(void) {
  sw_ring ring;
  void *memory = aligned_alloc(64, (sw_ring_payload_memory(64, 1024) + 63) / 64 * 64);
  CHECK(memory != NULL);
  sw_ring_init_payloads(&ring, memory, 64, 1024);
  /* Full by bytes before it is by number. */
  uint64_t kept = 0;
  while (push_payload(&ring, kept))
    kept++;
  CHECK(kept > 10 && kept < 64 && sw_ring_is_filling(&ring));
  uint64_t expected = 0;
  while (take_payloads(&ring, 300, &expected) > 0)
    ;
  CHECK(expected == kept && sw_ring_waiting_bytes(&ring) == 0);
  sw_ring_init_payloads(&ring, memory, 64, 1024);
  expected = 0;
  uint64_t got = 0;
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, publish_all_payloads, &ring) == 0);
  while (sw_ring_next(&ring) < PUBLISHED || sw_ring_waiting(&ring) > 0) {
    got += take_payloads(&ring, 300, &expected);
  }
  CHECK(pthread_join(thread, NULL) == 0);
  CHECK(got > 0 && got + sw_ring_dropped(&ring) == PUBLISHED);
  free(memory);
}

int main(void) {
  drops_the_newest_when_it_is_full_and_counts();
  finds_every_run_between_drops();
  clears_pads_and_copies_round_the_end();
  tears_and_loses_nothing_between_threads();
  keeps_the_order_of_a_queue();
  reads_the_newest_value_whole();
  gives_out_blocks_that_never_overlap();
  payloads_of_all_lengths_go_round_between_threads();
  return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * Blocks in a list, batches among them in a fifo. A message to the kernel is planned (gaps are filled in
 * front of the blocks that need them), sent, and then as much of the plan is made true as the kernel took.
 */
#include "outbox.h"
#include "control.h"
#include "platform.h"
#include "record.h"
#include "stream.h"

#include <stdlib.h>
#include <string.h>

enum {
  MAX_PIECES = 64,
  MAX_MESSAGE_BYTES = 1 << 20,
  URGENT_START_BYTES = 4096,
  URGENT_KEEP_BYTES = 1 << 17,
  GAPS_BYTES = 2 * SW_GAP_BYTES /* one for each place where samples are lost: the ring, and here */
};

typedef enum block_kind { CONTROL, DECLARATION, SHARED, BATCH, WITHDRAW } block_kind;

struct sw_block {
  sw_block *next, *previous;
  sw_block *next_batch;
  sw_lane *lane; /* of a batch, a withdrawal and a last gap, else NULL */
  uint64_t first;
  uint64_t end; /* the sequence after the last of it */
  const uint8_t *record;
  size_t bytes;
  size_t planned; /* bytes with the gaps in front, in the message being planned */
  block_kind kind;
  _Alignas(8) uint8_t room[]; /* with a lane: room for gaps, then the record; else the record */
};

bool sw_outbox_init(sw_outbox *out, uint64_t epoch, size_t fifo_bytes) {
  memset(out, 0, sizeof *out);
  out->epoch = epoch;
  void *memory = sw_platform_map(fifo_bytes);
  if (memory == NULL)
    return false;
  out->fifo_bytes = fifo_bytes;
  sw_fifo_init(&out->batches, memory, fifo_bytes);
  return true;
}

static void append_block(sw_outbox *out, sw_block *block) {
  block->next = NULL;
  block->next_batch = NULL;
  block->previous = out->newest;
  if (out->newest != NULL)
    out->newest->next = block;
  else
    out->oldest = block;
  out->newest = block;
  if (block->kind == BATCH) {
    if (out->newest_batch != NULL)
      out->newest_batch->next_batch = block;
    else
      out->oldest_batch = block;
    out->newest_batch = block;
  } else {
    out->control_bytes += block->bytes;
    if (block->kind != CONTROL && block->kind != WITHDRAW) {
      out->declaring++;
      out->declaring_bytes += block->bytes;
    }
  }
}

static void unlink_block(sw_outbox *out, sw_block *block) {
  if (block == out->oldest)
    out->oldest = block->next;
  else
    block->previous->next = block->next;
  if (block == out->newest)
    out->newest = block->previous;
  else
    block->next->previous = block->previous;
  if (block->kind == BATCH) {
    /* Batches leave oldest first, sent or dropped. */
    out->oldest_batch = block->next_batch;
    if (out->oldest_batch == NULL)
      out->newest_batch = NULL;
  } else {
    out->control_bytes -= block->bytes;
    if (block->kind != CONTROL && block->kind != WITHDRAW) {
      out->declaring--;
      out->declaring_bytes -= block->bytes;
    }
  }
}

size_t sw_outbox_batch_room(size_t record_bytes) {
  return sizeof(sw_block) + GAPS_BYTES + record_bytes;
}

static void free_block(sw_outbox *out, sw_block *block) {
  if (block->kind == WITHDRAW)
    block->lane->open = false;
  if (block->kind == BATCH)
    sw_fifo_release(&out->batches, sw_outbox_batch_room(block->bytes));
  else
    free(block);
}

void sw_outbox_discard(sw_outbox *out) {
  while (out->oldest != NULL) {
    sw_block *block = out->oldest;
    unlink_block(out, block);
    free_block(out, block);
  }
}

void sw_outbox_fini(sw_outbox *out) {
  sw_outbox_discard(out);
  free(out->urgent);
  free(out->partial_memory);
  sw_platform_unmap(out->batches.memory, out->fifo_bytes);
  memset(out, 0, sizeof *out);
}

static sw_block *heap_block(size_t room, block_kind kind) {
  sw_block *block = malloc(sizeof *block + room);
  if (block == NULL)
    return NULL;
  memset(block, 0, sizeof *block);
  block->kind = kind;
  block->record = block->room;
  return block;
}

static uint8_t *append_record(sw_outbox *out, size_t bytes, block_kind kind) {
  sw_block *block = heap_block(bytes, kind);
  if (block == NULL)
    return NULL;
  block->bytes = bytes;
  append_block(out, block);
  return block->room;
}

uint8_t *sw_outbox_control(sw_outbox *out, size_t bytes) {
  return append_record(out, bytes, CONTROL);
}

uint8_t *sw_outbox_declaration(sw_outbox *out, size_t bytes) {
  return append_record(out, bytes, DECLARATION);
}

bool sw_outbox_shared(sw_outbox *out, const uint8_t *record, size_t bytes) {
  sw_block *block = heap_block(0, SHARED);
  if (block == NULL)
    return false;
  block->record = record;
  block->bytes = bytes;
  append_block(out, block);
  return true;
}

static void count_dropped(sw_outbox *out, sw_lane *lane, uint64_t first, uint64_t count) {
  if (lane->lost == 0)
    lane->ring_first = first > lane->expected;
  lane->lost += count;
  lane->dropped += count;
  (void)atomic_fetch_add_explicit(lane->dropped_total, count, memory_order_relaxed);
  out->gaps_open = true;
}

uint8_t *sw_outbox_batch(sw_outbox *out, sw_lane *lane, uint64_t first, uint32_t count, size_t bytes) {
  sw_block *block = sw_fifo_take(&out->batches, sw_outbox_batch_room(bytes));
  while (block == NULL && out->oldest_batch != NULL) {
    sw_block *dropped = out->oldest_batch;
    count_dropped(out, dropped->lane, dropped->first, dropped->end - dropped->first);
    unlink_block(out, dropped);
    free_block(out, dropped);
    block = sw_fifo_take(&out->batches, sw_outbox_batch_room(bytes));
  }
  if (block == NULL) {
    count_dropped(out, lane, first, count);
    return NULL;
  }
  memset(block, 0, sizeof *block);
  block->kind = BATCH;
  block->lane = lane;
  block->first = first;
  block->end = first + count;
  block->record = block->room + GAPS_BYTES;
  block->bytes = bytes;
  append_block(out, block);
  return block->room + GAPS_BYTES;
}

bool sw_outbox_withdraw(sw_outbox *out, sw_lane *lane, uint64_t end) {
  sw_block *block = heap_block(GAPS_BYTES + SW_WITHDRAW_BYTES, WITHDRAW);
  if (block == NULL)
    return false;
  block->lane = lane;
  block->first = end;
  block->end = end;
  block->record = block->room + GAPS_BYTES;
  block->bytes = sw_write_withdraw(block->room + GAPS_BYTES, lane->stream);
  append_block(out, block);
  return true;
}

bool sw_outbox_last_gap(sw_outbox *out, sw_lane *lane, uint64_t settled) {
  if (lane->expected >= settled)
    return true;
  sw_block *block = heap_block(GAPS_BYTES, CONTROL);
  if (block == NULL)
    return false;
  block->lane = lane;
  block->first = settled;
  block->end = settled;
  block->record = block->room + GAPS_BYTES; /* of no bytes: the gaps in front are all there is */
  append_block(out, block);
  return true;
}

static size_t write_gap(const sw_outbox *out, const sw_lane *lane, uint32_t reason, uint64_t from,
                        uint64_t count, uint8_t *at) {
  if (count == 0)
    return 0;
  const sw_gap gap = {.stream = lane->stream,
                      .reason = reason,
                      .epoch = out->epoch,
                      .from = from,
                      .to = from + count - 1u,
                      .count = count};
  sw_gap_write(at, &gap);
  return SW_GAP_BYTES;
}

/* Writes the gaps that `lane` has before sequence `next`, at most GAPS_BYTES; returns their bytes. What the
 * ring dropped between batches that were then dropped here is told together, so that what is kept of losses
 * does not grow with them. */
static size_t write_gaps(const sw_outbox *out, const sw_lane *lane, uint64_t expected, uint64_t next,
                         uint8_t *at) {
  /* Only the oldest batches are dropped, so what was dropped here is before the lane's first block of a
   * message. */
  const uint64_t here = lane->plan != out->plan ? lane->lost : 0u;
  const uint64_t ring = next - expected - here;
  if (lane->ring_first) {
    const size_t bytes = write_gap(out, lane, SW_GAP_RING_FULL, expected, ring, at);
    return bytes + write_gap(out, lane, SW_GAP_LINK_FULL, expected + ring, here, at + bytes);
  }
  const size_t bytes = write_gap(out, lane, SW_GAP_LINK_FULL, expected, here, at);
  return bytes + write_gap(out, lane, SW_GAP_RING_FULL, expected + here, ring, at + bytes);
}

bool sw_outbox_gap(sw_outbox *out, sw_lane *lane, uint64_t settled) {
  if (lane->expected >= settled)
    return true;
  uint8_t gaps[GAPS_BYTES];
  const size_t bytes = write_gaps(out, lane, lane->expected, settled, gaps);
  uint8_t *at = sw_outbox_control(out, bytes);
  if (at == NULL)
    return false;
  memcpy(at, gaps, bytes);
  lane->expected = settled;
  lane->lost = 0;
  return true;
}

uint8_t *sw_outbox_urgent(sw_outbox *out, size_t bytes) {
  if (out->urgent_room - out->urgent_used < bytes && out->urgent_sent > 0) {
    out->urgent_used -= out->urgent_sent;
    memmove(out->urgent, out->urgent + out->urgent_sent, out->urgent_used);
    out->urgent_sent = 0;
  }
  if (out->urgent_room - out->urgent_used < bytes) {
    size_t room = out->urgent_room > 0 ? out->urgent_room : URGENT_START_BYTES;
    while (room - out->urgent_used < bytes)
      room *= 2u;
    uint8_t *larger = realloc(out->urgent, room);
    if (larger == NULL)
      return NULL;
    out->urgent = larger;
    out->urgent_room = room;
  }
  uint8_t *at = out->urgent + out->urgent_used;
  out->urgent_used += bytes;
  return at;
}

size_t sw_outbox_urgent_waiting(const sw_outbox *out) {
  return out->urgent_used - out->urgent_sent;
}

typedef struct message {
  struct iovec pieces[MAX_PIECES];
  size_t count;
  size_t bytes;
  size_t urgent;   /* bytes of urgent records in it */
  uint32_t blocks; /* how many, from the oldest on */
} message;

static void add_piece(message *m, const void *at, size_t bytes) {
  if (bytes == 0)
    return;
  m->pieces[m->count].iov_base = (void *)at; /* sendmsg does not write there */
  m->pieces[m->count].iov_len = bytes;
  m->count++;
  m->bytes += bytes;
}

static void plan_block(sw_outbox *out, sw_block *block, message *m) {
  sw_lane *lane = block->lane;
  size_t gap_bytes = 0;
  if (lane != NULL) {
    const uint64_t expected = lane->plan == out->plan ? lane->planned : lane->expected;
    uint8_t gaps[GAPS_BYTES];
    gap_bytes = write_gaps(out, lane, expected, block->first, gaps);
    memcpy(block->room + GAPS_BYTES - gap_bytes, gaps, gap_bytes);
    lane->planned = block->end;
    lane->plan = out->plan;
  }
  block->planned = gap_bytes + block->bytes;
  add_piece(m, block->record - gap_bytes, block->planned);
  m->blocks++;
}

static void plan_message(sw_outbox *out, message *m) {
  m->count = 0;
  m->bytes = 0;
  m->urgent = 0;
  m->blocks = 0;
  out->plan++;
  add_piece(m, out->partial, out->partial_bytes);
  if (out->declaring == 0) {
    m->urgent = sw_outbox_urgent_waiting(out);
    if (m->urgent > 0) /* else there may be no memory to point into */
      add_piece(m, out->urgent + out->urgent_sent, m->urgent);
  }
  for (sw_block *block = out->oldest; block != NULL; block = block->next) {
    if (m->count == MAX_PIECES || m->bytes >= MAX_MESSAGE_BYTES)
      break;
    plan_block(out, block, m);
  }
}

/* The kernel has the first `given` bytes of the oldest block: keeps the rest out of the way of drops. */
static bool keep_rest(sw_outbox *out, sw_block *block, size_t given) {
  const uint8_t *begin = block->record - (block->planned - block->bytes);
  out->partial_bytes = block->planned - given;
  if (block->kind == BATCH) {
    uint8_t *copy = malloc(out->partial_bytes);
    if (copy == NULL)
      return false;
    memcpy(copy, begin + given, out->partial_bytes);
    out->partial = copy;
    out->partial_memory = copy;
  } else {
    out->partial = begin + given;
    out->partial_memory = block;
  }
  return true;
}

/* Makes the plan true for the oldest block, of which the kernel has at least the beginning. */
static void settle_block(sw_outbox *out, sw_block *block) {
  if (block->lane != NULL) {
    block->lane->expected = block->end;
    if (block->planned > block->bytes)
      block->lane->lost = 0;
  }
  unlink_block(out, block);
}

/* All of it was sent: begins at the start again, and gives back what a burst of answers took. */
static void forget_urgent(sw_outbox *out) {
  out->urgent_sent = 0;
  out->urgent_used = 0;
  if (out->urgent_room > URGENT_KEEP_BYTES) {
    free(out->urgent);
    out->urgent = NULL;
    out->urgent_room = 0;
  }
}

static bool settle_message(sw_outbox *out, const message *m, size_t sent) {
  size_t left = sent;
  const size_t partial = left < out->partial_bytes ? left : out->partial_bytes;
  left -= partial;
  if (partial > 0) /* without a rest there is no pointer to move */
    out->partial += partial;
  out->partial_bytes -= partial;
  if (out->partial_bytes > 0)
    return true;
  free(out->partial_memory);
  out->partial_memory = NULL;
  out->partial = NULL;

  const size_t urgent = left < m->urgent ? left : m->urgent;
  left -= urgent;
  out->urgent_sent += urgent;
  if (out->urgent_sent == out->urgent_used)
    forget_urgent(out);
  for (uint32_t i = 0; i < m->blocks && left > 0; i++) {
    sw_block *block = out->oldest;
    const size_t given = left < block->planned ? left : block->planned;
    left -= given;
    const bool whole = given == block->planned;
    if (!whole && !keep_rest(out, block, given))
      return false;
    settle_block(out, block);
    if (block->kind == WITHDRAW)
      block->lane->open = false;
    if (whole || block->kind == BATCH)
      free_block(out, block);
  }
  return true;
}

sw_flush sw_outbox_flush(sw_outbox *out, int fd, size_t *sent) {
  for (;;) {
    message m;
    plan_message(out, &m);
    if (m.bytes == 0)
      return SW_FLUSH_EMPTY;
    const ssize_t given = sw_stream_send(fd, m.pieces, m.count);
    if (given < 0)
      return SW_FLUSH_GONE;
    if (given == 0)
      return SW_FLUSH_BLOCKED;
    *sent += (size_t)given;
    if (!settle_message(out, &m, (size_t)given))
      return SW_FLUSH_GONE;
    if ((size_t)given < m.bytes)
      return SW_FLUSH_BLOCKED;
  }
}

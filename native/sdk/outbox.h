/* SPDX-License-Identifier: MIT
 *
 * What waits to be sent to one bridge. Two lines: records in their order (batches in a bounded fifo, control
 * records between them), and urgent ones (answers) that go before everything not yet given to the kernel,
 * never into the middle of a record. When the fifo is full the oldest batches are dropped; what this
 * leaves is told in front of what follows, which is known only at the moment of sending: one gap for what
 * the ring lost, one for what was dropped here. The I/O side only.
 */
#ifndef STRUCTWIRE_SDK_OUTBOX_H
#define STRUCTWIRE_SDK_OUTBOX_H

#include "fifo.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One channel as one bridge sees it. */
typedef struct sw_lane {
  bool open;       /* advertised to the bridge and not yet withdrawn */
  bool ring_first; /* with `lost`: the ring had dropped samples before the first of them */
  uint32_t stream;
  uint64_t lost;     /* samples of batches that were dropped here since the bridge was last told */
  uint64_t expected; /* everything before this sequence was sent, or told as lost */
  uint64_t planned;  /* the same, if message number `plan` arrives whole */
  uint64_t plan;
  uint64_t dropped;                /* samples dropped here */
  _Atomic uint64_t *dropped_total; /* of the channel, over all bridges */
} sw_lane;

typedef struct sw_block sw_block;

typedef struct sw_outbox {
  uint64_t epoch; /* of gaps */
  sw_fifo batches;
  size_t fifo_bytes;
  sw_block *oldest, *newest;             /* all blocks, in order */
  sw_block *oldest_batch, *newest_batch; /* those in the fifo */
  uint32_t declaring;                    /* blocks that urgent records must not overtake */
  size_t control_bytes;                  /* waiting in control blocks */
  size_t declaring_bytes;                /* of them in blocks that urgent records must not overtake */
  uint64_t plan;
  bool gaps_open; /* losses may be untold when everything was sent */

  uint8_t *urgent;
  size_t urgent_used, urgent_sent, urgent_room;

  const uint8_t *partial; /* rest of a record whose beginning the kernel has */
  size_t partial_bytes;
  void *partial_memory; /* to be freed with it, or NULL */
} sw_outbox;

typedef enum sw_flush { SW_FLUSH_EMPTY, SW_FLUSH_BLOCKED, SW_FLUSH_GONE } sw_flush;

/* Takes `fifo_bytes` for batches from the platform. False: no memory. */
bool sw_outbox_init(sw_outbox *out, uint64_t epoch, size_t fifo_bytes);
void sw_outbox_fini(sw_outbox *out);

/* Appends a control record of `bytes`, to be written by the caller at once. NULL: no memory. */
uint8_t *sw_outbox_control(sw_outbox *out, size_t bytes);

/* The same for a record that no urgent one may overtake. */
uint8_t *sw_outbox_declaration(sw_outbox *out, size_t bytes);

/* The same for a record that lives elsewhere, at least as long as the outbox. */
bool sw_outbox_shared(sw_outbox *out, const uint8_t *record, size_t bytes);

/* Appends a batch record of `bytes` with the samples first … first + count - 1, to be written by the caller
 * at once. Drops older batches to make room. NULL: it does not fit at all and is itself dropped. */
uint8_t *sw_outbox_batch(sw_outbox *out, sw_lane *lane, uint64_t first, uint32_t count, size_t bytes);

/* How much of the fifo a batch record of `bytes` takes. */
size_t sw_outbox_batch_room(size_t bytes);

/* Appends the withdrawal of a lane that ended before sequence `end`, and closes the lane when it was sent. */
bool sw_outbox_withdraw(sw_outbox *out, sw_lane *lane, uint64_t end);

/* Appends gaps for what `lane` will not have been sent or told of before `settled`, when its place is
 * reached.
 */
bool sw_outbox_last_gap(sw_outbox *out, sw_lane *lane, uint64_t settled);

/* Appends gaps when `lane` was told less than everything before `settled`. Only when nothing else waits. */
bool sw_outbox_gap(sw_outbox *out, sw_lane *lane, uint64_t settled);

/* Appends an urgent record, to be written by the caller at once. NULL: no memory. */
uint8_t *sw_outbox_urgent(sw_outbox *out, size_t bytes);

/* How many bytes of urgent records wait. */
size_t sw_outbox_urgent_waiting(const sw_outbox *out);

/* Forgets what waits, except the rest of a record that the kernel has begun to send. */
void sw_outbox_discard(sw_outbox *out);

/* Gives the kernel what it takes. *sent grows by the bytes. */
sw_flush sw_outbox_flush(sw_outbox *out, int fd, size_t *sent);

#endif

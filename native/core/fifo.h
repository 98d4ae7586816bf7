/* SPDX-License-Identifier: MIT
 *
 * A byte ring that gives out contiguous blocks and takes them back oldest first: where the batches for one
 * bridge wait. One thread; no allocation. When it runs empty it begins at its start again, so that a bridge
 * that reads in time keeps touching the same few cache lines.
 */
#ifndef STRUCTWIRE_CORE_FIFO_H
#define STRUCTWIRE_CORE_FIFO_H

#include <stddef.h>
#include <stdint.h>

#define SW_FIFO_ALIGN 16u

typedef struct sw_fifo {
  uint8_t *memory;
  size_t size;
  size_t head;  /* where the next block goes */
  size_t tail;  /* the oldest block */
  size_t wrap;  /* where the blocks at the upper end stop, once head has gone round */
  size_t count; /* of blocks */
} sw_fifo;

/* `memory` is aligned to SW_FIFO_ALIGN and outlives the fifo. */
void sw_fifo_init(sw_fifo *fifo, void *memory, size_t size);

/* A block of `bytes`, aligned to SW_FIFO_ALIGN; NULL when there is no room in one piece. */
void *sw_fifo_take(sw_fifo *fifo, size_t bytes);

/* Gives back the oldest block, which was taken with `bytes`. */
void sw_fifo_release(sw_fifo *fifo, size_t bytes);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Blocks go upwards from tail to head; when one does not fit below the end, head begins again at 0 and `wrap`
 * says where the blocks at the upper end stop.
 */
#include "fifo.h"

#include <stdbool.h>

static size_t rounded(size_t bytes) {
  return (bytes + SW_FIFO_ALIGN - 1u) & ~(size_t)(SW_FIFO_ALIGN - 1u);
}

void sw_fifo_init(sw_fifo *fifo, void *memory, size_t size) {
  fifo->memory = memory;
  fifo->size = size & ~(size_t)(SW_FIFO_ALIGN - 1u);
  fifo->head = 0;
  fifo->tail = 0;
  fifo->wrap = 0;
  fifo->count = 0;
}

void *sw_fifo_take(sw_fifo *fifo, size_t bytes) {
  const size_t need = rounded(bytes);
  if (bytes > fifo->size || need == 0)
    return NULL;
  if (fifo->count == 0) {
    fifo->head = 0;
    fifo->tail = 0;
  }
  const bool gone_round = fifo->count > 0 && fifo->head <= fifo->tail;
  const size_t end = gone_round ? fifo->tail : fifo->size;
  if (end - fifo->head < need) {
    if (gone_round || fifo->tail < need)
      return NULL;
    fifo->wrap = fifo->head;
    fifo->head = 0;
  }
  void *block = fifo->memory + fifo->head;
  fifo->head += need;
  fifo->count++;
  return block;
}

void sw_fifo_release(sw_fifo *fifo, size_t bytes) {
  const bool gone_round = fifo->head <= fifo->tail;
  fifo->tail += rounded(bytes);
  fifo->count--;
  if (gone_round && fifo->tail == fifo->wrap)
    fifo->tail = 0;
}

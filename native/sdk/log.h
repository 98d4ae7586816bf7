/* SPDX-License-Identifier: MIT
 *
 * The last lines that the driver logged, kept for bridges that come later. Locking must be supplied by the
 * caller.
 */
#ifndef STRUCTWIRE_SDK_LOG_H
#define STRUCTWIRE_SDK_LOG_H

#include "record.h"

#include <stdbool.h>
#include <stdint.h>
#include <structwire/structwire.h>

#define SW_LOG_LINES 256u

typedef struct sw_log_line {
  int64_t time;
  sw_level level;
  uint32_t bytes;
  char text[SW_MAX_LOG_BYTES];
} sw_log_line;

typedef struct sw_log_ring {
  sw_log_line *lines; /* SW_LOG_LINES of them */
  uint64_t head;      /* number of the next line; the lines head - SW_LOG_LINES … head - 1 are kept */
} sw_log_ring;

bool sw_log_init(sw_log_ring *ring);
void sw_log_fini(sw_log_ring *ring);

/* The kept line with the lowest number that is at least *number, which is set to it; NULL when there is none.
 */
const sw_log_line *sw_log_line_at(const sw_log_ring *ring, uint64_t *number);

#endif

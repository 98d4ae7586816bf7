/* SPDX-License-Identifier: MIT
 *
 * Lines are formatted by the thread that logs, outside the lock; the I/O side finds them at its next turn.
 */
#include "log.h"
#include "driver.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool sw_log_init(sw_log_ring *ring) {
  ring->head = 0;
  ring->lines = calloc(SW_LOG_LINES, sizeof *ring->lines);
  return ring->lines != NULL;
}

void sw_log_fini(sw_log_ring *ring) {
  free(ring->lines);
  ring->lines = NULL;
}

const sw_log_line *sw_log_line_at(const sw_log_ring *ring, uint64_t *number) {
  const uint64_t oldest = ring->head > SW_LOG_LINES ? ring->head - SW_LOG_LINES : 0;
  if (*number < oldest)
    *number = oldest;
  return *number < ring->head ? &ring->lines[*number % SW_LOG_LINES] : NULL;
}

/* A cut must not leave half a character of UTF-8 behind. */
static size_t whole_characters(const char *text, size_t bytes) {
  size_t end = bytes;
  while (end > 0 && bytes - end < 4 && ((unsigned char)text[end - 1u] & 0xc0u) == 0x80u)
    end--;
  if (end == 0)
    return bytes;
  const unsigned char lead = (unsigned char)text[end - 1u];
  const size_t wanted = lead >= 0xf0u ? 4u : lead >= 0xe0u ? 3u : lead >= 0xc0u ? 2u : 1u;
  return bytes - (end - 1u) < wanted ? end - 1u : bytes;
}

void sw_log(sw_driver *driver, sw_level level, const char *format, ...) {
  char text[SW_MAX_LOG_BYTES + 1u];
  va_list arguments;
  va_start(arguments, format);
  const int wanted = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (wanted < 0)
    return;
  const bool cut = (size_t)wanted > SW_MAX_LOG_BYTES;
  const size_t bytes = cut ? whole_characters(text, SW_MAX_LOG_BYTES) : (size_t)wanted;
  const int64_t time = sw_now(driver);

  sw_lock_take(&driver->lock);
  sw_log_line *line = &driver->log.lines[driver->log.head % SW_LOG_LINES];
  line->time = time;
  line->level = level < SW_DEBUG ? SW_DEBUG : level > SW_ERROR ? SW_ERROR : level;
  line->bytes = (uint32_t)bytes;
  memcpy(line->text, text, bytes);
  driver->log.head++;
  atomic_store(&driver->logged, driver->log.head);
  sw_lock_give(&driver->lock);
}

/* SPDX-License-Identifier: MIT
 *
 * Texts for the parser tests, in memory of exactly their size, so that a read beyond the end is found by
 * ASan.
 */
#ifndef TEST_HOST_TEXT_H
#define TEST_HOST_TEXT_H

#include <stdlib.h>
#include <string.h>

#include "host/scan.h"

/* The first `length` bytes of a text; given back with drop_text. */
static inline struct scan exact_text(const char *text, size_t length) {
  char *bytes = malloc(length + 1); /* malloc(0) may be NULL */
  if (bytes == NULL)
    abort();
  /* The text stands at the end of its memory. */
  memcpy(bytes + 1, text, length);
  return (struct scan){bytes + 1, bytes + 1 + length};
}

static inline void drop_text(struct scan text) {
  free((char *)text.at - 1);
}

#endif

/* SPDX-License-Identifier: MIT
 *
 * A whole file of /proc as text.
 */
#ifndef HOST_TEXT_H
#define HOST_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* No file of /proc that is read here is larger on any machine seen; a larger one is refused. */
#define TEXT_MAX_BYTES (4u << 20)

/* Zero-initialise; keeps its memory from one reading to the next. */
struct text {
  char *bytes;
  size_t length;
  size_t capacity;
};

/* Reads the file from its beginning to its end, however few bytes the kernel gives at once. Allocates.
 * Returns false, with an empty text and errno, when it cannot be read (it vanished, say). */
bool text_read(struct text *text, const char *path);

void text_fini(struct text *text);

#endif

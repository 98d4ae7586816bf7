/* SPDX-License-Identifier: MIT
 *
 * Reads files whose size is not known before.
 */
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static bool grow(struct text *text) {
  size_t capacity = text->capacity == 0 ? 4096 : text->capacity * 2;
  if (capacity > TEXT_MAX_BYTES) {
    errno = EFBIG;
    return false;
  }
  char *bytes = realloc(text->bytes, capacity);
  if (bytes == NULL)
    return false;
  text->bytes = bytes;
  text->capacity = capacity;
  return true;
}

static bool read_all(struct text *text, int fd) {
  for (;;) {
    if (text->length == text->capacity && !grow(text))
      return false;
    ssize_t got = read(fd, text->bytes + text->length, text->capacity - text->length);
    if (got == 0)
      return true;
    if (got > 0)
      text->length += (size_t)got;
    else if (errno != EINTR)
      return false;
  }
}

bool text_read(struct text *text, const char *path) {
  text->length = 0;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return false;
  bool whole = read_all(text, fd);
  int why = errno;
  close(fd);
  errno = why;
  if (!whole)
    text->length = 0;
  return whole;
}

void text_fini(struct text *text) {
  free(text->bytes);
  *text = (struct text){0};
}

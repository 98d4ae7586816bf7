/* SPDX-License-Identifier: MIT
 *
 * The text reader of the /proc files.
 */
#include "scan.h"

#include <string.h>

static bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static const char *skip_blanks(const struct scan *line) {
  const char *at = line->at;
  while (at < line->end && is_blank(*at))
    at++;
  return at;
}

bool scan_line(struct scan *text, struct scan *line) {
  if (text->at == text->end)
    return false;
  const char *stop = memchr(text->at, '\n', (size_t)(text->end - text->at));
  *line = (struct scan){text->at, stop != NULL ? stop : text->end};
  text->at = stop != NULL ? stop + 1 : text->end;
  return true;
}

bool scan_u64(struct scan *line, uint64_t *out) {
  const char *at = skip_blanks(line);
  if (at == line->end || !is_digit(*at))
    return false;
  uint64_t value = 0;
  for (; at < line->end && is_digit(*at); at++) {
    uint64_t digit = (uint64_t)(*at - '0');
    if (value > (UINT64_MAX - digit) / 10)
      return false;
    value = value * 10 + digit;
  }
  line->at = at;
  *out = value;
  return true;
}

bool scan_u32(struct scan *line, uint32_t *out) {
  struct scan rest = *line;
  uint64_t value;
  if (!scan_u64(&rest, &value) || value > UINT32_MAX)
    return false;
  *line = rest;
  *out = (uint32_t)value;
  return true;
}

bool scan_decimal(struct scan *line, double *out) {
  struct scan rest = *line;
  uint64_t whole;
  if (!scan_u64(&rest, &whole))
    return false;
  double digits = 0, scale = 1;
  if (rest.at < rest.end && *rest.at == '.') {
    rest.at++;
    for (; rest.at < rest.end && is_digit(*rest.at); rest.at++) {
      digits = digits * 10 + (*rest.at - '0');
      scale *= 10;
    }
  }
  *line = rest;
  *out = (double)whole + digits / scale;
  return true;
}

bool scan_word(struct scan *line, struct scan *word) {
  const char *at = skip_blanks(line), *stop = at;
  while (stop < line->end && !is_blank(*stop))
    stop++;
  if (stop == at)
    return false;
  *word = (struct scan){at, stop};
  line->at = stop;
  return true;
}

bool scan_text(struct scan *line, const char *text) {
  const char *at = skip_blanks(line);
  size_t length = strlen(text);
  if ((size_t)(line->end - at) < length || memcmp(at, text, length) != 0)
    return false;
  line->at = at + length;
  return true;
}

void scan_copy(struct scan word, char *out, size_t capacity) {
  size_t length = (size_t)(word.end - word.at);
  if (length > capacity - 1)
    length = capacity - 1;
  memset(out, 0, capacity);
  memcpy(out, word.at, length);
}

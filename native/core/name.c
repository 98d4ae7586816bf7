/* SPDX-License-Identifier: MIT
 *
 * Checks names byte by byte; the locale has no say.
 */
#include "name.h"

static bool is_name_byte(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '-';
}

bool sw_name_is_level(const char *text, size_t max_bytes) {
  size_t bytes = 0;
  for (; text[bytes] != '\0'; bytes++) {
    if (bytes == max_bytes || !is_name_byte(text[bytes]))
      return false;
  }
  return bytes > 0;
}

/* `*` or `**` as a whole level: how many bytes, or 0. */
static size_t star_bytes(const char *text) {
  const size_t stars = text[0] != '*' ? 0u : text[1] != '*' ? 1u : 2u;
  return stars > 0 && (text[stars] == '/' || text[stars] == '\0') ? stars : 0u;
}

static bool is_path(const char *text, size_t max_bytes, bool may_have_stars) {
  size_t bytes = 0;
  bool level_begins = true;
  while (text[bytes] != '\0') {
    const size_t stars = may_have_stars && level_begins ? star_bytes(text + bytes) : 0u;
    const bool slash = stars == 0 && text[bytes] == '/';
    if (stars == 0 && (slash ? level_begins : !is_name_byte(text[bytes])))
      return false;
    level_begins = slash;
    bytes += stars > 0 ? stars : 1u;
    if (bytes > max_bytes)
      return false;
  }
  return !level_begins;
}

bool sw_name_is_path(const char *text, size_t max_bytes) {
  return is_path(text, max_bytes, false);
}

bool sw_name_is_pattern(const char *text, size_t max_bytes) {
  return is_path(text, max_bytes, true);
}
